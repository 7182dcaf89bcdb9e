"""Addresses of the moderators' pages, and the one at which readers report a text."""

from django.urls import include, path

from moderation import invitation, lead, published, report
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
leads = [
    path("", lead.overview, name="lead"),
    path("people/", lead.people, name="people"),
    path("people/invite/", lead.invite, name="invite"),
    path("people/invitations/<uuid:pk>/", lead.take_back, name="uninvite"),
    path("people/<uuid:pk>/", lead.person, name="person"),
    path("people/<uuid:pk>/close/", lead.close, name="close_account"),
    path("words/", lead.words, name="words"),
    path("words/<str:kind>/<slug:code>/<slug:language>/", lead.wording, name="wording"),
    path("numbers/", lead.set_numbers, name="set_numbers"),
    path("cases/<uuid:pk>/free/", lead.free, name="set_free"),
    path("cases/<uuid:pk>/give/", lead.give, name="give"),
    path("cases/<uuid:pk>/offer/", lead.offer, name="offer"),
    path("texts/<uuid:pk>/reopen/", lead.reopen, name="reopen"),
]
urlpatterns = [
    path("moderation/", include(pages)),
    path("moderation/lead/", include(leads)),
    path("transparency/", published.transparency, name="transparency"),
    path("transparency.csv", published.numbers, name="numbers"),
    path("accounts/invitation/", invitation.invitation, name="invitation"),
    path("report/<uuid:pk>/", report.report, name="report"),
]
