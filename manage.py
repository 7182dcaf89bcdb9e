#!/usr/bin/env python3
"""The way in for an operator's commands."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from community.local import OperatorError
from community.management.commands import make_keys


def main() -> None:
    """Run one command; what the operator can mend is said in one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")
    try:
        if sys.argv[1:2] == ["make_keys"]:  # the one command that comes before there are settings
            make_keys.Command().run_from_argv(sys.argv)
            return
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperatorError) as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(str(error))


if __name__ == "__main__":
    main()
