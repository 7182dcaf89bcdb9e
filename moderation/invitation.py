"""Coming to work here: the page that an invitation leads to.

The code travels behind the "#" of the link, which no browser sends, or is typed; it is in no address and no log.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from crispy_forms.layout import HTML, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import public
from accounts.actions import HandleTakenError, InvitationError, check_invitation, draw_handle
from accounts.forms import CodeField, PasswordField, helper_of, read_handle, sign_handle
from moderation.actions import leading

INVALID = 422


class InvitationForm(forms.Form):
    """The code of an invitation, a name that was drawn, and a password."""

    code = CodeField(
        label=gettext_lazy("The code of your invitation"), help_text=gettext_lazy("24 letters and numbers.")
    )
    handle = forms.CharField(widget=forms.HiddenInput)
    password = PasswordField(new=True, label=gettext_lazy("Password"))

    def __init__(self, *args: Any, handle: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown_handle = handle
        if self.is_bound:
            self.data = dict(self.data.items()) | {"handle": sign_handle(handle)}
        self.initial["handle"] = sign_handle(handle)
        self.fields["code"].widget.attrs["data-from-address"] = ""
        self.helper = helper_of(gettext_lazy("Open my account"), name="join")
        self.helper.layout = Layout("code", HTML('{% include "moderation/_handle.html" %}'), "handle", "password")


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Open a staff account with a code that works once; the second step is set up before anything is seen."""
    if request.user.is_authenticated:
        return redirect("accounts:home")
    if request.method == "GET":
        return _page(request, InvitationForm(handle=draw_handle()))
    slowed: HttpResponse | None = ratelimit.consume_or_429(request, action="signup")
    return slowed or _join(request)


def _join(request: HttpRequest) -> HttpResponse:
    handle = read_handle(request.POST.get("handle", ""))
    form = InvitationForm(request.POST, handle=handle or draw_handle())
    if form.is_valid() and handle is not None:
        code, password = form.cleaned_data["code"], form.cleaned_data["password"]
        try:
            check_invitation(code)
            user = leading.join(code, handle, password=password)
        except InvitationError as error:
            form.add_error("code", error.message)
        except ValidationError as error:
            form.add_error("password", error)
        except HandleTakenError:
            handle, form = None, InvitationForm(request.POST, handle=draw_handle())
        else:
            signed_in: HttpResponse = perform_login(
                request, user, email_verification="none", redirect_url=reverse("mfa_activate_totp")
            )
            if request.user.is_authenticated:
                # The password was typed just now: it is not asked for again before the second step is set up.
                record_authentication(request, request.user, "password", reauthenticated=True)
            return signed_in
    if handle is None:
        form.add_error(None, _("Your sign-in name could not be kept. Here is another one; please note it anew."))
    return _page(request, form, status=INVALID)


def _page(request: HttpRequest, form: InvitationForm, status: int = 200) -> HttpResponse:
    return render(request, "moderation/invitation.html", {"form": form}, status=status)
