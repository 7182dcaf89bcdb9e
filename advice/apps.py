"""What the site itself says."""

from django.apps import AppConfig


class AdviceConfig(AppConfig):
    """Help now, and later the site's own articles."""

    name = "advice"
