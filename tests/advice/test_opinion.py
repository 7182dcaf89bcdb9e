"""Whether an article helped: counted for anybody, and one network does not count for many."""

from __future__ import annotations

import pytest
from django.test import Client

from advice.models import Opinion
from stories import passes
from tests.advice import written

pytestmark = pytest.mark.django_db
PAGE = "/advice/first-step/en/opinion/"


def test_one_network_is_counted_twenty_times_an_hour() -> None:
    passes.limit_of.cache_clear()
    written.live()
    client = Client()

    answers = [client.post(PAGE, {"helpful": "yes"}) for _time in range(23)]

    assert [answer.headers["Location"] for answer in answers] == 20 * [f"{PAGE}?told=yes"] + 3 * [f"{PAGE}?told=full"]
    assert "this one was not counted" in client.get(f"{PAGE}?told=full").content.decode()
    assert list(Opinion.objects.values_list("helpful", "unhelpful")) == [(20, 0)]
    passes.limit_of.cache_clear()
