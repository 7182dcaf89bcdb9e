"""What people type to join, to sign in and to get back in; what was typed is checked here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from accounts.codes import bare_code
from accounts.documents import documents_now
from accounts.handles import normal
from accounts.models import User

SALT = "accounts.handle"
DAY = 86_400
LONGEST_PASSWORD = 256
ADULT, YOUNG = "adult", "young"
PASSWORD_HELP = _("At least 8 characters. 15 or more are better: four words that only you would put together.")


class PasswordField(forms.CharField):
    """A password: kept as typed, with what a password manager needs to know."""

    def __init__(self, *, new: bool, **kwargs: Any) -> None:
        """Make a field for a new password, or for the one in use."""
        attrs = {"autocomplete": "new-password" if new else "current-password"}
        super().__init__(
            strip=False,
            max_length=LONGEST_PASSWORD,
            widget=forms.PasswordInput(attrs=attrs),
            error_messages={"required": _("Please type a password.")},
            **kwargs,
        )
        if new:
            self.help_text = self.help_text or PASSWORD_HELP


class CodeField(forms.CharField):
    """One recovery code, forgiving about spaces, dashes and case."""

    def __init__(self, **kwargs: Any) -> None:
        """Make a field that no browser fills in or corrects."""
        attrs = {"autocomplete": "off", "autocapitalize": "off", "autocorrect": "off", "spellcheck": "false"}
        missing = {"required": _("Please type one of your codes.")}
        super().__init__(max_length=100, widget=forms.TextInput(attrs=attrs), error_messages=missing, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the code without spaces and dashes."""
        return bare_code(super().clean(value))


def helper_of(label: Any, *, name: str = "send") -> FormHelper:
    """Return how every form here is drawn: its own tag, and one button that says what it does."""
    helper = FormHelper()
    helper.attrs = {"novalidate": ""}
    helper.add_input(Submit(name, label))
    return helper


READ = ("rules", "privacy")
CHANGED = _("This was changed while the page was open. Please read it, and tick it once more if you agree.")


class SignUpForm(forms.Form):
    """Join: a name that was drawn, a password, the age, and the consents."""

    handle = forms.CharField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    password = PasswordField(new=True, label=_("Password"))
    age = forms.ChoiceField(
        label=_("Are you 18 or older?"),
        choices=[(ADULT, _("Yes, I am 18 or older")), (YOUNG, _("No, I am younger"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the two.")},
    )
    rules = forms.BooleanField(
        label=_("I have read the house rules and will keep to them"),
        error_messages={"required": _("Please read the house rules and tick this if you agree.")},
    )
    privacy = forms.BooleanField(
        label=_("I have read the privacy page and agree to what it says"),
        error_messages={"required": _("Please read the privacy page and tick this if you agree.")},
    )

    def __init__(self, *args: Any, handle: str, **kwargs: Any) -> None:
        """Offer the drawn name; the form carries it signed, so that it cannot be chosen."""
        super().__init__(*args, **kwargs)
        self.shown_handle = handle
        documents = documents_now()
        carried = {"handle": sign_handle(handle), "shown": " ".join(documents[code].version for code in READ)}
        self.was_shown = str(self.data.get("shown", ""))
        if self.is_bound:
            self.data = dict(self.data.items()) | carried
        self.initial = {**carried, **self.initial}  # beside another name stays what was read with the first one
        self.fields["rules"].help_text = _in_a_new_tab("community:rules", gettext_now("House rules"))
        self.fields["privacy"].help_text = _in_a_new_tab("community:privacy", gettext_now("Privacy"))
        self.helper = helper_of(_("Open my account"), name="join")
        self.helper.layout = Layout(
            HTML('{% include "accounts/_drawn.html" %}'), "handle", "shown", "password", "age", *READ
        )

    def clean(self) -> dict[str, Any]:
        """Check the password against the name it goes with, and that the documents are those that were shown."""
        for code, was, now in zip(READ, self.was_shown.split(), self.data["shown"].split(), strict=False):
            if was != now and code in self.data:
                self.add_error(code, CHANGED)
                self.data = {name: value for name, value in self.data.items() if name != code}
        password = self.cleaned_data.get("password")
        if password:
            try:
                validate_password(password, User(handle=self.shown_handle))
            except ValidationError as error:
                self.add_error("password", error)
        return self.cleaned_data


def _in_a_new_tab(url: str, text: str) -> SafeString:
    """Link to a page without losing what was typed on this one."""
    note = gettext_now("opens in a new tab")
    return format_html('<a href="{}" target="_blank" rel="noopener">{}</a> ({})', reverse(url), text, note)


def sign_handle(handle: str) -> str:
    """Return a drawn name as a form carries it."""
    return signing.dumps(handle, salt=SALT)


def read_handle(signed: str) -> str | None:
    """Return the name that a form carries, or None when it was not drawn here within the last day."""
    try:
        return str(signing.loads(signed, salt=SALT, max_age=DAY))
    except (signing.BadSignature, UnicodeEncodeError):
        return None


class LoginForm(AllauthLoginForm):  # type: ignore[misc]  # allauth ships no type information
    """Sign in with name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say it in this site's words."""
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Sign-in name")
        self.fields["login"].help_text = _("Two words and a number, such as quiet-lantern-42.")
        self.fields["login"].widget.attrs |= {
            # A browser would offer what was typed here on every other site that asks for a name.
            "autocomplete": "off",
            "autocapitalize": "off",
            "autocorrect": "off",
            "spellcheck": "false",
        }
        self.fields["login"].error_messages["required"] = _("Please type your sign-in name.")
        self.fields["password"].error_messages["required"] = _("Please type your password.")
        self.fields["password"].help_text = ""
        self.fields["password"].validators.append(MaxLengthValidator(LONGEST_PASSWORD))
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.helper = helper_of(_("Sign in"))

    def clean_login(self) -> str:
        """Return the name as names are kept."""
        return normal(self.cleaned_data["login"])


class RecoveryForm(forms.Form):
    """Get back in: one recovery code and a new password."""

    code = CodeField(
        label=_("One of your recovery codes"),
        help_text=_("24 letters and numbers. Each code works once."),
    )
    password = PasswordField(new=True, label=_("New password"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Set up how it is drawn."""
        super().__init__(*args, **kwargs)
        self.helper = helper_of(_("Set the new password"))

    def clean_password(self) -> str:
        """Check the password before any code is looked up, so that the answer says nothing about the code."""
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


class ConfirmCodesForm(forms.Form):
    """Show that the recovery codes are kept, by typing one of them."""

    code = CodeField(label=_("Type one of your recovery codes"), help_text=_("Any of the eight will do."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Set up how it is drawn."""
        super().__init__(*args, **kwargs)
        self.helper = helper_of(_("Done"))


class PasswordForm(forms.Form):
    """Change the password of somebody who knows the old one."""

    old = PasswordField(new=False, label=_("Your current password"))
    password = PasswordField(new=True, label=_("New password"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Check new passwords against the account they are for."""
        super().__init__(*args, **kwargs)
        self.user = user
        self.helper = helper_of(_("Change the password"))

    def clean_old(self) -> str:
        """Refuse what is not the password, and too many tries at it; pressed twice, the new one is it already."""
        old, adapter = str(self.cleaned_data["old"]), get_adapter()
        if not adapter.reauthenticate(self.user, old) and not self._was_set_meanwhile():
            raise adapter.validation_error("incorrect_password")
        return old

    def _was_set_meanwhile(self) -> bool:
        """Say whether the password changed since this visit was looked at, and to the one that is asked for here."""
        known = self.user.password
        self.user.refresh_from_db(fields=["password"])
        typed = self.data.get("password", "")
        return known != self.user.password and bool(get_adapter().reauthenticate(self.user, typed))

    def clean_password(self) -> str:
        """Refuse what is too easy."""
        password = str(self.cleaned_data["password"])
        validate_password(password, self.user)
        return password


class ReauthenticateForm(AllauthReauthenticateForm):  # type: ignore[misc]  # allauth ships no type information
    """Type the password once more before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say it in this site's words."""
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Your password")
        self.fields["password"].error_messages["required"] = _("Please type your password.")
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.helper = helper_of(_("Go on"))
