"""What somebody tried, one row a treatment: pure, as a revision holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

OTHER = "other"  # a treatment that the list does not name; only such a row has a name of its own
ROWS_MAX = 30
NAME_MAX = 80
TIP_MAX = 200
# Which list of the content pack holds the choices of a field.
CHOICES = {
    "help": "helpfulness",
    "duration": "durations",
    "supervised": "supervised",
    "ending": "endings",
    "reason": "reasons",
}
UNSEEN = ("duration", "supervised", "ending", "reason")  # for figures only


@dataclass(frozen=True)
class Tried:
    """One row; whatever was left unsaid is empty. ``name`` and ``tip`` are the writer's own words."""

    code: str = ""
    name: str = ""
    help: str = ""
    duration: str = ""
    supervised: str = ""
    ending: str = ""
    reason: str = ""
    tip: str = ""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Tried:
        """Return a stored row."""
        return cls(**row)

    @property
    def row(self) -> dict[str, str]:
        """Return the row as it is stored: its code, and what was said; a draft's code may be empty."""
        said = {name: value for name, value in asdict(self).items() if value}
        return {"code": self.code, **said}

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was chosen or typed."""
        return self == Tried()
