"""What every table keeps to, walked over the models themselves."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from tests.architecture.source import ORDER, ROOT, files

# Tables that no act of a member makes: a row of these may know a moment.
WORK = {"moderation.Case", "advice.TrialCopy"}
# Days on which staff worked, the record ended, a week's mails went out to all, or rows were mixed: of no member.
DAYS = {
    "accounts.MailRound.week", "community.Mix.done_on", "community.Mix.rewritten_on", "community.PutBack.copy_of",
    "community.PutBack.done_on", "moderation.Anchor.day", "moderation.Place.day",
}  # fmt: skip
# Rows that have a key of another kind, and why it says nothing: a digest, a name, the text's own id.
OTHER_KEYS = {
    "advice.LabelEnd": "signoff",
    "advice.Trial": "code",
    "advice.TrialCopy": "id",
    "accounts.Edition": "document",
    "accounts.MailRound": "week",
    "accounts.Session": "digest",
    "community.Counter": "name",
    "community.Mix": "name",
    "community.PutBack": "copy_of",
    "moderation.Anchor": "day",
    "moderation.Entry": "number",
    "moderation.Head": "id",
    "moderation.Place": "moderator",
    "moderation.Redaction": "case",
    "moderation.Setting": "code",
    "moderation.Tally": "code",
    "stories.Acceptance": "revision",
    "stories.Appeal": "letter",
    "stories.Figure": "code",
    "stories.KeyCheck": "purpose",
    "stories.Publication": "contribution",
    "stories.SearchEntry": "publication",
    "stories.Suppression": "contribution",
    "stories.Wait": "revision",
}


def ours() -> Iterator[type[models.Model]]:
    for app in ORDER:
        if apps.is_installed(app):
            yield from apps.get_app_config(app).get_models(include_auto_created=True)


def test_keys_are_random() -> None:
    for model in ours():
        key = model._meta.pk
        if model._meta.label in OTHER_KEYS:
            assert key.name == OTHER_KEYS[model._meta.label]
        else:
            assert isinstance(key, models.UUIDField), model._meta.label
            assert key.default is uuid.uuid4, model._meta.label


def test_member_tables_know_no_moment() -> None:
    moments = [
        f"{model._meta.label}.{field.name}"
        for model in ours()
        if model._meta.label not in WORK
        for field in model._meta.get_fields()
        if isinstance(field, models.DateTimeField | models.TimeField)
    ]
    assert moments == []


def test_days_are_months() -> None:
    for model in ours():
        for field in model._meta.get_fields():
            if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
                if str(field) in DAYS or model._meta.app_label == "advice":
                    continue  # what the site itself says has days, and no member wrote it
                assert field.name in {"month", "expires_on", "refreshed_on"}, f"{model._meta.label}.{field.name}"
                if field.name == "month" and model._meta.label not in {"moderation.Decision", "moderation.Entry"}:
                    names = [one.name for one in model._meta.constraints]
                    assert any(name.endswith("_month") for name in names), model._meta.label


def test_no_text_points_to_an_account() -> None:
    for model in ours():
        if model._meta.app_label == "stories":
            for field in model._meta.get_fields():
                assert getattr(field.related_model, "_meta", None) is None or (
                    field.related_model._meta.app_label != "accounts"
                ), f"{model._meta.label}.{field.name}"


def test_no_model_orders_itself() -> None:
    assert [model._meta.label for model in ours() if model._meta.ordering] == []


def test_names_hold_no_words_of_a_person() -> None:
    for model in ours():
        if model._meta.label in {"stories.Figure", "moderation.Setting", "moderation.Tally", "advice.Trial"}:
            continue  # named by its code, which the software makes
        one = model()
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField) and field.name not in {"name", "purpose"}:
                setattr(one, field.attname, "canary")
        assert "canary" not in str(one), model._meta.label


@pytest.mark.django_db
def test_every_migration_is_made() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("app", ORDER[1:])
def test_migrations_are_few_and_named(app: str) -> None:
    folder = ROOT / app / "migrations"
    names = [path.stem for path in folder.glob("0*.py")] if folder.exists() else []
    assert len(names) <= 3
    assert not [name for name in names if "auto" in name]


def listed(text: str) -> set[str]:
    """Return the columns that docs/privacy.md lists: the first cell of each table row, `table.column`."""
    cells = (line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| `"))
    return {cell.strip("`") for cell in cells}


def columns() -> set[str]:
    return {f"{model._meta.db_table}.{field.column}" for model in ours() for field in model._meta.concrete_fields}


def test_every_column_is_explained_in_the_privacy_list() -> None:
    known = listed((ROOT / "docs" / "privacy.md").read_text())
    assert columns() - known == set(), "not listed"
    gone = {name for name in known if name.split(".")[0] in {one.split(".")[0] for one in columns()}} - columns()
    assert gone == set(), "listed, but not there"


def test_a_column_that_is_not_listed_is_found() -> None:
    assert columns() - listed("| `accounts_user.id` | x |") != set()


def test_nothing_lies_outside_the_rooms() -> None:
    allowed = {*ORDER, "templates", "static", "locale", "tests", "benchmarks", "deploy", "docs", "requirements"}
    folders = {path.name for path in Path(ROOT).iterdir() if path.is_dir() and not path.name.startswith((".", "_"))}
    assert folders - allowed == set()


def test_every_module_is_in_the_architecture_page() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    modules = {
        str(path.relative_to(ROOT)) for _, path in files() if path.read_text().strip() and path.stem != "__init__"
    }
    named = set(re.findall(r"^\| `([\w/]+\.py)` \|", page, re.MULTILINE))
    assert modules - named == set()
    assert {name for name in named if not (ROOT / name).exists()} == set()
