"""Addresses under ``/accounts/``: allauth's own names, and ours beside them as ``accounts:…`` (``community.urls``).

What needs an e-mail address is not served.
"""

from django.urls import include, path

from accounts import consenting, devices, entrance, passkeys, preferences, reminders, views
from accounts.access import asks_password, asks_second_step

ours = [
    path("", views.home, name="home"),
    path("codes/", views.codes, name="codes"),
    path("codes/new/", views.new_codes, name="new_codes"),
    path("devices/", devices.devices, name="devices"),
    path("recovery/", views.recover, name="recover"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("consents/", consenting.consents, name="consents"),
    path("reminder/", reminders.reminder, name="reminder"),
    path("reminder/off/<str:token>/", reminders.off, name="reminder_off"),
]

second_factor = [
    path("", entrance.overview, name="mfa_index"),
    path("authenticate/", entrance.second_step, name="mfa_authenticate"),
    path("reauthenticate/", entrance.second_step_again, name="mfa_reauthenticate"),
    path("totp/activate/", asks_password(entrance.switch_on), name="mfa_activate_totp"),
    path("totp/deactivate/", asks_second_step(asks_password(entrance.switch_off)), name="mfa_deactivate_totp"),
    path(
        "recovery-codes/",
        asks_second_step(asks_password(entrance.spare_codes)),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/generate/",
        asks_second_step(asks_password(entrance.new_spare_codes)),
        name="mfa_generate_recovery_codes",
    ),
    path("webauthn/login/", entrance.passkey_login, name="mfa_login_webauthn"),
    path("webauthn/reauthenticate/", entrance.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("webauthn/add/", asks_second_step(asks_password(passkeys.add)), name="mfa_add_webauthn"),
    path(
        "webauthn/keys/<int:pk>/remove/",
        asks_second_step(asks_password(passkeys.remove)),
        name="mfa_remove_webauthn",
    ),
]

urlpatterns = [
    path("signup/", views.sign_up, name="account_signup"),
    path("login/", entrance.login, name="account_login"),
    path("logout/", entrance.logout, name="account_logout"),
    path("reauthenticate/", entrance.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password, name="account_change_password"),
    path("2fa/", include(second_factor)),
]
