"""The one settings file: the environment comes in, constants go out.

A secret has no default outside the local run: when one is missing the process stops with a
sentence that says which, and how to make it.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from community import environment, local, logs, place, without_tls
from community.headers import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY
from community.headers import PERMISSIONS_POLICY as PERMISSIONS_POLICY

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()
if (ROOT / ".env").is_file():
    env.read_env(str(ROOT / ".env"))

LOCAL_RUN = env.bool("LOCAL_RUN", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(ROOT / ".data"))).absolute()
_kept = local.local_environment(DATA_DIR) if LOCAL_RUN else {}
_number = partial(environment.number, env)

# Who this is
SITE_NAME = env.str("SITE_NAME", default="Fernway")
SITE_OPERATOR, SITE_CONTACT = env.str("SITE_OPERATOR", default=""), env.str("SITE_CONTACT", default="")
SITE_URL, MAIL_FROM = env.str("SITE_URL", default="").rstrip("/"), env.str("MAIL_FROM", default="")
MAIL = environment.mail(env)  # to who asked for it, and to nobody else
LEAVE_TARGET = environment.elsewhere(env, "LEAVE_TARGET", "https://www.wikipedia.org/", plain=LOCAL_RUN)
TRIALS_API = env.str("TRIALS_API", default="https://clinicaltrials.gov/api/v2")
CHECK_LINKS = env.bool("CHECK_LINKS", default=True)  # whether pages elsewhere are asked if they still answer

# Secrets
SECRET_KEY = environment.secret(env, "SECRET_KEY", _kept)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
OWNERSHIP_KEYS = environment.keys(env, "OWNERSHIP_KEYS", _kept)
SESSION_KEYS = environment.keys(env, "SESSION_KEYS", _kept)
ADDRESS_KEYS = environment.keys(env, "ADDRESS_KEYS", _kept)  # of reminder mails, and of nothing else

# Keyed digests of what was erased, outside the database, so that a restored copy forgets it again,
# and after how many days no backup, nor a log by which the database could be brought back, holds it any more.
ERASURE_JOURNAL = Path(env.str("ERASURE_JOURNAL", default=str(DATA_DIR / "erased"))).absolute()
BACKUP_DAYS = _number("BACKUP_DAYS", 35, least=1)
BACKUP_RECIPIENT = environment.recipient(env)  # whoever holds its other half can open a backup, and the site cannot

# Where it is served
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if LOCAL_RUN else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
_proxied = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _proxied else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(_proxied)
# Only who set it has thought about it: doctor asks the others.
PROXY_DECIDED = LOCAL_RUN or bool(env.str("BEHIND_PROXY", default=""))
ROOT_URLCONF = "community.urls"

INSTALLED_APPS = [
    "community",
    "moderation",
    "advice",
    "stories",
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_countries",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "community.middleware.request_log",
    "community.middleware.private_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "community.middleware.explain_method",
    "community.middleware.RefuseElsewhere",
    "community.middleware.refuse_charset",
    "community.middleware.RefuseNul",
    "django.middleware.common.CommonMiddleware",
    "accounts.visiting.VisitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "stories.posting.PostingMiddleware",
    "community.middleware.SignInRequired",
    "community.agreeing.AgreedFirst",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "community.context.site",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["bootstrap5"]
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# PostgreSQL: the operator's own server as soon as DATABASE_URL says so. Commands that make tables connect
# as the role that owns them; web and worker connect as one that owns nothing.
EMBEDDED = not env.str("DATABASE_URL", default="")
_owners = {"migrate", "search_tolerance", "mix", "backup", "restore", "replay_erasures"}
AS_OWNER = not _owners.isdisjoint(sys.argv[1:2]) or env.bool("DATABASE_AS_OWNER", default=False)
if not EMBEDDED:
    _web_url = env.str("DATABASE_URL")
    _owner_url = env.str("DATABASE_OWNER_URL", default=_web_url)
elif LOCAL_RUN:
    _place = place.place(DATA_DIR)
    _web_url, _owner_url = _place.web_url, _place.owner_url
else:
    raise ImproperlyConfigured(
        "DATABASE_URL is not set. Write it as postgres://user:password@host:5432/name, or type `make run`."
    )
_web = environment.database("DATABASE_URL", _web_url)
_owner = environment.database("DATABASE_OWNER_URL", _owner_url)
_database = _owner if AS_OWNER else _web
WEB_ROLE, WEB_PASSWORD = _web["USER"], _web["PASSWORD"]
ONE_ROLE = bool(_owner["USER"] == _web["USER"])
_database["CONN_MAX_AGE"] = _number("CONN_MAX_AGE", 600)
_database["CONN_HEALTH_CHECKS"] = True
_database["OPTIONS"] = _database.get("OPTIONS", {}) | {
    "server_side_binding": True,
    "connect_timeout": 5,
    "application_name": "fernway",
    "options": "" if AS_OWNER else "-c statement_timeout=15s -c lock_timeout=5s",
}
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The one shared cache holds limits on guessing only: an unlogged table, its keys digests, its moments minutes.
CACHES = {
    "default": {
        "BACKEND": "accounts.limits.Counts",
        "LOCATION": "accounts_limit",
        "KEY_FUNCTION": "accounts.limits.cache_key",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

# Accounts: a generated handle, no e-mail address
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.HandleBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.SiteWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "stories:mine"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "community:home"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}  # accounts.limits counts these, exactly
ACCOUNT_FORMS = {"login": "accounts.forms.LoginForm"}
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # the device asks who holds it, each time
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL_RUN  # http://localhost; elsewhere an origin is https and this host's
MFA_RECOVERY_CODE_DIGITS = 12  # too many to guess, so that no count of tries need hold them up for everybody
MFA_TOTP_TOLERANCE = 1  # a code counts half a minute longer: clocks differ, and typing takes time
# No e-mail address is asked for, on purpose; a handle is unique whatever its case, by a constraint.
SILENCED_SYSTEM_CHECKS = ["account.W001", "auth.W004"]

# Sessions and cookies: gone when the browser closes, and nothing slides
SESSION_ENGINE = "accounts.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_WEEKS = _number("SESSION_WEEKS", 2, least=1)
# A visit ends after so many minutes without a page; that of who works here, after so many hours in any case.
IDLE_MINUTES = _number("IDLE_MINUTES", 60, least=1)
STAFF_IDLE_MINUTES = _number("STAFF_IDLE_MINUTES", 30, least=1)
STAFF_SESSION_HOURS = _number("STAFF_SESSION_HOURS", 12, least=1)
# A member's own texts ask for the password once more in a visit that is older.
OWN_TEXTS_HOURS = _number("OWN_TEXTS_HOURS", 12, least=1)
# A second step counts for so many minutes before acts of staff that are hard to take back.
GRAVE_MINUTES = _number("GRAVE_MINUTES", 15, least=1)
_secure = not LOCAL_RUN
# A browser takes such a cookie from this very host over TLS only, for all of its pages.
COOKIE_PREFIX = "__Host-" if _secure else ""
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}visit", f"{COOKIE_PREFIX}form"
IDLE_COOKIE_NAME = f"{COOKIE_PREFIX}idle"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "stories.posting.csrf_failure"
MESSAGE_STORAGE = "community.notes.CookieStorage"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"

# Headers
SECURE_HSTS_SECONDS = 0 if LOCAL_RUN else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL_RUN
SECURE_SSL_REDIRECT, SECURE_REDIRECT_EXEMPT = env.bool("SSL_REDIRECT", default=False), without_tls.NOT_LED_ON
# Nothing to other sites. With "no-referrer" browsers send "Origin: null" with our own forms, which then fail.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [ROOT / "locale"]
CONTENT_DIR = Path(env.str("CONTENT_DIR", default=str(ROOT / "content"))).absolute()
TIME_ZONE = "UTC"

# Files
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# What a person may type, and how long things take
TEXT_MIN, TEXT_MAX, REPLY_MAX = 80, 50_000, 10_000
TITLE_MAX, NOTE_MAX, WHY_MAX = 120, 2_000, 500
OWNER_WINDOW = 1_024
OWNER_WAITING_CAP, VISITOR_WAITING_CAP = _number("OWNER_WAITING_CAP", 5), _number("VISITOR_WAITING_CAP", 200)
VISITOR_LEAST_SECONDS = 3
VISITOR_POSTS_AN_HOUR = _number("VISITOR_POSTS_AN_HOUR", 10)
QUEUE_WAIT_MINUTES = _number("QUEUE_WAIT_MINUTES", 0 if LOCAL_RUN else 30)
QUEUE_APART_HOURS = _number("QUEUE_APART_HOURS", 0 if LOCAL_RUN else 48)
REVIEW_PROMISE_HOURS = _number("REVIEW_PROMISE_HOURS", 72, least=QUEUE_APART_HOURS + 24)  # a day to read it
LEASE_MINUTES = 15
# A share of decisions is judged once more after it took effect, to measure how often two people agree.
SAMPLE_SHARE = _number("SAMPLE_PERCENT", 5) / 100
# After so many decisions in a day a moderator is asked to stop.
DAY_CAP = _number("DAY_CAP", 60, least=1)
# Reports hide a text at so many points, grave ones at two; at so many texts an hour they only open cases.
HIDE_AT, HIDES_AN_HOUR = _number("HIDE_AT", 6, least=1), _number("HIDES_AN_HOUR", 10)
APPEAL_MONTHS = 6
# So many months an answered text waits for its owner; so many a text is kept after it is over. The database
# refuses to forget earlier than after six months (appeals) and one.
ANSWER_MONTHS = _number("ANSWER_MONTHS", 6, least=1)
KEPT_MONTHS = _number("KEPT_MONTHS", 1, least=1)
# So many refusals for abuse within so many months hold up what their owner sends; a draft is kept as long as that.
PAUSE_AFTER, PAUSE_MONTHS, DRAFT_MONTHS = 2, 2, 2
PERSON_COUNT_STEP = _number("PERSON_COUNT_STEP", 1 if LOCAL_RUN else 5, least=1)
FIGURES_STEP, STORIES_A_PAGE = 5, 20
SITEMAP_WIDTH = 10_000
# A list with filters walks so many places, then looks the rest up in the index, so many at a time.
STORIES_WINDOW, STORIES_CANDIDATES = 5_000, 60
MIX_MEGABYTES = _number("MIX_MEGABYTES", 48, least=1)  # larger tables are mixed without being rewritten

# The server
PORT = _number("PORT", 8000)
WEB_THREADS = _number("WEB_THREADS", 4, least=1)
# What the server is told as --backpressure: from then on it lets nobody in, so streams stop well before.
CONNECTIONS = _number("CONNECTIONS", 16_384, least=2)
BODY_MAX_BYTES = 1024 * 1024
BODY_SECONDS = 15
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_MAX_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400  # a whole story with 30 rows of treatments has 340
FILE_UPLOAD_HANDLERS: list[str] = []
LIVE_HEARTBEAT_SECONDS, LIVE_COALESCE_SECONDS = 25, 0.2
# One network's reading, which is a household's or a hospital's: so many pages at once, then so many a minute.
PAGES_AT_ONCE, PAGES_A_MINUTE = _number("PAGES_AT_ONCE", 300, least=1), _number("PAGES_A_MINUTE", 120, least=1)
LIVE_STREAMS_PER_ADDRESS = _number("LIVE_STREAMS_PER_ADDRESS", 50, least=1)

# Logs: request id, route, status, milliseconds; never who, from where, or what
LOGGING = logs.configuration(environment.level(env, "LOG_LEVEL", "INFO"))
# A finished job says when something happened; none is kept. One that waits for another site holds up no alarm.
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "always", "concurrency": 2}
