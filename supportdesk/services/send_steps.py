"""What each step of sending leads to: a worker tells, this answers with commands.

The theory is in `domain/sending`. Two rules hold here. A worker says to each command how it went,
once, and in the order in which it was asked; so what a state has no word for is the late word of a
try that was given up meanwhile, and is passed over. And `GoOn` is returned from one place alone,
after POISED has been committed there.

Over 400 lines, for the steps of one message are one story.
"""

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from supportdesk.domain.answers import DraftId
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.events import Event, MessageChanged, MessagesArrived
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import Conversation, MessageId, MessageSummary, mail_key
from supportdesk.domain.send_events import (
    AnswerFlagged,
    CopyFiled,
    DraftCopied,
    SendAccepted,
    SendDoubtful,
    SendFailed,
    SendFrozen,
    SendMarked,
    SendPoised,
    SendUnmarked,
    SentLookedFor,
    ThreadChecked,
)
from supportdesk.domain.sending import Outgoing, SendEvent, SendState, after, can
from supportdesk.services.collisions import what_is_new
from supportdesk.services.drafts import Drafts
from supportdesk.services.outbox_rows import OutboxRows
from supportdesk.services.outbox_waits import CAP_SECONDS, Moment, OutboxWaits
from supportdesk.services.outbox_words import (
    NOT_LOOKED_AT,
    TEXT_IS_GONE,
    somebody_answers,
)
from supportdesk.services.send_commands import (
    CheckThread,
    Discard,
    FileCopy,
    Flag,
    Freeze,
    GiveUp,
    GoOn,
    LearnKeepsSent,
    LookFor,
    Mark,
    Send,
    SendCommand,
    ShowAnswer,
    Unmark,
)

LOOK_AFTER_SECONDS = (0.0, 5.0, 30.0, 120.0)
"""When proof of a doubtful message is looked for; and with whatever mail comes later."""
CHECK_SECONDS = 90.0
SOMEBODY_ELSE_SECONDS = 5.0
MARK_LEFT_BEHIND_SECONDS = 15 * 60.0
"""A sending mark of another that lies there for so long was left by a crash."""
_OF_ONE_MESSAGE = (StoreError.__name__,)
"""Sorts of problems that say nothing of the link: the wire form cannot be read."""

Commands = tuple[SendCommand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxView:
    """What has to be known of the inbox, by ledger key."""

    conversation: Callable[[str], Conversation | None]
    message: Callable[[str], MessageSummary | None]


class SendSteps:
    """Moves rows along; the acts of the founder and the clock are the outbox's."""

    def __init__(
        self, rows: OutboxRows, waits: OutboxWaits, drafts: Drafts, inbox: InboxView
    ) -> None:
        self._rows = rows
        self._waits = waits
        self._drafts = drafts
        self._inbox = inbox
        self._failures: dict[DraftId, int] = {}
        self._looks: dict[DraftId, int] = {}
        self._tokens: dict[DraftId, str] = {}
        self._checks = 0
        self._others_since: dict[DraftId, float] = {}
        self._looking: set[DraftId] = set()
        self.unproven: set[DraftId] = set()
        """Written by another run: before the first try Sent is asked whether it has gone out."""

    # --- what is told ------------------------------------------------------------------------

    def apply(self, event: Event, moment: Moment) -> Commands:
        """Fold an event in. What is not about sending is looked through for proof."""
        match event:
            case MessagesArrived():
                return self._look_through(event.messages, moment)
            case MessageChanged():
                return self._look_through((event.message,), moment)
            case ThreadChecked():
                return self._checked(event, moment)
            case SendFrozen() | SendMarked() | SendUnmarked() | SendPoised():
                return self._on_its_way(event, moment)
            case SendAccepted() | SendFailed() | SendDoubtful():
                return self._outcome(event, moment)
            case SentLookedFor() | CopyFiled() | AnswerFlagged():
                return self._afterwards(event, moment)
            case DraftCopied():
                self._copied(event)
            case _:
                pass
        return ()

    def _on_its_way(
        self, event: SendFrozen | SendMarked | SendUnmarked | SendPoised, moment: Moment
    ) -> Commands:
        row = self._rows.get(event.draft_id)
        if row is None:
            # Given up meanwhile. A dot that waits for us must not wait in vain.
            stop = GiveUp(account=event.account, draft_id=event.draft_id)
            return (stop,) if isinstance(event, SendPoised) else ()
        match event:
            case SendFrozen():
                return self._frozen(row, moment)
            case SendMarked():
                return self._marked(row, event, moment)
            case SendUnmarked():
                self._rows.put(replace(row, mark=""))
                return ()
            case SendPoised():
                return self._poised(row, moment)
            case _:
                assert_never(event)

    def _outcome(self, event: SendAccepted | SendFailed | SendDoubtful, moment: Moment) -> Commands:
        row = self._rows.get(event.draft_id)
        if row is None:
            return ()
        match event:
            case SendAccepted():
                return self._accepted(row, moment)
            case SendFailed():
                return self._failed(row, event, moment)
            case SendDoubtful():
                return self._lost(row, event.problem, moment)
            case _:
                assert_never(event)

    def _afterwards(
        self, event: SentLookedFor | CopyFiled | AnswerFlagged, moment: Moment
    ) -> Commands:
        learnt = _learnt(event)
        row = self._rows.get(event.draft_id)
        if row is None:
            return learnt
        match event:
            case SentLookedFor():
                return self._looked(row, event, moment)
            case CopyFiled():
                return (*learnt, *self._filed(row, event, moment))
            case AnswerFlagged():
                return self._flagged(row, moment)
            case _:
                assert_never(event)

    def _frozen(self, row: Outgoing, moment: Moment) -> Commands:
        if can(row.state, SendEvent.FROZEN):
            self._failures.pop(row.draft_id, None)
            self._rows.put(moved(row, SendEvent.FROZEN, problem=None, next_at=None))
            self._waits.wait_until(row.draft_id, moment.seconds)
        return ()

    def _marked(self, row: Outgoing, event: SendMarked, moment: Moment) -> Commands:
        row = self._rows.put(replace(row, mark=event.mark))
        if row.state is not SendState.CHECKING:
            return self.unmarking(row)
        if not event.others or row.is_sent_anyway:
            self._others_since.pop(row.draft_id, None)
            return self._check_thread(row, moment)
        since = self._others_since.setdefault(row.draft_id, moment.seconds)
        if moment.seconds - since >= MARK_LEFT_BEHIND_SECONDS:
            return self._check_thread(row, moment)
        problem = somebody_answers(event.others)
        return self._wait(row, problem, moment.seconds + SOMEBODY_ELSE_SECONDS, moment)

    def _check_thread(self, row: Outgoing, moment: Moment) -> Commands:
        self._checks += 1
        token = f"{row.draft_id}/{self._checks}"
        self._tokens[row.draft_id] = token
        self._waits.wait_until(row.draft_id, moment.seconds + CHECK_SECONDS)
        return (CheckThread(account=row.account, token=token),)

    def _checked(self, event: ThreadChecked, moment: Moment) -> Commands:
        row = next((one for one in self._rows if self._is_token_of(one, event.token)), None)
        if row is None:
            return ()
        del self._tokens[row.draft_id]
        if event.problem is not None:
            return self.not_looked_at(row, event.problem, moment)
        if self._inbox.message(mail_key(row.account, row.message_id)) is not None:
            return self.found(row, moment)
        draft = self._drafts.draft(row.draft_id)
        if draft is not None and what_is_new(draft, self._inbox.conversation(row.answers)):
            return self._hold(row)
        return self.try_now(row)

    def _is_token_of(self, row: Outgoing, token: str) -> bool:
        is_checking = row.state is SendState.CHECKING
        return is_checking and self._tokens.get(row.draft_id) == token

    def _hold(self, row: Outgoing) -> Commands:
        self._waits.clear(row.draft_id)
        row = self._rows.put(moved(row, SendEvent.NEW, problem=None))
        return self.unmarking(row)

    def _poised(self, row: Outgoing, moment: Moment) -> Commands:
        if row.state is SendState.POISED:
            return ()  # it was allowed already
        if not can(row.state, SendEvent.POISED):
            return (GiveUp(account=row.account, draft_id=row.draft_id),)
        try:
            self._rows.commit(moved(row, SendEvent.POISED, poised_at=moment.at))
        except StoreError as error:
            self._rows.problem = error.problem
            return (GiveUp(account=row.account, draft_id=row.draft_id),)
        return (GoOn(account=row.account, draft_id=row.draft_id),)

    def _accepted(self, row: Outgoing, moment: Moment) -> Commands:
        if not can(row.state, SendEvent.ACCEPTED):
            return ()
        self._waits.account_works(row.account)
        return self._sent(moved(row, SendEvent.ACCEPTED), moment)

    def _lost(self, row: Outgoing, problem: Problem, moment: Moment) -> Commands:
        if can(row.state, SendEvent.LOST):
            self._rows.put(moved(row, SendEvent.LOST, problem=problem))
            self.look_anew(row.draft_id, moment)
        return ()

    # --- what failed ------------------------------------------------------------------------

    def _failed(self, row: Outgoing, event: SendFailed, moment: Moment) -> Commands:
        self._looking.discard(row.draft_id)
        if row.state is SendState.DOUBTFUL:
            # Nobody could look: the same look once more.
            self._waits.wait_until(row.draft_id, moment.seconds + self._delay(row.draft_id))
            return ()
        if event.is_final and can(row.state, SendEvent.REFUSED):
            return self.refused(row, event.problem, event.refused)
        if not can(row.state, SendEvent.FAILED):
            return ()
        if row.state is SendState.FILING and event.is_final:
            return self._wait(row, event.problem, moment.seconds + CAP_SECONDS, moment)
        if row.state is SendState.FILED and event.is_final:
            return self._flagged(row, moment)
        if row.state in (SendState.FREEZING, SendState.FILING, SendState.FILED):
            due = moment.seconds + self._delay(row.draft_id)
            return self._wait(row, event.problem, due, moment)
        if not event.refused and event.problem.sort not in _OF_ONE_MESSAGE:
            self._account_failed(row.account, event.problem, moment)
        due = moment.seconds + self._waits.delay_seconds(row.tries)
        return self._wait(replace(row, refused=event.refused), event.problem, due, moment)

    def _account_failed(self, account: SourceName, problem: Problem, moment: Moment) -> None:
        self._waits.account_failed(account, moment.seconds)
        if problem.is_for_founder:
            self._waits.stop_account(account)

    def _delay(self, draft_id: DraftId) -> float:
        self._failures[draft_id] = self._failures.get(draft_id, 0) + 1
        return self._waits.delay_seconds(self._failures[draft_id])

    def _wait(self, row: Outgoing, problem: Problem, due: float, moment: Moment) -> Commands:
        self._waits.wait_until(row.draft_id, due)
        next_at = moment.at + timedelta(seconds=due - moment.seconds)
        row = moved(row, SendEvent.FAILED, problem=problem, next_at=next_at)
        row = self._rows.put(row)
        return self.unmarking(row) if row.state is SendState.WAITING else ()

    def refused(
        self, row: Outgoing, problem: Problem, refused: tuple[tuple[str, str], ...] = ()
    ) -> Commands:
        """It will never work as it is."""
        self._waits.clear(row.draft_id)
        row = moved(row, SendEvent.REFUSED, problem=problem, refused=refused, next_at=None)
        return self.unmarking(self._rows.put(row))

    def not_looked_at(self, row: Outgoing, problem: Problem, moment: Moment) -> Commands:
        """Inbox and Sent could not be looked at in time: unseen nothing is sent."""
        self._tokens.pop(row.draft_id, None)
        self._account_failed(row.account, problem, moment)
        due = moment.seconds + self._waits.delay_seconds(row.tries)
        return self._wait(row, replace(NOT_LOOKED_AT, sort=problem.sort), due, moment)

    # --- what is done next --------------------------------------------------------------------

    def freeze(self, row: Outgoing) -> Commands:
        """Have the wire form made."""
        self._waits.clear(row.draft_id)
        draft = self._drafts.draft(row.draft_id)
        return self.refused(row, TEXT_IS_GONE) if draft is None else (Freeze(draft=draft),)

    def begin(self, row: Outgoing) -> Commands:
        """It is due: prove that it has not gone out, see what came meanwhile, try."""
        self._waits.clear(row.draft_id)
        if row.draft_id in self.unproven:
            self._looking.add(row.draft_id)
            return (LookFor(outgoing=row),)
        return self.check(self._rows.put(moved(row, SendEvent.DUE, next_at=None)))

    def check(self, row: Outgoing) -> Commands:
        """One that answers nobody meets nobody."""
        return self.try_now(row) if row.question_id is None else (Mark(outgoing=row),)

    def try_now(self, row: Outgoing) -> Commands:
        """Nothing stands against it."""
        self._waits.clear(row.draft_id)
        row = moved(row, SendEvent.CLEAR, tries=row.tries + 1, refused=())
        return (Send(outgoing=self._rows.put(row)),)

    def is_under_way(self, row: Outgoing) -> bool:
        """A worker has it."""
        busy = (SendState.CHECKING, SendState.TRYING, SendState.POISED)
        return row.state in busy or row.draft_id in self._looking

    def unmarking(self, row: Outgoing) -> Commands:
        """Take our mark back, if there is one."""
        return (Unmark(outgoing=row),) if row.mark else ()

    def worker_ended(self, account: SourceName) -> None:
        """Nobody looks for anything of this account any more."""
        for row in self._rows:
            if row.account == account and row.draft_id in self._looking:
                self.let_be(row.draft_id)
                self._waits.wait_until(row.draft_id, float("-inf"))

    def let_be(self, draft_id: DraftId) -> None:
        """It is not sent now, and waits for nothing."""
        self._looking.discard(draft_id)
        self._tokens.pop(draft_id, None)
        self._waits.clear(draft_id)

    # --- proof --------------------------------------------------------------------------------

    def look_anew(self, draft_id: DraftId, moment: Moment) -> None:
        """Look for proof now, and again later."""
        self._looks[draft_id] = 0
        self._waits.wait_until(draft_id, moment.seconds + LOOK_AFTER_SECONDS[0])

    def look(self, row: Outgoing) -> Commands:
        self._waits.clear(row.draft_id)
        return (LookFor(outgoing=row),)

    def _looked(self, row: Outgoing, event: SentLookedFor, moment: Moment) -> Commands:
        self._looking.discard(row.draft_id)
        if event.place is not None:
            return self.found(replace(row, place=event.place), moment)
        self.unproven.discard(row.draft_id)
        if row.state is SendState.WAITING:
            self._waits.wait_until(row.draft_id, moment.seconds)
        elif row.state is SendState.DOUBTFUL:
            self._look_later(row.draft_id, moment)
        return ()

    def _look_later(self, draft_id: DraftId, moment: Moment) -> None:
        looks = self._looks.get(draft_id, 0) + 1
        self._looks[draft_id] = looks
        if looks < len(LOOK_AFTER_SECONDS):
            gap = LOOK_AFTER_SECONDS[looks] - LOOK_AFTER_SECONDS[looks - 1]
            self._waits.wait_until(draft_id, moment.seconds + gap)

    def has_looked(self, draft_id: DraftId) -> bool:
        """All looks are over, and none found it."""
        return self._looks.get(draft_id, 0) >= len(LOOK_AFTER_SECONDS)

    def _look_through(self, messages: Iterable[MessageSummary], moment: Moment) -> Commands:
        """A copy of it, or an answer to it, proves that it has gone out."""
        doubted = {
            (row.account, row.message_id): row
            for row in self._rows
            if can(row.state, SendEvent.FOUND)
        }
        if not doubted:
            return ()
        proved: dict[DraftId, Outgoing] = {}
        for message in messages:
            for one in (message.message_id, *message.references):
                row = doubted.get((message.account, MessageId(one)))
                if row is not None:
                    proved[row.draft_id] = row
        return tuple(command for row in proved.values() for command in self.found(row, moment))

    def found(self, row: Outgoing, moment: Moment) -> Commands:
        """It has gone out, whatever was thought of it."""
        if not can(row.state, SendEvent.FOUND):
            return ()
        is_trying = row.state is SendState.TRYING
        stop = (GiveUp(account=row.account, draft_id=row.draft_id),) if is_trying else ()
        return (*stop, *self._sent(moved(row, SendEvent.FOUND), moment))

    # --- after it has gone out ----------------------------------------------------------------

    def has_gone(self, row: Outgoing, moment: Moment) -> Commands:
        """The founder says so."""
        return self._sent(moved(row, SendEvent.IT_HAS_GONE), moment)

    def _sent(self, row: Outgoing, moment: Moment) -> Commands:
        self.unproven.discard(row.draft_id)
        for kept in (self._failures, self._looks, self._others_since):
            kept.pop(row.draft_id, None)
        row = replace(row, sent_at=moment.at, problem=None, next_at=None, refused=())
        row = self._rows.put(row)
        return (*self.showing(row), *self.file(row, moment))

    def showing(self, row: Outgoing) -> Commands:
        """The question closes."""
        draft = self._drafts.draft(row.draft_id)
        return () if draft is None else (ShowAnswer(outgoing=row, draft=draft),)

    def file(self, row: Outgoing, moment: Moment) -> Commands:
        """The copy, then the flag; and again, if one of them failed."""
        self._waits.clear(row.draft_id)
        if row.state is SendState.SENT:
            row = self._rows.put(moved(row, SendEvent.FILE))
            return (FileCopy(outgoing=row),)
        if row.question_id is None:
            return self._flagged(row, moment)
        return (*self.unmarking(row), Flag(outgoing=row))

    def _filed(self, row: Outgoing, event: CopyFiled, moment: Moment) -> Commands:
        if not can(row.state, SendEvent.FILED):
            return ()
        self._failures.pop(row.draft_id, None)
        self._waits.account_works(row.account)
        place = event.place or row.place
        row = moved(row, SendEvent.FILED, place=place, problem=None, next_at=None)
        row = self._rows.put(row)
        showing = self.showing(row) if event.place is not None else ()
        return (*showing, *self.file(row, moment))

    def _flagged(self, row: Outgoing, moment: Moment) -> Commands:
        """Done, unless that cannot be written: then it is flagged again, which changes nothing."""
        if not can(row.state, SendEvent.FLAGGED):
            return ()
        try:
            self._rows.commit(moved(row, SendEvent.FLAGGED, problem=None, next_at=None, mark=""))
        except StoreError as error:
            self._rows.problem = error.problem
            self._waits.wait_until(row.draft_id, moment.seconds + self._delay(row.draft_id))
            return ()
        self._rows.let_go(row.draft_id)
        self._waits.clear(row.draft_id)
        self._failures.pop(row.draft_id, None)
        # What stays of it on a full disk goes with the next start.
        with contextlib.suppress(StoreError):
            self._drafts.drop(row.draft_id)
        return (Discard(account=row.account, draft_id=row.draft_id),)

    def _copied(self, event: DraftCopied) -> None:
        draft = self._drafts.draft(event.draft_id)
        if draft is not None:
            self._drafts.typed(replace(draft, copied_to=event.place))


def moved(row: Outgoing, event: SendEvent, **changes: object) -> Outgoing:
    """The row after an event, with what else changes by it."""
    return replace(row, state=after(row.state, event), **changes)  # type: ignore[arg-type]  # checked by replace itself


def _learnt(event: SentLookedFor | CopyFiled | AnswerFlagged) -> Commands:
    """How the server keeps Sent is told also when all is done."""
    if isinstance(event, CopyFiled) and event.keeps_sent is not None:
        return (LearnKeepsSent(account=event.account, keeps=event.keeps_sent),)
    return ()
