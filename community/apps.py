"""The app that puts everything together."""

from importlib import import_module

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """Settings, pages around the stories, jobs and operator commands."""

    name = "community"

    def ready(self) -> None:
        """Make the jobs known before the app that runs them gets ready."""
        import_module("community.jobs")
