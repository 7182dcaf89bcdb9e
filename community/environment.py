"""Values as they come in from the environment: each is read and checked here, or refused in one sentence."""

from __future__ import annotations

import base64
import logging
from typing import Any
from urllib.parse import urlsplit

import environ
import pyrage
from django.core.exceptions import ImproperlyConfigured
from pyrage import x25519

SCHEMES = ("postgres", "postgresql")


def secret(env: environ.Env, name: str, kept: dict[str, str]) -> str:
    """Return a secret from the environment, or in the local run from what the data directory keeps."""
    value = env.str(name, default="") or kept.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Make one with: manage.py make_keys")
    return value


def keys(env: environ.Env, name: str, kept: dict[str, str]) -> list[bytes]:
    """Return a list of 32-byte keys, newest first, from urlsafe base64 separated by commas."""
    try:
        found = [base64.urlsafe_b64decode(part.strip()) for part in secret(env, name, kept).split(",")]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not urlsafe base64.") from error
    if any(len(key) != 32 for key in found):
        raise ImproperlyConfigured(f"{name} must hold keys of exactly 32 bytes, separated by commas.")
    return found


def recipient(env: environ.Env) -> str:
    """Return to whom backups are encrypted: the public half of a pair that ``make_keys --backup`` makes."""
    value = str(env.str("BACKUP_RECIPIENT", default=""))
    try:
        return str(x25519.Recipient.from_str(value)) if value else ""
    except pyrage.RecipientError as error:
        raise ImproperlyConfigured("BACKUP_RECIPIENT is no recipient of backups; it begins with age1.") from error


def number(env: environ.Env, name: str, default: int, *, least: int = 0) -> int:
    """Return a whole number that is not below the least that makes sense."""
    try:
        value = int(env.str(name, default=str(default)))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from error
    if value < least:
        raise ImproperlyConfigured(f"{name} must be {least} or more.")
    return value


def elsewhere(env: environ.Env, name: str, default: str, *, plain: bool) -> str:
    """Return the whole address of a page on another host; ``plain`` takes one without TLS as well."""
    value = str(env.str(name, default="")) or default
    parts, own = urlsplit(value), urlsplit(str(env.str("SITE_URL", default="")))
    if parts.scheme not in ({"https", "http"} if plain else {"https"}) or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must be the whole address of a page, and begin with https://")
    if parts.hostname == own.hostname:
        raise ImproperlyConfigured(f"{name} must be another site than this one.")
    return value


def level(env: environ.Env, name: str, default: str) -> str:
    """Return the name of a level of the log."""
    value = str(env.str(name, default=default)).upper()
    if value not in logging.getLevelNamesMapping():
        raise ImproperlyConfigured(f"{name} must be one of DEBUG, INFO, WARNING, ERROR and CRITICAL.")
    return value


def mail(env: environ.Env) -> dict[str, Any]:
    """Return how Django connects to a mail server, from an address of one; nothing when none is set."""
    if not env.str("MAIL_URL", default=""):
        return {}
    if not env.str("MAIL_FROM", default="") or not env.str("SITE_URL", default=""):
        raise ImproperlyConfigured("MAIL_URL needs MAIL_FROM and SITE_URL beside it.")
    found: dict[str, Any] = env.email_url("MAIL_URL")
    return {
        "host": found["EMAIL_HOST"], "port": found["EMAIL_PORT"] or 25,
        "username": found["EMAIL_HOST_USER"], "password": found["EMAIL_HOST_PASSWORD"],
        "use_tls": found.get("EMAIL_USE_TLS", False), "use_ssl": found.get("EMAIL_USE_SSL", False), "timeout": 10,
    }  # fmt: skip


def database(name: str, url: str) -> dict[str, Any]:
    """Return Django's settings of a database from an address that libpq reads too."""
    try:
        parts = urlsplit(url)
        _ = parts.port
        whole = parts.scheme in SCHEMES and parts.username and parts.path.strip("/")
    except ValueError:
        whole = False
    if not whole:
        # The value is not shown: it may hold a password.
        raise ImproperlyConfigured(
            f"{name} is no address of a PostgreSQL server; write it as postgres://user:password@host:5432/name."
        )
    found: dict[str, Any] = environ.Env.db_url_config(url)
    return found
