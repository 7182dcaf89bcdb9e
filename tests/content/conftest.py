"""A content pack to break."""

import shutil
from pathlib import Path

import pytest

from content.pack import SHIPPED


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the pack that a test may break."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "pack", ignore=shutil.ignore_patterns("*.py", "__pycache__")))
