"""The ground that tests stand on, loaded before the settings: a local run with a server of its own.

Loaded by ``-p tests.environment`` (pyproject.toml), so that it comes before pytest-django reads the settings.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
READY = "TEST_GROUND"

if READY not in os.environ:
    os.environ[READY] = "1"
    os.environ["LOCAL_RUN"] = "1"
    os.environ["DATA_DIR"] = str(Path(os.environ.get("DATA_DIR", ROOT / ".data")).absolute() / "test")
    os.environ["DATABASE_AS_OWNER"] = "1"
    os.environ["SAMPLE_PERCENT"] = "0"  # nothing is drawn by chance; tests of the sample say so
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser's driver runs an event loop beside the tests


def pytest_configure(config: pytest.Config) -> None:
    """Collect static files and start the embedded server once, in the process that hands out the tests."""
    if hasattr(config, "workerinput") or config.option.help:
        return
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"], cwd=ROOT, check=True
    )
    if os.environ.get("DATABASE_URL"):
        return
    from community.place import place
    from community.postgres import Server

    server = Server(place(Path(os.environ["DATA_DIR"])), durable=False)
    server.start()
    config.add_cleanup(server.stop)
