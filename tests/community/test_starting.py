"""What web server and worker say at their start when a key does not fit; they start all the same."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateWorker

from community.children import wait_until
from tests.architecture.source import ROOT
from tests.chromium import answers, free_port, serve, stop, web_environment

SENTENCE = "OWNERSHIP_KEYS does not fit this database"
WRONG = base64.urlsafe_b64encode(b"w" * 32).decode()


def web(said: Any, **environment: str) -> subprocess.Popen[bytes]:
    """Start the web server and wait for a page that only reads."""
    port = free_port()
    process = serve(port, output=said, **environment)
    answers(f"http://127.0.0.1:{port}/stories/")
    return process


def worker(said: Any, **environment: str) -> subprocess.Popen[bytes]:
    """Start the worker and wait for its first sign of life."""
    where = {"cwd": ROOT, "env": web_environment() | environment}
    command = [sys.executable, "manage.py", "work"]
    before = set(ProcrastinateWorker.objects.values_list("pk", flat=True))
    process = subprocess.Popen(command, **where, stdout=said, stderr=said, start_new_session=True)
    assert wait_until(lambda: ProcrastinateWorker.objects.exclude(pk__in=before).exists(), 30)
    return process


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("start", [web, worker])
@pytest.mark.parametrize(("key", "times"), [({}, 0), ({"OWNERSHIP_KEYS": WRONG}, 1)], ids=["right", "wrong"])
def test_a_key_that_does_not_fit_is_said_at_the_start(
    key: dict[str, str], times: int, start: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, key_known: None
) -> None:
    file = tmp_path / "said"
    with file.open("wb") as said:
        process = start(said, **({"LOG_LEVEL": "CRITICAL"} | key))
        runs = process.poll() is None
        stop(process)
    lines = [line for line in file.read_text().splitlines() if SENTENCE in line]
    assert (runs, len(lines)) == (True, times), file.read_text()
    assert all("level=critical" in line for line in lines)
