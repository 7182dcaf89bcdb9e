"""Inviting somebody to work here, from a shell: the first ones, when nobody can invite them on the site yet."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from accounts.actions import INVITED_DAYS, invite
from accounts.models import Role


class Command(BaseCommand):
    """Make an invitation to a staff account and tell its code once; its password is nobody's but its owner's."""

    help = "Make an invitation to a staff account; its code is shown once."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the role."""
        roles = [role.value for role in Role if role != Role.MEMBER]
        parser.add_argument("--role", required=True, choices=roles)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the invitation."""
        role = Role(options["role"])
        _invitation, code = invite(role)
        self.stdout.write(
            f"An invitation for a new {role.value}. It works once, within {INVITED_DAYS} days, and is shown once:\n"
            f"  open  {settings.SITE_URL}{reverse('moderation:invitation')}\n"
            f"  type  {code}"
        )
