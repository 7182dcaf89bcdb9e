"""Small template tags for what an include cannot do: icons, and blocks with a body."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}

NOTICE_ICONS = {
    "info": "info-circle",
    "success": "check-circle",
    "warning": "exclamation-triangle",
    "danger": "exclamation-octagon",
    "error": "exclamation-octagon",
}


@register.simple_tag
def icon(name: str, *, turn: bool = False) -> SafeString:
    """Draw one icon of the sprite, hidden from screen readers; `turn` mirrors it in right-to-left pages."""
    return _drawn(name, turn=turn)


@lru_cache(maxsize=128)
def _drawn(name: str, *, turn: bool) -> SafeString:
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        " icon--turn" if turn else "",
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def notice_icon(kind: str) -> SafeString:
    """Draw the icon that belongs to a kind of notice or to a message's level."""
    return icon(NOTICE_ICONS.get(kind, "info-circle"))


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "", role: str = "") -> SafeString:
    """Frame the block as a notice: info, success, warning or danger; `role` for what appears by itself."""
    return format_html(
        '<div class="notice notice--{}"{}>{}<div class="notice__body">{}{}</div></div>',
        kind,
        format_html(' role="{}"', role) if role else "",
        notice_icon(kind),
        format_html('<p class="notice__title">{}</p>', title) if title else "",
        content,
    )


@register.simple_tag
def linked_data(data: dict[str, Any]) -> SafeString:
    """Write JSON-LD as a block of data, escaped so that nothing in it ends the block."""
    return mark_safe(  # noqa: S308 - every sign that could end the block is escaped
        f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False).translate(ESCAPES)}</script>'
    )


@register.simple_tag
def mark(text: str, label: str = "", number: int = 0) -> SafeString:
    """Mark one passage inside a text, with what it is in words; the block around has class as-written.

    With a number the passage and the entry "noticed-<number>" of the same page can be told by a link.
    """
    if not label:
        return format_html("<mark>{}</mark>", text)
    if not number:
        return format_html('<mark class="signal">{}<span class="signal__label">{}</span></mark>', text, label)
    return format_html(
        '<mark class="signal" id="passage-{}">{}<a class="signal__label" href="#noticed-{}">{}</a></mark>',
        number,
        text,
        number,
        label,
    )


@register.simple_tag
def pieces(run: Iterable[Any]) -> SafeString:
    """Write a run of words piece by piece (text, is_marked, label, number), the marked ones marked."""
    written = (mark(one.text, one.label, one.number) if one.is_marked else one.text for one in run)
    return format_html_join("", "{}", ((one,) for one in written))
