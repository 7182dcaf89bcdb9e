"""The weekly reminder: to look at, to switch on with the mail in view, and to switch off, from the mail too."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import keeping, weekly
from accounts.access import MemberRequest, members_only, public
from accounts.choice_forms import AddressForm
from accounts.documents import REMINDER, to_agree_to
from accounts.models import Reminder

INVALID, CHANGED = 422, 409


@members_only
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def reminder(request: MemberRequest) -> HttpResponse:
    """Show whether it is on; show the very mail before it is switched on, and switch it off at once."""
    if "off" in request.POST:
        keeping.switch_off(request.user)
        messages.success(request, _("The reminder is off, and the address is deleted."))
        return redirect("accounts:reminder")
    if not settings.MAIL or request.method == "GET":
        return _page(request, AddressForm(), status=200 if request.method == "GET" else CHANGED)
    if "on" in request.POST:
        return _switch_on(request)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=INVALID)
    language = request.user.language or get_language() or settings.LANGUAGE_CODE
    mail = weekly.mail_to(request.user.pk, form.cleaned_data["address"], language)
    seen = weekly.seal_preview(mail, language, request.user)
    return render(request, "accounts/reminder_preview.html", {"mail": mail, "seen": seen})


def _switch_on(request: MemberRequest) -> HttpResponse:
    """Switch it on as it was looked at; a mail that would say something else by now is shown again."""
    shown = weekly.open_preview(request.POST.get("seen", ""), request.user)
    if shown is None:
        return _page(request, AddressForm(), status=INVALID)
    mail, language, is_same = shown
    if not is_same:
        seen = weekly.seal_preview(mail, language, request.user)
        context = {"mail": mail, "seen": seen, "changed": True}
        return render(request, "accounts/reminder_preview.html", context, status=CHANGED)
    keeping.switch_on(request.user, address=mail.to, language=language)
    messages.success(request, _("The reminder is on. The next one comes on a Wednesday."))
    return redirect("accounts:reminder")


def _page(request: MemberRequest, form: AddressForm, *, status: int) -> HttpResponse:
    kept = Reminder.objects.filter(user=request.user).first()
    goes_to = weekly.masked(kept.shown_address) if kept and kept.shown_address else ""
    context = {"form": form, "is_on": kept is not None, "goes_to": goes_to, "has_mail": bool(settings.MAIL)}
    context["waits"] = any(one.code == REMINDER for one in to_agree_to(request.user))
    return render(request, "accounts/reminder.html", context, status=status)


@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mails of which one has this address: a page with a button, which mail programs may press by themselves.

    It asks for no session and no token of a form (RFC 8058). Pressed for a reminder that is off, it says the same.
    """
    account = weekly.account_of(token)
    if account is not None and request.method == "POST":
        keeping.switch_off_by_mail(account)
    context = {"known": account is not None, "done": request.method == "POST"}
    return render(request, "accounts/reminder_off.html", context, status=200 if account is not None else 404)
