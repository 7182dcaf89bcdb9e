"""The app of who decided what."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Name the app."""

    name = "moderation"
    default_auto_field = "django.db.models.BigAutoField"
