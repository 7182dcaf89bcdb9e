from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from community import health, health_ground, postgres
from moderation.actions import tell
from moderation.actions.auditing import publish_head
from stories.models import KeyCheck
from tests import make


@pytest.fixture
def well(db: None, settings: Any) -> None:
    """A site that lacks nothing."""
    settings.SITE_OPERATOR, settings.SITE_CONTACT = "The Quiet Harbour Society", "desk@harbour.example"
    make.moderator()
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_register_worker_v1()")


def as_it_is(monkeypatch: pytest.MonkeyPatch, wanted: dict[str, str]) -> None:
    """Want what this server of the tests has."""
    with connection.cursor() as cursor:
        for name in wanted:
            cursor.execute("SELECT setting FROM pg_settings WHERE name = %s", [name])
            monkeypatch.setitem(wanted, name, cursor.fetchone()[0])


def ask() -> tuple[int, dict[str, str]]:
    """Run the command; return its exit code and what it says of each subject that is not well."""
    out, code = io.StringIO(), 0
    try:
        call_command("doctor", stdout=out)
    except SystemExit as end:
        code = int(str(end.code))
    lines = out.getvalue().splitlines()
    assert all(line.startswith(("ok     ", "WRONG  ")) for line in lines)
    return code, dict(line[7:].split(": ", 1) for line in lines if line.startswith("WRONG"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_NAME", "Vaginismus Together"),
        ("SITE_NAME", "Sin Vajinismo"),
        ("SITE_URL", "https://my-VULVA.example"),
        ("MAIL_FROM", "Post <post@selfdilators.example>"),
    ],
)
def test_a_name_with_a_word_of_the_condition_is_found(well: None, name: str, value: str, settings: Any) -> None:
    assert "Names" not in ask()[1]
    setattr(settings, name, value)
    assert ask()[1]["Names"].startswith(f"Choose another {name}: ")


def test_a_harmless_name_is_not_taken_for_one(well: None, settings: Any) -> None:
    settings.SITE_NAME, settings.SITE_URL = "Quiet Harbour", "https://computers.example"
    settings.MAIL_FROM = "Post <post@computers.example>"
    assert "Names" not in ask()[1]


def test_a_site_that_lacks_nothing_is_well(
    well: None, monkeypatch: pytest.MonkeyPatch, running_site: Any, settings: Any
) -> None:
    settings.SITE_URL = running_site.url
    as_it_is(monkeypatch, health_ground.LOG_SETTINGS)  # a server of somebody's own may log more than ours
    as_it_is(monkeypatch, health_ground.SAFE_WRITES)  # that of the tests is fast, not safe
    monkeypatch.setattr(health_ground, "UNSAFE_COMMITS", frozenset())
    monkeypatch.setattr(health_ground, "is_set", lambda: True)  # whatever sets the clock of who runs this
    assert ask() == (0, {})


def test_a_new_site_lacks_people_and_a_worker(db: None, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    code, wrong = ask()
    assert code == 1
    assert {"Who runs this", "Address", "Worker", "Moderators"} <= set(wrong)
    assert wrong["Who runs this"].endswith("Set SITE_OPERATOR and SITE_CONTACT.")


def test_a_moderator_without_a_second_factor_is_none(db: None) -> None:
    make.moderator(second_factor=False)
    assert "manage.py create_staff --role moderator" in ask()[1]["Moderators"]


def test_a_record_that_was_never_read_is_named(well: None) -> None:
    tell("setting", make.moderator())
    publish_head(today=timezone.now().date())
    assert "Record of decisions" not in ask()[1]
    publish_head(today=timezone.now().date() - timedelta(days=health.DAYS_UNREAD + 1))
    assert "manage.py verify_audit" in ask()[1]["Record of decisions"]


@pytest.mark.parametrize("name", sorted(health_ground.LOG_SETTINGS))
def test_a_server_that_logs_too_much_is_named(well: None, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(health_ground.LOG_SETTINGS, name, "what it is not")
    assert f"{name} = what it is not" in ask()[1]["Log of the database"]


def test_a_log_that_is_quieter_still_is_well(well: None, monkeypatch: pytest.MonkeyPatch) -> None:
    as_it_is(monkeypatch, health_ground.LOG_SETTINGS)
    held = health_ground.LOG_SETTINGS["log_min_messages"]
    monkeypatch.setitem(health_ground.LOG_SETTINGS, "log_min_messages", "louder")
    assert "log_min_messages = louder" in health_ground.log()
    monkeypatch.setitem(health_ground.QUIETER, "log_min_messages", {held})
    assert health_ground.log() == ""


def test_a_server_that_explains_slow_statements_is_named(as_owner: Callable[[str], None]) -> None:
    assert "auto_explain" not in health_ground.log()
    as_owner("SET LOCAL auto_explain.log_min_duration = '-1'")
    assert "auto_explain" not in health_ground.log()
    as_owner("SET LOCAL auto_explain.log_min_duration = '250ms'")
    assert "auto_explain.log_min_duration = -1" in ask()[1]["Log of the database"]


def test_the_list_of_what_to_set_names_every_line() -> None:
    said = (Path(__file__).parents[2] / "docs/operations.md").read_text()
    wanted = [f"{name} = {value}" for name, value in health_ground.LOG_SETTINGS.items()]
    assert [line for line in wanted if f"{line}\n" not in said] == []


def test_the_embedded_server_keeps_no_more_than_is_asked_of_others() -> None:
    held = {name: postgres._SETTINGS.get(name) for name in health_ground.LOG_SETTINGS}
    assert held == health_ground.LOG_SETTINGS


def test_the_owner_of_the_tables_is_named(well: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (web,) = cursor.fetchone()
        cursor.execute("RESET ROLE")
        try:
            said = ask()[1]
        finally:
            cursor.execute(f'SET ROLE "{web}"')
    assert "could be switched off from within" in said["Roles of the database"]
    assert "Roles of the database" not in ask()[1]


@pytest.fixture
def as_owner(well: None) -> Callable[[str], None]:
    """Give a way to run a statement as the owner; it is undone with the test."""

    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(statement)
            cursor.execute(f'SET ROLE "{settings.WEB_ROLE}"')

    return run


@pytest.mark.parametrize(
    "taken",
    [
        "DELETE ON stories_publication",
        "SELECT ON mfa_authenticator",
        "UPDATE ON procrastinate_jobs",
        "USAGE ON SEQUENCE procrastinate_jobs_id_seq",
    ],
)
def test_a_right_that_the_sites_role_lacks_is_named(as_owner: Callable[[str], None], taken: str) -> None:
    as_owner(f'REVOKE {taken} FROM "{settings.WEB_ROLE}"')
    said = ask()[1]["Roles of the database"]
    assert "may not use 1 of the tables" in said
    assert "DATABASE_OWNER_URL" in said


def test_temporary_tables_are_named(as_owner: Callable[[str], None]) -> None:
    database = connection.settings_dict["NAME"]
    as_owner(f'GRANT TEMPORARY ON DATABASE "{database}" TO PUBLIC')
    assert f'REVOKE TEMPORARY ON DATABASE "{database}" FROM PUBLIC' in ask()[1]["Roles of the database"]


def test_who_has_not_thought_of_a_proxy_is_asked(db: None, settings: Any) -> None:
    settings.PROXY_DECIDED = False
    assert "BEHIND_PROXY=1" in ask()[1]["Proxy"]
    settings.PROXY_DECIDED = True
    assert "Proxy" not in ask()[1]


def test_a_wrong_key_is_named(well: None, settings: Any) -> None:
    settings.OWNERSHIP_KEYS = [bytes(32)]
    assert "OWNERSHIP_KEYS does not fit" in ask()[1]["Ownership key"]


def test_a_database_without_a_key_is_told_what_to_do(well: None, settings: Any) -> None:
    settings.OWNERSHIP_KEYS = [b"x" * 32]
    KeyCheck.objects.all().delete()
    assert "manage.py remember_key" in ask()[1]["Ownership key"]
    call_command("remember_key", stdout=io.StringIO())
    assert "Ownership key" not in ask()[1]


def test_a_database_that_is_away_is_one_finding(database_down: None) -> None:
    code, wrong = ask()
    assert code == 1
    assert wrong["Database"].startswith("It does not answer.")
    assert "Migrations" not in wrong


def test_a_migration_that_waits_is_named(well: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'community' AND name = '0003_mixing'")
    assert ask()[1]["Migrations"].endswith("Run: manage.py migrate")


def test_a_journal_of_erasures_that_cannot_be_written_is_named(db: None, settings: Any, tmp_path: Path) -> None:
    settings.ERASURE_JOURNAL = tmp_path / "not" / "there"
    assert "nobody can erase anything" in ask()[1]["Erasures"]
    settings.ERASURE_JOURNAL = tmp_path / "erased"
    assert "Erasures" not in ask()[1]
    assert not settings.ERASURE_JOURNAL.exists()
