"""Dates are written as each language writes them: nobody spells a format out."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from django.template import Context, Template
from django.utils import translation

ROOT = Path(__file__).parents[2]
FORMATS = {"DATE_FORMAT", "YEAR_MONTH_FORMAT", "H:i", "c", "Y-m-d"}  # the last two are for machines
SPELT = re.compile(r"""\|date:["']([^"']+)["']|\bdate_format\([^"\n]*"([^"]+)"\)""")


def test_no_page_spells_out_a_format() -> None:
    rooms = ("templates", "accounts", "stories", "advice", "moderation", "community")
    files = [path for room in rooms for path in (ROOT / room).rglob("*") if path.suffix in {".html", ".py", ".xml"}]
    found = {"".join(groups) for path in files for groups in SPELT.findall(path.read_text(encoding="utf-8"))}
    assert "DATE_FORMAT" in found
    assert found - FORMATS == set()


def test_spanish_says_of_which_month() -> None:
    shown = Template('{{ day|date:"DATE_FORMAT" }}, {{ day|date:"YEAR_MONTH_FORMAT" }}')
    with translation.override("es"):
        told = shown.render(Context({"day": date(2026, 11, 3)}))
    assert told == "3 de noviembre de 2026, noviembre de 2026"
