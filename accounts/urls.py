"""Addresses under ``/accounts/``: allauth's own names, and ours beside them as ``accounts:…`` (``community.urls``).

What needs an e-mail address is not served.
"""

from django.urls import include, path

from accounts import entrance, views
from accounts.access import asks_second_step

ours = [
    path("", views.home, name="home"),
    path("codes/", views.codes, name="codes"),
    path("codes/new/", views.new_codes, name="new_codes"),
    path("recovery/", views.recover, name="recover"),
]

second_factor = [
    path("", entrance.overview, name="mfa_index"),
    path("authenticate/", entrance.second_step, name="mfa_authenticate"),
    path("reauthenticate/", entrance.second_step_again, name="mfa_reauthenticate"),
    path("totp/activate/", views.asks_password(entrance.switch_on), name="mfa_activate_totp"),
    path("totp/deactivate/", asks_second_step(views.asks_password(entrance.switch_off)), name="mfa_deactivate_totp"),
    path(
        "recovery-codes/",
        asks_second_step(views.asks_password(entrance.spare_codes)),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/generate/",
        asks_second_step(views.asks_password(entrance.new_spare_codes)),
        name="mfa_generate_recovery_codes",
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
