"""The addresses of stories and of what their owners do with them. A text is named by its contribution."""

from django.urls import path

from stories import own, views

app_name = "stories"
urlpatterns = [
    path("", views.story_list, name="list"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("new/", views.new, name="new"),
    path("new/<uuid:pk>/", views.write, name="write"),
    path("preview/<uuid:pk>/", views.preview, name="preview"),
    path("mine/", own.mine, name="mine"),
    path("receipt/", own.receipt, name="receipt"),
    path("status/<uuid:pk>/", own.status, name="status"),
    path("status/<uuid:pk>/take-back/", own.take_back, name="take_back"),
    path("status/<uuid:pk>/withdraw/", own.withdraw, name="withdraw"),
    path("status/<uuid:pk>/discard/", own.discard, name="discard"),
    path("status/<uuid:pk>/keep/", own.adopt, name="adopt"),
]
