from __future__ import annotations

import asyncio
import io
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from community.logs import ROOMS, configuration, describe
from stories.models import Revision
from tests import make
from tests.architecture.source import ROOT
from tests.community.broken_urls import PLANTED
from tests.community.conftest import console
from tests.prove.device import Device
from tests.stories.test_leaving import proven


@pytest.fixture
def violation(db: None) -> IntegrityError:
    """What the database says of a row that it refuses, with the row in it."""
    draft = make.draft()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Revision.objects.filter(pk=draft.pk).update(text=PLANTED, role="nobody")
    return caught.value


def test_the_error_itself_quotes_the_row(violation: IntegrityError) -> None:
    assert PLANTED in str(violation)


def test_without_the_filter_the_words_would_be_in_the_log(violation: IntegrityError, log: io.StringIO) -> None:
    handler = console()
    filters, formatter = handler.filters, handler.formatter
    try:
        handler.filters = []
        handler.setFormatter(logging.Formatter())
        logging.getLogger("anything").error("failed", exc_info=violation)
    finally:
        handler.filters = filters
        handler.setFormatter(formatter)
    assert PLANTED in log.getvalue()


def test_a_violation_in_a_page_is_logged_by_name_only(db: None, settings: object, log: io.StringIO) -> None:
    settings.ROOT_URLCONF = "tests.community.broken_urls"
    response = Client(raise_request_exception=False).get("/broken/violates/")
    assert response.status_code == 500
    said = log.getvalue()
    assert PLANTED not in said
    assert 'error="IntegrityError from CheckViolation"' in said
    assert "sqlstate=23514" in said
    assert "constraint=revision_role_known" in said
    assert "tests/community/broken_urls.py:" in said
    assert "route=violates status=500" in said


@pytest.mark.parametrize("name", ["procrastinate.worker", "psycopg.pool", "django.db.backends", "ours"])
def test_no_way_of_logging_an_error_holds_its_words(violation: IntegrityError, log: io.StringIO, name: str) -> None:
    logger = logging.getLogger(name)
    logger.error("it failed: %s", violation)
    logger.error("it failed: %(error)s", {"error": violation})
    logger.error(f"it failed: {violation}")
    logger.error(f"it failed: {violation!r}")
    logger.error("it failed: %s", ZeroDivisionError(PLANTED))
    logger.error("it failed", exc_info=violation)
    logger.error("it failed", extra={"exception": str(violation), "row": PLANTED})
    logger.error("it failed: %s %s", "one")  # noqa: PLE1206 - as other people's code does
    assert PLANTED not in log.getvalue()
    assert log.getvalue().count("it failed") == 8


def test_a_forgotten_task_is_logged_without_its_words(violation: IntegrityError, log: io.StringIO) -> None:
    async def fail() -> None:
        raise violation

    async def forget() -> None:
        asyncio.get_running_loop().call_exception_handler(
            {
                "message": "Task exception was never retrieved",
                "exception": violation,
                "future": repr(violation),
            }
        )

    with ThreadPoolExecutor(1) as pool:  # a browser's driver may run a loop in this thread
        pool.submit(lambda: asyncio.run(forget())).result()
    assert PLANTED not in log.getvalue()
    assert "never retrieved" in log.getvalue()


def test_what_cannot_be_formatted_is_not_printed_with_its_arguments() -> None:
    assert logging.raiseExceptions is False


def test_a_line_stays_one_line(log: io.StringIO) -> None:
    logging.getLogger("ours").error("typed: %s", "one\nlevel=info event=page two")
    assert len(log.getvalue().splitlines()) == 1
    assert "event=page" not in log.getvalue()


def test_a_traceback_has_places_and_no_values() -> None:
    secret = "what somebody typed"
    try:
        int(secret)
    except ValueError as error:
        said = describe(error)
    assert said["error"] == "ValueError"
    assert said["at"].startswith("tests/community/test_logs.py:")
    assert secret not in str(said)


@pytest.mark.django_db
def test_a_sign_in_with_a_passkey_leaves_no_sign_of_whose_it_is(member: User, log: io.StringIO) -> None:
    browser, device, url = proven(member), Device(), "/accounts/2fa/webauthn/add/"
    assert device.add(browser, url, browser.get(url)).status_code == 302
    assert device.sign_in(Client(), "/accounts/2fa/webauthn/login/").status_code == 302
    said = log.getvalue()
    assert said.count("route=mfa_login_webauthn") == 2
    assert device.pk.hex() not in said


@pytest.mark.parametrize(("asked", "others"), [("DEBUG", "WARNING"), ("INFO", "WARNING"), ("ERROR", "ERROR")])
def test_libraries_are_heard_from_a_warning_on(asked: str, others: str) -> None:
    set_up = configuration(asked)
    assert set_up["root"]["level"] == others
    assert {name for name, one in set_up["loggers"].items() if one["level"] == asked} >= set(ROOMS)
    assert set(ROOMS) == {one.parent.name for one in ROOT.glob("*/__init__.py")} - {"benchmarks", "tests"}
