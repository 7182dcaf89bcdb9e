"""Writing what published stories are found by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import transaction

from stories.models import Publication, SearchEntry
from stories.search.entries import vector_of

BATCH = 200


def index(publication: Publication) -> None:
    """Write the words of a published story; a reply is found under its story, and has none."""
    if publication.parent_id is None:
        _write([publication])


def reindex(progress: Callable[[int], None]) -> None:
    """Write the words of every published story again, a batch at a time; tell after each how many it held.

    Each batch is locked as it is read, so that a version published meanwhile is not written over by the one before.
    A hidden story keeps its entry too: whether it may be read is asked at every search.
    """
    rows = _batch(above=None)
    while rows:
        progress(len(rows))
        rows = _batch(above=rows[-1].pk)


@transaction.atomic
def _batch(*, above: UUID | None) -> list[Publication]:
    """Write the stories with the next ids, and return them; those locked by id can meet no other order."""
    rows = Publication.objects.filter(parent=None).select_related("revision").order_by("pk")
    rows = rows if above is None else rows.filter(pk__gt=above)
    locked = list(rows.select_for_update(of=("self",))[:BATCH])
    _write(locked)
    return locked


def _write(publications: Sequence[Publication]) -> None:
    entries = [
        SearchEntry(publication=one, position=one.position, vector=vector_of(one.revision)) for one in publications
    ]
    SearchEntry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["publication"], update_fields=["position", "vector"]
    )
