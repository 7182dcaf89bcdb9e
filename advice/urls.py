"""Addresses of the site's own pages."""

from django.urls import path

from advice.views import acts, articles, care_team, desk, help_now, organisations, partners, research, sheets, words

app_name = "advice"
urlpatterns = [
    path("help-now/", help_now.help_now, name="help_now"),
    path("partners/", partners.partners, name="partners"),
    path("care-team/", care_team.care_team, name="care_team"),
    path("care-team/card/", care_team.card, name="card"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("research/", research.research, name="research"),
    path("research/<slug:code>/", research.record, name="trial"),
    path("advice/", articles.index, name="index"),
    path("advice/feed.atom", articles.feed, name="feed"),
    path("advice/words/", words.words, name="words"),
    path("advice/<slug:slug>/", articles.article, name="article"),
    path("advice/<slug:slug>/<slug:language>/", articles.article, name="article_in"),
    path("advice/<slug:slug>/<slug:language>/opinion/", articles.opinion, name="opinion"),
    path("desk/", desk.board, name="desk"),
    path("desk/new/", desk.new, name="new"),
    path("desk/articles/<uuid:article_id>/", desk.article, name="desk_article"),
    path("desk/versions/<uuid:version_id>/", sheets.version, name="version"),
    path("desk/versions/<uuid:version_id>/<slug:act>/", acts.act, name="act"),
    path("desk/signatures/<uuid:signoff_id>/take-back/", acts.unsign, name="unsign"),
    path("desk/signatures/<uuid:signoff_id>/end/", acts.end_gone, name="end_gone"),
]
