"""Making the account of somebody who works here."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.actions import create_staff
from accounts.models import Role, User


class Command(BaseCommand):
    """Make a staff account with a second factor and tell its secrets once."""

    help = "Make a staff account with a second factor; its secrets are shown once."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the role."""
        roles = [role.value for role in Role if role != Role.MEMBER]
        parser.add_argument("--role", required=True, choices=roles)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the account."""
        role = Role(options["role"])
        made = secrets_of(*create_staff(role))
        self.stdout.write(f"A new {role.value}. This is shown once, so write it down:\n{made}")


def secrets_of(user: User, password: str, secret: str) -> str:
    """Return what somebody needs for the first sign-in, a line each."""
    return f"  sign-in name   {user.handle}\n  password       {password}\n  second factor  {secret}\n"
