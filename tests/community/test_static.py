"""What the site serves beside its pages: vendored files as they came, small, and nothing from elsewhere."""

import hashlib
import json
import re
from pathlib import Path

import brotli
import pytest

from community.design import ICONS
from community.templatetags.components import NOTICE_ICONS

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
OWN_CSS = sorted(STATIC.glob("*.css"))
TOKENS = (STATIC / "tokens.css").read_text()
PAGE_BYTES = 20_000
FIRST_VISIT_BYTES = 100_000
# Only on some pages, or in a file that is taken along: the sheet to print, the desks, the twin for right to left, the
# page for builders, the buttons, passkeys.
NOT_ON_A_FIRST_VISIT = {
    "archive.css",
    "passkey.js",
    "card.css",
    "case.css",
    "preview.js",
    "bootstrap.rtl.min.css",
    "design.css",
    "htmx.min.js",
    "signs.js",
}


def sources(*suffixes: str) -> list[Path]:
    return [path for path in sorted(STATIC.rglob("*")) if path.suffix in suffixes]


def palettes() -> list[tuple[str, dict[str, str]]]:
    blocks = re.findall(r"([^{}]+)\{([^{}]*color-scheme:[^{}]*)\}", TOKENS)
    return [(selector.strip(), dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", body))) for selector, body in blocks]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("folder", [STATIC / "vendor", ROOT / "tests" / "vendor"], ids=["site", "tests"])
def test_vendor_manifest_names_every_file_and_its_digest(folder: Path) -> None:
    listed = json.loads((folder / "manifest.json").read_text())["files"]
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.name != "manifest.json"
    }
    assert {entry["file"]: entry["sha256"] for entry in listed} == found
    assert all(entry["name"] and entry["version"] and entry["licence"] for entry in listed)


def test_static_files_name_no_source_map() -> None:
    assert [path.name for path in sources(".css", ".js") if "sourceMappingURL" in path.read_text()] == []


def test_css_asks_no_other_host_for_anything() -> None:
    elsewhere = re.compile(r"""url\(\s*["']?\s*(?:https?:)?//|@import""", re.IGNORECASE)
    assert [path.name for path in sources(".css") if elsewhere.search(path.read_text())] == []


def test_scripts_name_no_other_host() -> None:
    assert [path.name for path in sources(".js") if re.search(r"https?://", path.read_text())] == []


def test_css_uses_logical_properties_only() -> None:
    physical = re.compile(
        r"(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)\b"
        r"|[{;\s](?:left|right|top|bottom|width|height)\s*:(?!\s*[^;{}]*\)\s*(?:\{|and))"
        r"|(?:text-align|float|clear):\s*(?:left|right)"
    )
    found = [f"{path.name}: {hit.group()}" for path in OWN_CSS for hit in physical.finditer(path.read_text())]
    assert found == []


def test_dark_is_the_same_by_system_and_by_choice() -> None:
    light, by_system, by_choice = palettes()
    assert by_system[1] == by_choice[1]
    assert light[1].keys() == by_choice[1].keys()


@pytest.mark.parametrize("scheme", [0, 2], ids=["light", "dark"])
def test_colours_keep_their_contrast(scheme: int) -> None:
    colour = palettes()[scheme][1]
    grounds = ("paper", "sheet", "shade")
    wanted = [("ink", ground, 7.0) for ground in (*grounds, "accent-tint", "warning-tint", "danger-tint", "mark")]
    wanted += [(text, ground, 4.5) for text in ("muted", "accent", "danger", "warning") for ground in grounds]
    wanted += [(text, f"{text}-tint", 4.5) for text in ("accent", "danger", "warning")]
    wanted += [("edge", ground, 3.0) for ground in ("paper", "sheet")]
    wanted += [("on-accent", "accent", 4.5), ("on-accent", "accent-deep", 4.5), ("warning", "mark", 4.5)]
    short = [
        f"{text} on {ground}: {contrast(colour[text], colour[ground]):.2f} < {least}"
        for text, ground, least in wanted
        if contrast(colour[text], colour[ground]) < least
    ]
    assert short == []


def test_every_icon_asked_for_is_in_the_sprite() -> None:
    sprite = re.findall(r'<symbol id="([\w-]+)"', (STATIC / "vendor" / "icons.svg").read_text())
    pages = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    asked = set(re.findall(r"""\{% icon ["']([\w-]+)["']|\bicon=["']([\w-]+)["']""", pages))
    names = {name for pair in asked for name in pair if name} | set(NOTICE_ICONS.values())
    assert names - set(sprite) == set()
    assert tuple(sprite) == ICONS


def test_first_visit_stays_small() -> None:
    files = [path for path in sources(".css", ".js", ".woff2", ".svg") if path.name not in NOT_ON_A_FIRST_VISIT]
    sizes = {path.name: len(brotli.compress(path.read_bytes())) for path in files}
    assert PAGE_BYTES + sum(sizes.values()) < FIRST_VISIT_BYTES, sizes
