"""The family of a browser: all that a list of one's own visits says about where they are."""

from __future__ import annotations

# Each also names those that it came from, so the younger stand first.
_FAMILIES = (
    ("Firefox", ("Firefox/", "FxiOS/")),
    ("Edge", ("Edg/", "EdgA/", "EdgiOS/")),
    ("Opera", ("OPR/", "OPT/")),
    ("Samsung Internet", ("SamsungBrowser/",)),
    ("Chrome", ("Chrome/", "Chromium/", "CriOS/")),
    ("Safari", ("Safari/",)),
)


def family_of(user_agent: str) -> str:
    """Return the name of a browser's family, without version or device; nothing for any other."""
    return next((name for name, marks in _FAMILIES if any(mark in user_agent for mark in marks)), "")
