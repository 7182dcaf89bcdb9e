"""The app of what members write and readers read."""

from django.apps import AppConfig


class StoriesConfig(AppConfig):
    """Name the app."""

    name = "stories"
    default_auto_field = "django.db.models.BigAutoField"
