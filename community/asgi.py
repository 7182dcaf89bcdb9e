"""The one entry point of the server: pages by Django's WSGI handler, event streams by the live hub."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from community.capacity import raise_file_limit
from community.local import OperatorError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")
raise_file_limit()
try:
    pages = get_wsgi_application()
except (ImproperlyConfigured, OperatorError) as error:
    # The server would print a traceback and the sentence at its end.
    raise SystemExit(str(error)) from None

from community import health  # noqa: E402 - settings and apps come first
from community.dispatch import dispatcher  # noqa: E402 - as above
from community.live import Live  # noqa: E402 - as above
from community.problems import refused  # noqa: E402 - as above

try:
    health.look_at_start()
except OperatorError as error:
    raise SystemExit(str(error)) from None
application = dispatcher(pages, Live(), refused)
