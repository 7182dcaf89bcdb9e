"""The template tags: what they draw, and that nobody's words become markup."""

from django.template import Context, Template


def render(source: str, **context: object) -> str:
    return Template("{% load components %}" + source).render(Context(context))


def test_mark_escapes_the_passage_and_its_label() -> None:
    drawn = render("a {% mark text label %}, b", text="<b>0170", label="phone")
    assert drawn == ('a <mark class="signal">&lt;b&gt;0170<span class="signal__label">phone</span></mark>, b')


def test_mark_without_a_label_is_a_plain_mark() -> None:
    assert render("{% mark text %}", text="x") == "<mark>x</mark>"


def test_notice_escapes_its_title_and_keeps_its_body() -> None:
    drawn = render('{% notice "danger" title %}<p>Body</p>{% endnotice %}', title="<i>")
    assert '<div class="notice notice--danger">' in drawn
    assert '<p class="notice__title">&lt;i&gt;</p><p>Body</p></div></div>' in drawn
    assert "#exclamation-octagon" in drawn


def test_icon_is_hidden_from_screen_readers() -> None:
    drawn = render('{% icon "clock" turn=True %}')
    assert 'class="icon icon--turn" aria-hidden="true"' in drawn
    assert "#clock" in drawn
