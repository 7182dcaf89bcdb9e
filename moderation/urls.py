"""Addresses of the moderators' pages."""

from django.urls import path

from moderation import views

app_name = "moderation"

urlpatterns = [
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
