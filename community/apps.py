"""The app that puts everything together."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

import content


class CommunityConfig(AppConfig):
    """Settings, pages around the stories, jobs and operator commands."""

    name = "community"

    def ready(self) -> None:
        """Speak from the chosen content pack, and make the jobs known before the app that runs them gets ready."""
        content.use(settings.CONTENT_DIR)
        import_module("community.jobs")
