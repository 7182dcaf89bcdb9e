"""Addresses of the moderators' pages, and the one at which readers report a text."""

from django.urls import include, path

from moderation import report
from moderation.views import board, case, deciding, history

app_name = "moderation"

pages = [
    path("", board.queue, name="queue"),
    path("now/", board.now, name="now"),
    path("next/", board.next_case, name="next"),
    path("what-i-read/", board.place, name="place"),
    path("cases/<uuid:pk>/", case.case, name="case"),
    path("cases/<uuid:pk>/take/", case.take, name="take"),
    path("cases/<uuid:pk>/renew/", case.renew, name="renew"),
    path("cases/<uuid:pk>/release/", case.release, name="release"),
    path("cases/<uuid:pk>/skip/", case.skip, name="skip"),
    path("cases/<uuid:pk>/decide/", deciding.decide, name="decide"),
    path("cases/<uuid:pk>/note/", deciding.note, name="note"),
    path("cases/<uuid:pk>/message/", deciding.message, name="message"),
    path("cases/<uuid:pk>/escalate/", deciding.escalate, name="escalate"),
    path("cases/<uuid:pk>/hide/", deciding.hide, name="hide"),
    path("history/", history.history, name="history"),
]
urlpatterns = [
    path("moderation/", include(pages)),
    path("report/<uuid:pk>/", report.report, name="report"),
]
