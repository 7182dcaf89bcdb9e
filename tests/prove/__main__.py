"""Run a module of this folder on the site of the environment: ``python -m tests.prove MODULE WORDS...``."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")
django.setup()
import_module(f"tests.prove.{sys.argv[1]}").main(*sys.argv[2:])
