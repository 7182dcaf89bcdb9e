"""What a look-up finds and what it does not find are the same bytes, but for the token: sizes are seen on the line."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import issue_codes
from accounts.codes import new_code
from stories.models import Outcome
from stories.owners import Owner
from tests import make

TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")\w+')
PRIVATE = ("stories:status", "stories:preview", "stories:withdraw", "stories:appeal", "stories:detail", "stories:react",
           "moderation:report")  # fmt: skip


def told(answer: Any, *typed: str) -> tuple[int, bytes, dict[str, str], list[str]]:
    """Return all that an answer tells, without its token and what was typed."""
    body = TOKEN.sub(rb"\1", answer.content)
    for one in typed:
        body = body.replace(one.encode(), b"typed")
    headers = {name: value for name, value in answer.headers.items() if name != "Location"}
    return answer.status_code, body, headers, sorted(answer.cookies)


@pytest.fixture
def somebodys(db: None) -> dict[str, uuid.UUID]:
    """Texts of somebody else that nobody but they may see."""
    by = make.owner(make.member())
    refused = make.waiting(by)
    make.decided(refused, Outcome.REFUSE)
    return {"draft": make.draft(by).contribution_id, "waiting": make.waiting(by).contribution_id,
            "refused": refused.contribution_id}  # fmt: skip


@pytest.mark.parametrize("name", PRIVATE)
def test_a_text_of_somebody_else_is_as_if_it_were_not(somebodys: dict[str, uuid.UUID], name: str) -> None:
    for client in (make.client_of(), make.client_of(make.member())):
        nothing = told(client.get(reverse(name, args=[uuid.uuid4()])))
        for kind, pk in somebodys.items():
            assert told(client.get(reverse(name, args=[pk]))) == nothing, kind


def look_up(client: Client, where: str, **typed: str) -> Any:
    """Type something into a form that looks it up."""
    client.get(where)
    return told(client.post(where, typed), *typed.values())


def test_sign_in_tells_nobody_which_names_there_are(db: None) -> None:
    known, closed = make.member("calm-otter-91"), make.member("calm-otter-92")
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    where = reverse("account_login")
    found = [look_up(Client(), where, login=f"calm-otter-9{n}", password="no harbour at all") for n in (1, 2, 3)]
    assert found[0] == found[1] == found[2]
    right = look_up(Client(), where, login=closed.handle, password=make.PASSWORD)
    assert right == found[2]
    assert look_up(Client(), where, login=known.handle, password=make.PASSWORD) != found[2], "it would be seen"


def test_a_code_that_was_used_is_like_one_that_never_was(db: None) -> None:
    code, *_others = issue_codes(make.member())
    where, password = reverse("accounts:recover"), "a harbour of another kind"
    typed: Callable[[str], Any] = lambda one: look_up(Client(), where, code=one, password=password)  # noqa: E731
    assert typed(code)[0] == 302
    assert typed(code) == typed(new_code())
    assert typed(code)[0] == 422


def test_a_receipt_without_texts_is_like_one_that_is_none(db: None) -> None:
    where, code = reverse("stories:receipt"), new_code()
    assert look_up(Client(), where, code=new_code()) == look_up(Client(), where, code=new_code())
    make.waiting(Owner.of_code(code))
    assert look_up(Client(), where, code=code)[0] in {302, 303}
