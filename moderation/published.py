"""The figures on moderation, for everybody: a page, and the file that it is made from."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import public
from moderation.transparency import MONTHS, NoSuchMonth, agreed, as_csv, detail, months, record, rows
from stories.small_numbers import LEAST


@public
@require_safe
def transparency(request: HttpRequest) -> HttpResponse:
    """Show what was decided, how long it took, how often people agree, and the newest ends of the record."""
    published = rows()
    known = months(published)
    asked = request.GET.get("month", "") or (known[0].code if known else "")
    try:
        chosen = detail(published, asked) if asked else None
    except NoSuchMonth as error:
        raise Http404 from error
    context = {
        "months": known[:MONTHS],
        "older": known[MONTHS:],
        "chosen": chosen,
        "asked": asked,
        "agreed": agreed(published),
        "record": record(),
        "least": LEAST,
    }
    return render(request, "moderation/transparency.html", context)


@public
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Send every published number as a file."""
    del request
    answer = HttpResponse(as_csv(rows()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="transparency.csv"'
    return answer
