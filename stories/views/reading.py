"""Reading: the list and one story."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

import content
from accounts.access import public
from stories.choices import choices_of
from stories.facets import MEMBERS
from stories.filter_words import chips, groups, shared
from stories.filters import ROLE, Filters, UnknownFilter, like
from stories.listing import BadCursor, Teaser, page
from stories.models import Publication
from stories.reading import linked_data, published_story
from stories.related import related
from stories.signs import beside
from stories.thread import address_of, thread_of
from stories.visit import member_of


@public
@require_safe
def story_list(request: HttpRequest) -> HttpResponse:
    """Show published stories, newest first: all, or those that the filters in the address let through."""
    after, given = request.GET.get("after", ""), request.GET.getlist("f")
    try:
        filters = Filters.parse(".".join(given))
        if given != ([filters.address] if filters else []):
            return redirect(list_address(filters, after))
        choices = choices_of(request)
        found = page(request.user, filters=filters, choices=choices, after=after)
    except (BadCursor, UnknownFilter) as error:
        raise Http404 from error
    member = request.user.is_authenticated
    applied = choices.applied_to(filters)
    context: dict[str, Any] = {
        "cards": [_marked(card, filters) for card in found.stories],
        "first": not after,
        "filters": filters,
        "role": _only_role(filters),
        "chips": chips(filters, partners_hidden=applied != filters),
        "form": _form(get_language() or "en", filters, for_member=member),
        "answerable": applied.is_answerable,
        "needs_account": MEMBERS in filters.asked and not member,
        "first_url": list_address(filters),
    }
    for name, cursor in (("newer_url", found.newer), ("older_url", found.older)):
        context[name] = None if cursor is None else list_address(filters, cursor)
    return render(request, "stories/list.html", context)


def list_address(filters: Filters, after: str = "") -> str:
    """Return the address of a page of the list."""
    query = urlencode({name: value for name, value in (("f", filters.address), ("after", after)) if value})
    return reverse("stories:list") + (f"?{query}" if query else "")


@lru_cache(maxsize=256)
def _form(language: str, filters: Filters, *, for_member: bool) -> str:
    """Return the form that narrows the list, drawn once: it is much of the page and says nothing of its reader."""
    with override(language):
        return render_to_string("stories/_filters.html", {"groups": groups(filters, for_member=for_member)})


def _marked(card: Teaser, filters: Filters) -> tuple[Teaser, list[str]]:
    """Return a card with what it shares with the filters, its writer's place said once."""
    role_is_marked = any(code[0] == ROLE for group in filters.groups for code in group)
    return replace(card, role="") if role_is_marked else card, shared(filters, card.facets)


def _only_role(filters: Filters) -> content.Role | None:
    """Return the role that is all that was asked for, if it is."""
    if len(filters.codes) != 1 or not filters.letter(ROLE):
        return None
    return content.load(get_language() or "en").role_of(filters.asked[0])


@public
@require_safe
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one published story."""
    publication = Publication.objects.readable_by(request.user).stories().newest().filter(pk=pk).first()
    if publication is None:
        reply = address_of(pk, request.user)
        return redirect(reply) if reply else render(request, "stories/gone.html", status=404)
    choices = choices_of(request)
    try:
        thread = thread_of(publication, request.user, request.GET.get("below", ""), choices=choices)
    except BadCursor as error:
        raise Http404 from error
    is_open = publication.engine_place is not None and not publication.contribution.is_example
    indexable = is_open and not {"answers", "below"} & request.GET.keys()
    for_engines = indexable and not request.user.is_authenticated
    signs = beside([pk, *(reply.pk for reply in thread.replies)], member_of(request))
    context: dict[str, Any] = {
        "thread": thread.with_signs(signs),
        "of": signs[pk],
        "story": published_story(publication),
        "pk": pk,
        "opened": choices.opens(publication.warnings),
        "choose_url": _choose_address(publication),
        "indexable": indexable,
        "data": linked_data(publication, request.build_absolute_uri(request.path)) if indexable else None,
        "for_engines": for_engines,
        "like": like(publication.facets),
        "related": related(publication, reader=request.user, choices=choices, for_engines=for_engines),
    }
    response = render(request, "stories/detail.html", context)
    if not indexable:
        response["X-Robots-Tag"] = "noindex"
    return response


def _choose_address(publication: Publication) -> str:
    """Return where a reader may choose that stories with these warnings open by themselves."""
    query = urlencode({"open": ".".join(publication.warnings), "story": publication.pk})
    return f"{reverse('stories:reading')}?{query}"
