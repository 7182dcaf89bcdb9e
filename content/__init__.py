"""The content pack: what the site says about its condition, one folder a language. It imports no app."""

from content.pack import check, load
from content.shapes import (
    ContentWarning,
    Country,
    Example,
    Helpline,
    Pack,
    PackError,
    Role,
    Rule,
    Site,
)

__all__ = [
    "ContentWarning",
    "Country",
    "Example",
    "Helpline",
    "Pack",
    "PackError",
    "Role",
    "Rule",
    "Site",
    "check",
    "load",
]
