"""Addresses of the site's own pages."""

from django.urls import path

from advice.views import help as help_pages
from advice.views import research

app_name = "advice"
urlpatterns = [
    path("help-now/", help_pages.help_now, name="help_now"),
    path("partners/", help_pages.partners, name="partners"),
    path("research/", research.research, name="research"),
    path("research/<slug:code>/", research.record, name="trial"),
]
