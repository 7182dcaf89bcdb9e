"""Break a copy of the content pack."""

from pathlib import Path

from content.pack import FALLBACK


def change(root: Path, name: str, old: str, new: str) -> None:
    """Replace the first such passage in one English file of the pack at ``root``."""
    path = root / FALLBACK / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
