"""Review by keyboard alone: cases of every cause, and how many keys each takes."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from moderation.models import Case, Decision
from stories.actions import appeal
from stories.models import Outcome, Publication
from tests import make
from tests.chromium import axe
from tests.journeys import steps

CONTACT = make.TEXT + "\n\nRing me on +44 20 7946 0958 in the evening."
MOST_FOR_A_YES = 3
MOST_WITH_WORDS = 14
TURNS = 20


class Keys:
    """Somebody at a keyboard, whose presses are counted a case; a line of typed words counts as one."""

    def __init__(self, page: Any) -> None:
        self.page, self.pressed, self.taken = page, 0, dict[str, list[int]]()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.pressed += 1

    def turn(self) -> str:
        """Take the next text, decide about it, and return its cause."""
        self.pressed = 0
        self.page.wait_for_load_state("load")
        self.press("n")
        expect(self.page).to_have_title("A text to read · Fernway")
        self.page.wait_for_load_state("load")
        case = Case.objects.open().exclude(lease_by=None).get()
        if case.cause == "report":
            self.yes("k")
        elif case.cause == "appeal" or "+44" not in case.revision.text:
            self.yes("a")
        else:
            self.ask()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Texts waiting to be read")
        self.taken.setdefault(case.cause, []).append(self.pressed)
        return str(case.cause)

    def yes(self, key: str) -> None:
        self.press(key)
        expect(self.page.get_by_role("dialog")).to_be_visible()
        assert Case.objects.open().exclude(lease_by=None).count() == 1, "one key decides nothing"
        self.press("Enter")

    def ask(self) -> None:
        """Take over what is highlighted, write to the writer, and ask for a change."""
        self.press("g", "t")
        self.type("Please leave out the number.")
        self.press("Tab", "c")
        expect(self.page.get_by_role("dialog")).to_be_visible()
        self.press("Enter")


def arranged() -> None:
    """Leave twenty texts of every cause waiting."""
    for number in range(8):
        make.waiting(title=f"Story {number}")
    for number in range(4):
        make.waiting(title=f"Number {number}", text=CONTACT)
    for number in range(3):
        by = make.owner()
        make.waiting(by, contribution=make.published(by).pk, text=make.TEXT + f" And {number} more.")
    for _ in range(3):
        make.report(make.published(), rules=["kind"], text="It is unkind.", owner=make.owner())
    for _ in range(2):
        by = make.owner()
        refused = make.waiting(by)
        make.decided(refused, Outcome.REFUSE)
        appeal(refused.contribution_id, text="I see it differently.", owner=by)


def test_twenty_cases_are_reviewed_by_keyboard_alone(open_browser: Any, watch: Any) -> None:
    # Given twenty texts of every cause,
    arranged()
    moderator = make.moderator()
    before = Decision.objects.count()
    page = open_browser(width=1280)
    steps.signed_in(page, moderator)
    page.goto("/moderation/")

    # when a moderator reads them with the keyboard alone,
    keys = Keys(page)
    causes = {keys.turn() for _ in range(TURNS)}

    # then each is decided, with few presses, and none by one of them.
    assert causes == {"new", "edit", "report", "appeal"}
    assert Decision.objects.count() == before + TURNS
    assert Publication.objects.filter(revision__title__startswith="Story").count() == 8
    print({cause: sorted(counts) for cause, counts in keys.taken.items()})
    assert max(keys.taken["report"] + keys.taken["appeal"] + keys.taken["edit"]) <= MOST_FOR_A_YES
    assert max(keys.taken["new"]) <= MOST_WITH_WORDS


def test_keys_are_off_in_boxes_with_modifiers_and_where_one_says_so(open_browser: Any, watch: Any) -> None:
    make.waiting()
    page = open_browser(width=1280)
    steps.signed_in(page, make.moderator())
    steps.take_next(page)
    dialog = page.get_by_role("dialog")
    page.get_by_label("Words to the writer").focus()
    page.keyboard.type("a x s b e ?")
    expect(page.get_by_label("Words to the writer")).to_have_value("a x s b e ?")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Control+b")
    expect(dialog).to_have_count(0)
    page.keyboard.press("a")
    expect(dialog).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("?")
    expect(dialog.get_by_text("Publish", exact=True)).to_be_visible()
    assert axe(page) == []
    dialog.get_by_label("Use these keys in this tab").uncheck()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("a")
    expect(dialog).to_have_count(0)
    assert not Decision.objects.exists()


def test_selected_words_are_replaced_in_the_copy_by_their_kind(open_browser: Any, watch: Any) -> None:
    text = make.TEXT + "\n\nAnna came. I told Anna about Annabel."
    make.waiting(text=text)
    page = open_browser(width=1280)
    steps.signed_in(page, make.moderator())
    steps.take_next(page)
    page.get_by_text("Put other words in place of some").click()
    page.evaluate(
        """() => new Promise((done) => {
            document.addEventListener("selectionchange", () => done(), { once: true });
            const walker = document.createTreeWalker(document.querySelector("[data-passages]"), 4);
            for (let node; (node = walker.nextNode()); ) {
                if (!node.data.includes("Anna")) continue;
                getSelection().setBaseAndExtent(node, node.data.indexOf("Anna"), node, node.data.indexOf("Anna") + 4);
                break;
            }
        })"""
    )
    page.get_by_role("button", name="A name", exact=True).click()
    expect(page.get_by_text("Replaced, as often as it stands there: 2")).to_be_visible()
    expect(page.get_by_label("The text")).to_have_value(
        text.replace("Anna came", "[a name] came").replace("told Anna ", "told [a name] ")
    )
    page.get_by_label("Name nobody").check()
    page.get_by_label("Words to the writer").fill("The name would tell who she is.")
    steps.press(page, "Propose the other words")
    expect(page.get_by_text("Your words are offered to the writer, who decides.")).to_be_visible()
