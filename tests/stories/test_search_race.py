"""Making the entries anew while a new version is published: the new words stay."""

from __future__ import annotations

import threading

import pytest
from django.db import connections, transaction

from stories.actions.indexing import reindex
from stories.models import SearchEntry
from tests import make
from tests.stories.test_races import waits_for_a_lock


@pytest.mark.django_db(transaction=True)
def test_version_published_while_entries_are_made_anew_is_not_written_over() -> None:
    by = make.owner()
    before = make.published(by, title="Curlew")

    def make_anew() -> None:
        try:
            reindex(lambda count: None)
        finally:
            connections.close_all()

    thread = threading.Thread(target=make_anew)
    with transaction.atomic():
        make.published(by, contribution=before.pk, title="Heron")
        thread.start()
        waits_for_a_lock()
    thread.join()
    assert "'heron':" in str(SearchEntry.objects.get().vector)
