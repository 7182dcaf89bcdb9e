"""Addresses of the site's own pages."""

from django.urls import path

from advice import views

app_name = "advice"
urlpatterns = [
    path("help-now/", views.help_now, name="help_now"),
    path("partners/", views.partners, name="partners"),
]
