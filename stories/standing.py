"""Where a text stands, told to its owner: its state, what happened, and the letter that says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

import content
from stories.changes import Changes, changes
from stories.happened import Event, FromModerator, answer_to_appeal, events_of, letters_of, messages_of, wait_of
from stories.lifecycle import ANSWERED, FOR_OWNER, UNDER_WAY, State
from stories.models import Audience, Contribution, Outcome, Publication, Revision, Suppression, Wait, house_rules
from stories.pause import answer_until, hidden_until, kept_until
from stories.reading import Story, role_label, story_of
from stories.reasons import Appealing, Letter, appealing, letter_about
from stories.text import excerpt

HEARD = ANSWERED | {State.APPROVED}
FINISHED = frozenset({State.WITHDRAWN, State.DISCARDED})
NAME_LENGTH = 60  # characters by which a text without a title is called


@dataclass(frozen=True)
class Standing:
    """A text with all its versions, oldest first, and the pointer that readers follow, if there is one."""

    contribution: Contribution
    revisions: Sequence[Revision]
    live: Publication | None
    hidden: Suppression | None = None

    @property
    def pk(self) -> UUID:
        """Return the text's id."""
        return self.contribution.pk

    @property
    def has_news(self) -> bool:
        """Say whether others changed where it stands since its owner looked."""
        return not self.contribution.is_seen

    @property
    def is_reply(self) -> bool:
        """Say whether the text answers a story."""
        return self.contribution.parent_id is not None

    @property
    def name(self) -> str:
        """Return what the text is called: its title, or its first words, or else who begins it and when."""
        last: Any = self.last  # with its beginning, whether or not the text itself was fetched
        return str(last.title or excerpt(last.beginning, NAME_LENGTH) or self._name_without_words)

    @property
    def _name_without_words(self) -> str:
        if self.is_reply:
            return gettext("An answer without words")
        named = {"role": role_label(self.last.role), "month": date_format(self.contribution.month, "YEAR_MONTH_FORMAT")}
        return (gettext("%(role)s, begun in %(month)s") if named["role"] else gettext("Begun in %(month)s")) % named

    @property
    def last(self) -> Revision:
        """Return the version that counts: a proposal to answer, what is being written, or the newest that was kept.

        What another version replaced, or nobody went on with, and a draft that was thrown away do not count.
        """
        for first in (State.PROPOSED, State.DRAFT):
            if found := next((one for one in self.revisions if one.state == first), None):
                return found
        kept = [one for one in self.revisions if one.state not in {State.DISCARDED, State.SUPERSEDED}]
        return (kept or self.revisions)[-1]

    @property
    def state(self) -> State:
        """Return the state of the newest version; a text of which any version was withdrawn is withdrawn."""
        withdrawn = any(one.state == State.WITHDRAWN for one in self.revisions)
        return State.WITHDRAWN if withdrawn else State(self.last.state)

    @property
    def draft(self) -> Revision | None:
        """Return the version that is being written, if there is one."""
        return self.last if self.state == State.DRAFT else None

    @property
    def shown(self) -> Revision | None:
        """Return the version that readers follow the pointer to, if there is one."""
        return next((one for one in self.revisions if self.live and one.pk == self.live.revision_id), None)

    @property
    def is_hidden(self) -> bool:
        """Say whether what was published is hidden from readers until somebody has decided about it."""
        return self.live is not None and self.hidden is not None

    @property
    def up(self) -> Publication | None:
        """Return the pointer that readers really follow: none while the text is hidden."""
        return None if self.is_hidden else self.live

    @property
    def is_read_again(self) -> bool:
        """Say whether somebody is to decide about what was published."""
        return self.shown is not None and wait_of(self.shown) is not None

    @property
    def awaits_new_version(self) -> bool:
        """Say whether a hidden text was decided about, and is shown again as soon as its words are others."""
        letters = letters_of(self.shown) if self.shown and self.is_hidden and not self.is_read_again else []
        return bool(letters) and letters[-1].outcome == Outcome.PROPOSE

    @property
    def hidden_until(self) -> date | None:
        """Return the last day on which a newer version shows what is hidden, where only its owner can do something."""
        told: Any = getattr(self.revisions[0], "answers_to", None)
        asked = any(one.state in UNDER_WAY or wait_of(one) for one in self.revisions)
        is_mine = not asked and (not self.is_reply or (told is not None and told["takes_replies"]))
        return hidden_until(self.hidden) if self.hidden and self.is_hidden and is_mine else None

    @property
    def proposal(self) -> Revision | None:
        """Return the version that a moderator would publish, while its owner has not answered."""
        return self.last if self.state == State.PROPOSED else None

    @property
    def proposed_changes(self) -> Changes | None:
        """Return what that proposal changes in the owner's words."""
        proposal = self.proposal
        own = next((one for one in self.revisions if proposal and one.pk == proposal.redacts_id), None)
        return changes(own, proposal) if own and proposal else None

    @property
    def wait(self) -> Wait | None:
        """Return what is waited for: by a new version, by an appeal, or by what is hidden."""
        asked = self.last if self.state == State.WAITING else self.judged if self.is_appealed else self.shown
        return wait_of(asked) if asked else None

    @property
    def answer_until(self) -> date | None:
        """Return the last day on which a change that was asked for, or proposed, can be answered."""
        return answer_until(self.last) if self.state in FOR_OWNER else None

    @property
    def kept_until(self) -> date | None:
        """Return the last day on which its draft is kept: as long as what it answers waits, where that is longer."""
        if self.state != State.DRAFT:
            return None
        asked = [one for one in self.revisions if one.state in FOR_OWNER]
        return answer_until(max([self.last, *asked], key=lambda one: one.month)) if asked else kept_until(self.last)

    @property
    def ends_with_draft(self) -> bool:
        """Say whether the text itself ends with its draft, as it answers what was asked and nothing else stands."""
        asked = any(one.state in FOR_OWNER for one in self.revisions)
        return asked and self.state == State.DRAFT and self.live is None and self.judged is None

    @property
    def ran_out(self) -> bool:
        """Say whether it ended because nobody answered in time, and not because its owner withdrew it."""
        return any(one.ran_out for one in self.revisions if one.state == State.WITHDRAWN)

    @property
    def judged(self) -> Revision | None:
        """Return the version that was refused or taken down and was not replaced since."""
        return next((one for one in reversed(self.revisions) if one.state in {State.REFUSED, State.REMOVED}), None)

    @property
    def appeal(self) -> Appealing | None:
        """Return where an appeal about that version stands."""
        if self.judged is None or self.is_over:
            return None
        found = appealing(self.judged, is_moot=self.lost_its_story)
        return found if found.words or not self.lost_its_story else None

    @property
    def appealable_letter(self) -> Letter | None:
        """Return the letter about the decision that can be appealed against."""
        return letter_about(self.judged) if self.judged else None

    @property
    def was_given_back(self) -> bool:
        """Say whether readers see it because somebody else decided otherwise on appeal."""
        answered = answer_to_appeal(self.shown) if self.shown else None
        return answered is not None and answered.outcome == Outcome.APPROVE

    @property
    def is_put_back(self) -> bool:
        """Say whether it is hidden because the site went back to a copy in which it could be read again."""
        return self.hidden is not None and self.hidden.ground == Suppression.PUT_BACK

    @property
    def was_replaced(self) -> bool:
        """Say whether it is hidden because its owner had replaced this version after that copy was made."""
        return self.hidden is not None and self.hidden.ground == Suppression.REPLACED

    @property
    def hidden_for(self) -> content.Rule | None:
        """Return the house rule for which the text is hidden, if it still is one."""
        rules = house_rules(get_language() or "en")
        return next((one for one in rules if self.hidden and one.code == self.hidden.ground), None)

    @property
    def can_send(self) -> bool:
        """Say whether the next thing to do may be to send something."""
        return self.state in {State.DRAFT, State.REFUSED, State.REMOVED}

    @property
    def is_appealed(self) -> bool:
        """Say whether somebody else is looking at it at its owner's wish."""
        return self.appeal is not None and self.appeal.is_open

    @property
    def messages(self) -> list[FromModerator]:
        """Return what moderators left for the owner to read, oldest first."""
        return [message for one in self.revisions for message in messages_of(one)]

    @property
    def is_for_members(self) -> bool:
        """Say whether what is up is for members only."""
        return self.shown is not None and self.shown.audience == Audience.MEMBERS

    @property
    def is_edit(self) -> bool:
        """Say whether a new version is written or waits while another one is up."""
        return self.live is not None and self.state in {State.DRAFT, State.WAITING}

    @property
    def changes(self) -> Changes | None:
        """Return what an edit changes beside what readers see; None when there is no edit."""
        if not self.is_edit or self.live is None or self.shown is None:
            return None
        return changes(self.shown, self.last, warnings_before=self.live.warnings)

    @property
    def lost_its_story(self) -> bool:
        """Say whether it is an answer to a story that nobody can read any more; known of a text fetched whole."""
        first: Any = self.revisions[0]  # with the story that came along
        return self.is_reply and getattr(first, "answers_to", True) is None

    @property
    def is_over(self) -> bool:
        """Say whether nothing more comes of the text."""
        return self.state in FINISHED

    @property
    def heard(self) -> Revision | None:
        """Return the newest version that was answered and still counts."""
        return next((one for one in reversed(self.revisions) if one.state in HEARD), None)

    @property
    def letter(self) -> Letter | None:
        """Return the newest letter about that version, with the passages it names marked in the words."""
        return letter_about(self.heard) if self.heard else None

    @property
    def appealed_letter(self) -> Letter | None:
        """Return the letter about the decision that stood after an appeal."""
        return letter_about(self.heard, before=Outcome.UPHOLD) if self.heard else None

    @property
    def sent(self) -> Story | None:
        """Return the newest words that were sent, where no draft goes on with them and no letter shows them."""
        letter = self.letter
        is_told = letter is not None and letter.outcome != Outcome.APPROVE and self.heard is self.last
        unsent = {State.DRAFT, State.DISCARDED, State.PROPOSED}
        return None if is_told or self.state in unsent else story_of(self.last)

    @property
    def can_write(self) -> bool:
        """Say whether the owner may go on writing now."""
        return not self.is_over and self.state not in {State.WAITING, State.PROPOSED}

    @property
    def can_withdraw(self) -> bool:
        """Say whether there is something that was sent and can be taken away."""
        return any(one.state in HEARD | {State.WAITING, State.PROPOSED} for one in self.revisions)

    @property
    def added_warnings(self) -> list[str]:
        """Return the content warnings that a moderator added to what readers see now."""
        if self.live is None or self.shown is None:
            return []
        return sorted(set(self.live.warnings) - set(self.shown.warnings))

    @property
    def events(self) -> list[Event]:
        """Return what happened, oldest first."""
        events = events_of(self.revisions)
        if self.lost_its_story and self.state == State.TAKEN_BACK:
            events[-1] = Event(_("The story it answers is no longer here, so it is not read any more"))
        if self.is_hidden:
            events.append(Event(_("It is hidden for now")))
        if self.state == State.WITHDRAWN and not self.ran_out:
            events.append(Event(_("You withdrew it")))
        return events
