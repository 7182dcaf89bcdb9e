"""The one entry point of the server: pages by Django's WSGI handler, event streams by the live hub."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community.settings")
pages = get_wsgi_application()

from community.dispatch import dispatcher  # noqa: E402 - settings and apps come first
from community.live import Live  # noqa: E402 - as above

application = dispatcher(pages, Live())
