"""The addresses of stories and of what their owners do with them. A text is named by its contribution."""

from django.urls import path, register_converter

from stories.guide import StepConverter
from stories.views import answering, choices, leaving, own, preview, readers, reading, replies, writing

register_converter(StepConverter, "step")

app_name = "stories"
urlpatterns = [
    path("", reading.story_list, name="list"),
    path("<uuid:pk>/", reading.detail, name="detail"),
    path("reading/", choices.reading, name="reading"),
    path("new/", writing.new, name="new"),
    path("new/<uuid:pk>/", writing.write, name="write"),
    path("new/<uuid:pk>/<step:step>/", writing.step, name="step"),
    path("preview/<uuid:pk>/", preview.preview, name="preview"),
    path("preview/<uuid:pk>/fix/", preview.fix, name="fix"),
    path("<uuid:pk>/react/", readers.react, name="react"),
    path("<uuid:pk>/save/", readers.save, name="save"),
    path("saved/", readers.saved, name="saved"),
    path("mine/", own.mine, name="mine"),
    path("receipt/", own.receipt, name="receipt"),
    path("status/<uuid:pk>/", own.status, name="status"),
    path("status/<uuid:pk>/take-back/", own.take_back, name="take_back"),
    path("status/<uuid:pk>/withdraw/", own.withdraw, name="withdraw"),
    path("status/<uuid:pk>/erase/", leaving.erase_text, name="erase"),
    path("status/<uuid:pk>/export/", leaving.export_text, name="export"),
    path("status/<uuid:pk>/discard/", own.discard, name="discard"),
    path("status/<uuid:pk>/keep/", own.adopt, name="adopt"),
    path("status/<uuid:pk>/answer/", answering.respond, name="respond"),
    path("status/<uuid:pk>/appeal/", answering.appeal, name="appeal"),
    path("status/<uuid:pk>/consent/", own.consent, name="consent"),
    path("status/<uuid:pk>/replies/", replies.replies, name="replies"),
    path("<uuid:pk>/reply/", replies.answer, name="answer"),
    path("reply/<uuid:story>/<uuid:pk>/", replies.reply, name="reply"),
]
