"""How pages look: the page of an account's choices, and a small one for everybody."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import keeping
from accounts.access import MemberRequest, public
from accounts.choice_forms import LookForm
from accounts.look import language_of, put_on, theme_of
from accounts.models import Theme

INVALID = 422


@require_http_methods(["GET", "POST"])
def preferences(request: MemberRequest) -> HttpResponse:
    """Show what an account chose, and where the rest is chosen; keep the look, in cookies too."""
    user = request.user
    shown = {"theme": user.theme or theme_of(request), "language": user.language or language_of(request)}
    form = LookForm(request.POST if request.method == "POST" else None, initial=shown)
    if request.method == "POST" and form.is_valid():
        theme, language = form.cleaned_data["theme"], form.cleaned_data["language"]
        keeping.keep_look(user, theme=theme, language=language)
        messages.success(request, _("Your choice is kept with your account."))
        response = redirect("accounts:preferences")
        put_on(response, theme=theme, language=language)
        return response
    return render(request, "accounts/preferences.html", {"form": form}, status=INVALID if form.errors else 200)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Let everybody choose light or dark: in a cookie that ends with the visit, a member with the account too."""
    chosen = request.POST.get("theme")
    if chosen not in Theme.values:
        context = {"themes": Theme.choices, "chosen": theme_of(request)}
        return render(request, "accounts/look.html", context, status=INVALID if request.method == "POST" else 200)
    if request.user.is_authenticated:
        keeping.keep_look(request.user, theme=chosen)
    response = redirect("community:look")
    put_on(response, theme=chosen)
    return response
