from django.urls import path

from rubric_studio import health
from rubric_studio.accounts import views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("enter/<str:secret>", views.enter, name="enter"),
    path("password", views.password, name="password"),
    path("tokens", views.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke", views.token_revoke, name="token-revoke"),
    path("team/<int:pk>", views.team, name="team"),
    path("team/<int:pk>/sign-off", views.team_sign_off, name="team-sign-off"),
    path("team/<int:pk>/members/<int:member>/role", views.member_role, name="member-role"),
    path("team/<int:pk>/members/<int:member>/remove", views.member_remove, name="member-remove"),
    path("team/<int:pk>/members/<int:member>/link", views.member_link, name="member-link"),
    path("healthz", health.healthz, name="healthz"),
]
