"""How the pages look to somebody: light or dark, in which language. Cookies carry it, so no page asks an account."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_info

from accounts.cookies import THEME
from accounts.models import Theme, User


def theme_of(request: HttpRequest) -> str:
    """Return the theme that this browser was asked to show; nothing for that of the device."""
    given = request.COOKIES.get(THEME, "")
    return given if given in Theme.values else Theme.AUTO


def language_of(request: HttpRequest) -> str:
    """Return the language that this browser was asked to show; nothing for that of the browser."""
    given = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return given if given in dict(settings.LANGUAGES) else ""


def own_names() -> list[tuple[str, str]]:
    """Return each language of the site with what it calls itself."""
    return [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]


def put_on(response: HttpResponse, *, theme: str | None = None, language: str | None = None) -> None:
    """Carry choices in cookies that end with the visit; what is left to device or browser has none."""
    for name, value in ((THEME, theme), (settings.LANGUAGE_COOKIE_NAME, language)):
        if value:
            response.set_cookie(name, value, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
        elif value is not None:
            response.delete_cookie(name, samesite="Lax")


def put_on_of(response: HttpResponse, user: User) -> None:
    """Carry what an account chose; where it chose nothing, what this browser was asked for stays."""
    put_on(response, theme=user.theme or None, language=user.language or None)
