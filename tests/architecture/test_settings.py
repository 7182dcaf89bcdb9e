from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.source import ROOT

KEY = base64.urlsafe_b64encode(bytes(32)).decode()
COMPLETE = {
    "SECRET_KEY": KEY,
    "OWNERSHIP_KEYS": KEY,
    "SESSION_KEYS": KEY,
    "ADDRESS_KEYS": KEY,
    "DATABASE_URL": "postgres://fernway_web@127.0.0.1:1/fernway",
}


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Read the settings in a fresh process, outside the local run."""
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_settings_outside_the_local_run_are_complete_with_four_secrets() -> None:
    done = start(COMPLETE)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", sorted(COMPLETE))
def test_a_missing_secret_is_one_sentence(missing: str) -> None:
    done = start({name: value for name, value in COMPLETE.items() if name != missing})
    said = done.stderr.strip().splitlines()
    assert done.returncode != 0
    assert len(said) == 1
    assert said[0].startswith(f"{missing} is not set.")
    assert "Make one with" in said[0] or "make run" in said[0]


@pytest.mark.parametrize("broken", ["short", "%%%", base64.urlsafe_b64encode(b"too short").decode()])
def test_a_broken_key_is_one_sentence(broken: str) -> None:
    done = start(COMPLETE | {"OWNERSHIP_KEYS": broken})
    said = done.stderr.strip().splitlines()
    assert len(said) == 1
    assert said[0].startswith("OWNERSHIP_KEYS ")


def test_production_cookies_and_headers_are_strict() -> None:
    script = (
        "from community import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SECURE_HSTS_SECONDS >= 31536000, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.DEBUG)"
    )
    said = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **COMPLETE},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout.split()
    assert said == ["__Host-visit", "__Host-form", "True", "True", "True", "True", "False"]


def test_nothing_is_stored_that_should_not_be() -> None:
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert "allauth.usersessions" not in settings.INSTALLED_APPS
    assert settings.MESSAGE_STORAGE.endswith("CookieStorage")
    assert settings.SESSION_SAVE_EVERY_REQUEST is False
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE is True
    assert settings.CSRF_USE_SESSIONS is False
    assert settings.CSRF_COOKIE_AGE is None
    assert settings.DATABASES["default"]["OPTIONS"]["server_side_binding"] is True
    assert not settings.DATABASES["default"].get("ATOMIC_REQUESTS")


def test_the_policy_allows_nothing_from_elsewhere() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["default-src"] == ["'none'"]
    allowed = {source for sources in directives.values() for source in sources}
    assert allowed == {"'none'", "'self'", "data:"}


def test_no_template_holds_style_or_script_of_its_own() -> None:
    bad = re.compile(r"""\sstyle=|<style|javascript:|\son\w+=["']|\|safe|autoescape off|<script(?![^>]*\ssrc=)""")
    found = [
        f"{path.relative_to(ROOT)} {hit}"
        for path in sorted(Path(ROOT / "templates").rglob("*.html"))
        for hit in bad.findall(path.read_text())
    ]
    assert found == []
