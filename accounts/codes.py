"""Codes that open something by themselves: random, easy to write down, forgiving when typed."""

from __future__ import annotations

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no letter or digit that is read as another
LENGTH, GROUP = 24, 4  # 24 of 31 characters: 118 bits


def new_code() -> str:
    """Return a code of 118 random bits, in groups of four."""
    bare = "".join(secrets.choice(ALPHABET) for _number in range(LENGTH))
    return "-".join(bare[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def bare_code(typed: str) -> str:
    """Return a typed code without spaces, dashes and case; it need not be one."""
    return "".join(mark for mark in typed.lower() if mark.isalnum())
