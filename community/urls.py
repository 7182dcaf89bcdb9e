"""All addresses. They are a promise: they stay, end in a slash, and hold no word of the condition."""

from django.urls import include, path

from accounts import preferences
from accounts.urls import ours
from advice.reading import about_treatment, also_found
from community import machines, views
from moderation.actions.erasing import forget_reports
from moderation.own_choices import chosen_at_work
from moderation.own_reports import reports_of
from stories.views import leaving, numbers, search

pages = [
    path("", views.home, name="home"),
    path("rules/", views.rules, name="rules"),
    path("privacy/", views.privacy, name="privacy"),
    path("privacy/reading/", views.reading, name="reading"),
    path("about/", views.about, name="about"),
    path("about/design/", views.design, name="design"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("language/", views.language, name="language"),
    path("look/", preferences.look, name="look"),
    path("leave/", views.leave, name="leave"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", machines.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]

# Pages of an account that need to know what other rooms hold of it.
account = [
    *ours,
    path("export/", leaving.export, {"reports": reports_of, "at_work": chosen_at_work}, name="export"),
    path("close/", leaving.close, {"also": forget_reports}, name="close"),
    path("closed/", leaving.closed, name="closed"),
]

urlpatterns = [
    path("", include((pages, "community"))),
    path("", include("advice.urls")),
    path("accounts/", include((account, "accounts"))),
    path("accounts/", include("accounts.urls")),
    path("stories/", include("stories.urls")),
    path("feed.atom", machines.feed, name="feed"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("treatments/", numbers.treatments, name="treatments"),
    path("treatments/<slug:code>/", numbers.treatment, {"also": about_treatment}, name="treatment"),
    path("numbers/", numbers.all_numbers, name="numbers"),
    path("search/", search.search, {"also": also_found}, name="search"),
    path("", include("moderation.urls")),
]

handler400 = "community.problems.bad_request"
handler403 = "community.problems.forbidden"
handler404 = "community.problems.not_found"
handler500 = "community.problems.server_error"
