"""Codes that open something by themselves: random, easy to write down, forgiving when typed."""

from __future__ import annotations

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no letter or digit that is read as another
LENGTH, GROUP = 24, 4  # 24 of 31 characters: 118 bits


class BadCode(ValueError):
    """What was typed cannot be a code of ours."""


def new_code() -> str:
    """Return a code of 118 random bits, in groups of four."""
    return in_groups("".join(secrets.choice(ALPHABET) for _number in range(LENGTH)))


def bare_code(typed: str) -> str:
    """Return a typed code without spaces, dashes and case; it need not be one."""
    return "".join(mark for mark in typed.lower() if mark.isalnum())


def normal_code(typed: str) -> str:
    """Return a typed code without spaces, dashes and case; raise BadCode when it cannot be one."""
    bare = "".join(typed.split()).replace("-", "").replace("–", "").lower()
    if len(bare) != LENGTH or not set(bare) <= set(ALPHABET):
        raise BadCode
    return bare


def grouped_code(typed: str) -> str:
    """Return a typed code as it is written down, in groups; raise BadCode when it cannot be one."""
    return in_groups(normal_code(typed))


def in_groups(bare: str) -> str:
    """Return a code as it is written down, in groups of four."""
    return "-".join(bare[start : start + GROUP] for start in range(0, len(bare), GROUP))
