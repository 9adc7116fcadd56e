from django.urls import URLPattern, URLResolver, path

from rubric_studio.grading.views import answers, checks, grade, judges, pins, runs, transfer, tryout

urlpatterns: list[URLPattern | URLResolver] = [
    path("q/<uuid:pk>/answers", answers.answers, name="answers"),
    path("q/<uuid:pk>/answers/add", answers.answer_add, name="answer-add"),
    path("q/<uuid:pk>/answers/upload", answers.answers_upload, name="answers-upload"),
    path("q/<uuid:pk>/answers/trash", answers.answers_trash, name="answers-trash"),
    path("answers/<uuid:pk>", answers.answer, name="answer"),
    path("answers/<uuid:pk>/edit", answers.answer_edit, name="answer-edit"),
    path("answers/<uuid:pk>/delete", answers.answer_delete, name="answer-delete"),
    path("answers/<uuid:pk>/restore", answers.answer_restore, name="answer-restore"),
    path("answers/<uuid:pk>/pin", pins.answer_pin, name="answer-pin"),
    path("criteria/<uuid:pk>/try", tryout.try_out, name="try-out"),
    path("criteria/<uuid:pk>/try/label", tryout.try_label, name="try-label"),
    path("criteria/<uuid:pk>/try/scores", tryout.try_scores, name="try-scores"),
    path("criteria/<uuid:pk>/check", checks.check_preview, name="check-preview"),
    path("q/<uuid:pk>/grade", grade.grade, name="grade"),
    path("q/<uuid:pk>/grade/live", grade.live, name="grade-live"),
    path("q/<uuid:pk>/cell", grade.cell, name="cell"),
    path("q/<uuid:pk>/label", grade.label, name="label"),
    path("q/<uuid:pk>/run", runs.run_start, name="run-start"),
    path("q/<uuid:pk>/run/forecast", runs.run_forecast, name="run-forecast"),
    path("runs/<uuid:pk>/cancel", runs.run_cancel, name="run-cancel"),
    path("runs/<uuid:pk>/resume", runs.run_resume, name="run-resume"),
    path("judges", judges.judges, name="judges"),
    path("team/<int:pk>/judges/add", judges.judge_add, name="judge-add"),
    path("judges/<uuid:pk>/test", judges.judge_test, name="judge-test"),
    path("judges/<uuid:pk>/delete", judges.judge_delete, name="judge-delete"),
    path("c/<slug:slug>/import", transfer.collection_import, name="collection-import"),
    path("c/<slug:slug>/export", transfer.collection_export, name="collection-export"),
    path("c/<slug:slug>/export/file", transfer.collection_download, name="collection-download"),
]
