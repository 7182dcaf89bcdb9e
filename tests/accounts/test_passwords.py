from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation
from pytest_django import Settings

from accounts.models import User
from accounts.passwords import SiteWordsValidator

HANDLE = "quiet-lantern-42"


@pytest.mark.parametrize(
    "password",
    [
        "fernway", "FernWay2024!", "fernwayfernway", "Vaginismus", "vaginismus-1", "dilators99",
        "pelvicfloor",
        "quiet-lantern-42", "QuietLantern42", "my quiet lantern 42 and more",
    ],
)  # fmt: skip
def test_words_of_the_site_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        SiteWordsValidator().validate(password, User(handle=HANDLE))


@pytest.mark.parametrize(
    "password",
    [
        "computer says maybe",
        "two pelicans carry a fernway sign",
        "quiet harbour seventeen",
        "12345678901234",
        "ünïcödé wörds",
    ],
)
def test_other_passwords_are_left_alone(password: str) -> None:
    SiteWordsValidator().validate(password, User(handle=HANDLE))


def test_the_name_in_the_settings_is_refused(settings: Settings) -> None:
    settings.SITE_NAME = "Lindenhof"

    with pytest.raises(ValidationError):
        SiteWordsValidator().validate("lindenhof 7")


def test_without_an_account_only_the_site_is_known() -> None:
    SiteWordsValidator().validate("quiet-lantern-42")


def test_what_is_said_names_neither_subject_nor_rule_number() -> None:
    with pytest.raises(ValidationError) as refused, translation.override(None):
        validate_password("vaginismus", User(handle=HANDLE))

    said = " ".join(refused.value.messages)
    assert "vaginismus" not in said.lower()
    assert "!" not in said
