"""What an operator may get wrong in the environment, and what they are told: one sentence."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.community.running import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = base64.urlsafe_b64encode(bytes(32)).decode()
COMPLETE = {
    "SECRET_KEY": KEY,
    "OWNERSHIP_KEYS": KEY,
    "SESSION_KEYS": KEY,
    "ADDRESS_KEYS": KEY,
    "DATABASE_URL": "postgres://fernway_web@127.0.0.1:1/fernway",
}


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the project outside the local run, in an environment that knows nothing but this."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("DATABASE_URL", value)
            for value in (
                "foo",
                "host=127.0.0.1 dbname=fernway user=a",
                "localhost:5432",
                "mysql://a:secret@127.0.0.1/fernway",
                "postgres://a:secret@127.0.0.1:port/fernway",
                "postgres://a:secret@127.0.0.1:5432",
                "postgres://127.0.0.1:5432/fernway",
                "postgres://a:secret@[::1/fernway",
            )
        ),
        ("DATABASE_OWNER_URL", "foo:secret"),
        ("LOG_LEVEL", "foo"),
        ("LEAVE_TARGET", "weather.example"),
        ("LEAVE_TARGET", "http://weather.example/"),
        ("LEAVE_TARGET", "https:///"),
        ("LEAVE_TARGET", "https://harbour.example/about/"),
        ("VISITOR_WAITING_CAP", "-1"),
        ("WEB_THREADS", "0"),
        ("QUEUE_WAIT_MINUTES", "soon"),
        ("QUEUE_APART_HOURS", "-1"),
        ("REVIEW_PROMISE_HOURS", "71"),
        ("SESSION_WEEKS", "0"),
    ],
)
def test_a_value_that_makes_no_sense_is_one_sentence(name: str, value: str) -> None:
    done = run("manage.py", "check", **(COMPLETE | {"SITE_URL": "https://harbour.example", name: value}))
    said = done.stderr.strip().splitlines()
    assert done.returncode == 1
    assert len(said) == 1, done.stderr
    assert said[0].startswith(f"{name} ")
    assert "secret" not in said[0]


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL"])
def test_the_web_server_without_a_secret_says_one_sentence_and_ends(missing: str) -> None:
    command = ["-m", "granian", "community.asgi:application", "--interface", "asgi", "--port", str(free_port())]
    done = run(*command, **{name: value for name, value in COMPLETE.items() if name != missing})
    assert done.returncode != 0
    assert done.stderr.count(f"{missing} is not set.") == 1
    assert "Traceback" not in done.stderr + done.stdout
