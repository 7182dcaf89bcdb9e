"""What editors write runs nowhere: Markdown becomes few tags, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advice.markdown import ATTRIBUTES, TAGS, Section, render

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "![x](https://example.org/pixel.png)",
    "<a href='https://example.org' onclick='x()'>x</a>",
    "<javascript:alert(1)>",
    "## <svg/onload=alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "`<b>`",
    "    <script>x</script>",
    "<!-- x --><style>*{}</style>",
    "<iframe src=https://example.org></iframe>",
    '[x](https://example.org/"onmouseover="alert(1))',
    '[^one"><script>x</script>]',
)
TAG = re.compile(r"<\s*/?\s*([a-z0-9]+)((?:\s+[^<>]*)?)>", re.IGNORECASE)


def is_plain(html: str) -> bool:
    """Say whether a text holds no tag, attribute or address but those that articles may have."""
    for name, attributes in TAG.findall(html):
        allowed = ATTRIBUTES.get(name, set())
        for attribute, value in re.findall(r'([a-z-]+)="([^"]*)"', attributes):
            if attribute not in allowed and attribute != "rel":
                return False
            if attribute == "href" and not value.startswith(("/", "#", "https:", "tel:")):
                return False
        if name not in TAGS:
            return False
    return "<" not in TAG.sub("", html)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_comes_through(text: str) -> None:
    assert is_plain(render(text, ["one"]).html)


def test_the_check_would_see_it() -> None:
    assert not is_plain("<script>x</script>")
    assert not is_plain('<a href="javascript:x">x</a>')
    assert not is_plain('<p onclick="x">x</p>')


@given(st.lists(st.sampled_from([*HOSTILE, "## a", "- b", "**c**", "[^one]", "\n\n", " ", "(", "]", "<", "\\", "`"])))
def test_no_mixture_comes_through(parts: list[str]) -> None:
    assert is_plain(render("".join(parts), ["one"]).html)


def test_sections_have_short_anchors() -> None:
    shown = render("## One\n\nx\n\n### Deeper\n\n## *Two*\n\ny")

    assert shown.sections == (Section("p1", "One"), Section("p2", "Two"))
    assert '<h2 id="p2">' in shown.html


def test_sources_are_numbered_in_the_order_in_which_they_are_cited() -> None:
    shown = render("A.[^b] B.[^a] C.[^b] D.[^none]", ["a", "b"])

    assert shown.cited == ("b", "a")
    assert shown.html.count('href="#s1"') == 2
    assert shown.html.count('id="c1"') == 1
    assert "[^none]" in shown.html


def test_links_elsewhere_tell_nothing() -> None:
    html = render("[a](/help-now/) [b](https://example.org/)").html

    assert '<a href="/help-now/">' in html
    assert 'rel="noreferrer noopener external"' in html
