"""Addresses of the site's own pages."""

from django.urls import path

from advice.views import care_team, help_now, organisations, partners, words

app_name = "advice"
urlpatterns = [
    path("help-now/", help_now.help_now, name="help_now"),
    path("partners/", partners.partners, name="partners"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("care-team/", care_team.care_team, name="care_team"),
    path("care-team/card/", care_team.card, name="card"),
    path("advice/words/", words.words, name="words"),
]
