"""Addresses of the moderators' pages, and the one at which readers report a text."""

from django.urls import include, path

from moderation import invitation, lead, published, report, views

app_name = "moderation"

pages = [
    path("", views.queue, name="queue"),
    path("next/", views.next_case, name="next"),
    path("cases/<uuid:pk>/", views.case, name="case"),
    path("cases/<uuid:pk>/take/", views.take, name="take"),
    path("cases/<uuid:pk>/renew/", views.renew, name="renew"),
    path("cases/<uuid:pk>/release/", views.release, name="release"),
    path("cases/<uuid:pk>/skip/", views.skip, name="skip"),
    path("cases/<uuid:pk>/decide/", views.decide, name="decide"),
    path("history/", views.history, name="history"),
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
    path("cases/<uuid:pk>/free/", lead.free, name="set_free"),
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
