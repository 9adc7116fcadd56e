"""Who opened which run was not kept before. So that nothing passes for blind that may not have been,
every member of the team counts as having seen each finished run when it was finished."""

from django.db import migrations

SEEN = """
INSERT INTO grading_runseen (run_id, user_id, seen_at)
SELECT run.id, membership.user_id, run.finished_at
FROM grading_run AS run
JOIN rubrics_question AS question ON question.id = run.question_id
JOIN rubrics_collection AS collection ON collection.id = question.collection_id
JOIN accounts_membership AS membership ON membership.team_id = collection.team_id
WHERE run.finished_at IS NOT NULL AND run.panel_id IS NULL
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ('accounts', '0002_team_requires_sign_off'),
        ('grading', '0011_who_expected_and_saw'),
        ('rubrics', '0004_lint_dismissals'),
    ]

    operations = [
        migrations.RunSQL(SEEN, migrations.RunSQL.noop),
    ]
