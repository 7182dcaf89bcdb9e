"""What a browser without scripts makes of a page: its forms, filled in as the page filled them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

Fields = dict[str, list[str]]


@dataclass
class Form:
    """One form of a page, ready to be posted."""

    action: str
    fields: Fields = field(default_factory=dict)

    def post(self, client: Client, **changes: Any) -> Any:
        """Post it with some fields filled in otherwise; None leaves one out."""
        data = {name: values for name, values in (self.fields | changes).items() if values is not None}
        return client.post(self.action, data)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.area: str | None = None
        self.words = ""
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(known.get("action", ""))
            self.forms.append(self.open)
        elif self.open is not None and tag == "input" and known.get("name"):
            ticked = known.get("type") in {"checkbox", "radio"}
            if not ticked or "checked" in known:
                self.open.fields.setdefault(known["name"], []).append(known.get("value", "on" if ticked else ""))
        elif self.open is not None and tag == "select":
            self.select = known["name"]
        elif self.open is not None and tag == "option" and self.select:
            # A browser sends the first option until another one is chosen.
            if "selected" in known or self.select not in self.open.fields:
                self.open.fields[self.select] = [known.get("value", "")]
        elif self.open is not None and tag == "textarea":
            self.area, self.words = known["name"], ""

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.open is not None and self.area:
            # A browser drops the first line break of a text area.
            self.open.fields.setdefault(self.area, []).append(self.words.removeprefix("\n"))
            self.area = None
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.open = None


def forms(response: Any) -> list[Form]:
    """Return the forms of a page."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.forms


def form(response: Any, ending: str = "") -> Form:
    """Return the one form of a page, or the one whose address ends so."""
    found = [one for one in forms(response) if one.action.endswith(ending)]
    assert len(found) == 1, [one.action for one in forms(response)]
    return found[0]
