"""The content pack: what the site says about its condition, one folder a language. It imports no app."""

from content.pack import check, load
from content.shapes import (
    ContentWarning,
    Country,
    Example,
    Helpline,
    Option,
    Pack,
    PackError,
    Question,
    Reaction,
    Role,
    Rule,
    Site,
    StandIn,
    Step,
    Template,
    Treatment,
    Tried,
)

__all__ = [
    "ContentWarning",
    "Country",
    "Example",
    "Helpline",
    "Option",
    "Pack",
    "PackError",
    "Question",
    "Reaction",
    "Role",
    "Rule",
    "Site",
    "StandIn",
    "Step",
    "Template",
    "Treatment",
    "Tried",
    "check",
    "load",
]
