from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "rubric_studio.accounts"
