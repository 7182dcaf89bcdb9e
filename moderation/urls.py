"""Addresses of the moderators' pages, and the one at which readers report a text."""

from django.urls import include, path

from moderation import report, views

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
urlpatterns = [
    path("moderation/", include(pages)),
    path("report/<uuid:pk>/", report.report, name="report"),
]
