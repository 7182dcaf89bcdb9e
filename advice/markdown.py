"""What editors write, as HTML: CommonMark without HTML, and sources that are cited as ``[^key]``.

Nothing an editor can type runs: the parser passes no HTML on, and what it makes is cleaned again by nh3.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

CITATION = re.compile(r"\[\^([a-z0-9-]{1,40})\]")
TAGS = {"h2", "h3", "p", "ul", "ol", "li", "strong", "em", "a", "blockquote", "sup", "br", "hr"}
ATTRIBUTES = {"a": {"href", "class", "rel", "aria-label"}, "h2": {"id"}, "h3": {"id"}, "sup": {"id"}, "ol": {"start"}}
SECTION, SOURCE, BACK = "p", "s", "c"  # what anchors begin with: short, and alike in every language


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the body, and the anchor by which it is reached."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """The body as HTML, its sections, and the keys of sources in the order in which they are cited first."""

    html: SafeString
    sections: tuple[Section, ...]
    cited: tuple[str, ...]


def render(body: str, known: Sequence[str] = ()) -> Rendered:
    """Make HTML of Markdown; a citation of a key that is not ``known`` stays as it was typed.

    What was made is kept for the next reader: the same words in the same language give the same HTML.
    """
    return _rendered(body, tuple(known), get_language() or "")


@lru_cache(maxsize=256)
def _rendered(body: str, known: tuple[str, ...], language: str) -> Rendered:
    del language  # that of the labels inside
    env: EnvType = {"known": frozenset(known), "cited": [], "sections": []}
    html = nh3.clean(
        _parser().render(body, env), tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https", "tel"}, link_rel=None
    )
    return Rendered(mark_safe(html), tuple(env["sections"]), tuple(env["cited"]))  # noqa: S308 - cleaned just now


def cited_keys(text: str) -> list[str]:
    """Return the keys that a text cites, each once, in order."""
    return list(dict.fromkeys(CITATION.findall(text)))


def links_of(body: str) -> list[str]:
    """Return the addresses elsewhere that a text leads to, each once, in order."""
    blocks = _parser().parse(body, {"known": frozenset()})
    opened = (token for block in blocks for token in block.children or () if token.type == "link_open")
    found = (str(token.attrGet("href") or "") for token in opened)
    return list(dict.fromkeys(url for url in found if url.startswith("https://")))


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False})
    parser.disable(["image", "code", "fence", "html_block", "html_inline", "reference", "autolink"])
    parser.inline.ruler.before("link", "citation", _read_citation)
    parser.add_render_rule("citation", _show_citation)
    parser.add_render_rule("heading_open", _open_heading)
    parser.add_render_rule("heading_close", _close_heading)
    parser.add_render_rule("link_open", _open_link)
    return parser


def _read_citation(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser calls it so
    found = CITATION.match(state.src, state.pos)
    if not found or found[1] not in state.env.get("known", ()):
        return False
    if not silent:
        state.push("citation", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _show_citation(
    _renderer: RendererProtocol, tokens: Sequence[Token], place: int, _options: OptionsDict, env: EnvType
) -> str:
    """Show the number of a source; the first mark of each is where its row leads back to."""
    key = tokens[place].content
    first = key not in env["cited"]
    if first:
        env["cited"].append(key)
    number = env["cited"].index(key) + 1
    anchor = f' id="{BACK}{number}"' if first else ""
    label = _("Source %(number)s") % {"number": number}
    return f'<sup{anchor}><a href="#{SOURCE}{number}" aria-label="{label}">{number}</a></sup>'


def _open_heading(
    _renderer: RendererProtocol, tokens: Sequence[Token], place: int, _options: OptionsDict, env: EnvType
) -> str:
    """Open a heading below the page's own; those of the second rank are sections."""
    if tokens[place].tag not in ("h1", "h2"):
        return "<h3>"
    inline = tokens[place + 1]
    title = "".join(token.content for token in inline.children or () if token.type in ("text", "code_inline"))
    anchor = f"{SECTION}{len(env['sections']) + 1}"
    env["sections"].append(Section(anchor, title))
    return f'<h2 id="{anchor}">'


def _close_heading(
    _renderer: RendererProtocol, tokens: Sequence[Token], place: int, _options: OptionsDict, _env: EnvType
) -> str:
    return "</h2>\n" if tokens[place].tag in ("h1", "h2") else "</h3>\n"


def _open_link(
    renderer: RendererProtocol, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType
) -> str:
    """Open a link; one that leads elsewhere tells nothing of where somebody comes from."""
    token = tokens[place]
    if not str(token.attrGet("href") or "").startswith(("/", "#")):
        token.attrSet("rel", "noreferrer noopener external")
    return str(renderer.renderToken(tokens, place, options, env))  # type: ignore[attr-defined]
