"""The outbox: what was sent and is on its way, from the founder's click to the flag (F24, F27).

Acts, events and moments in, commands out; `domain/sending` is the theory, `send_steps` what a
worker's word leads to. All that waits, waits by a clock that does not jump. What is on disk goes
on after a kill: what was counting is a draft again, what may have gone out is looked for and never
sent again but by a click.
"""

import contextlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from supportdesk.domain.answers import AnswerKind, Draft, DraftId
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.events import Event
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import Conversation, MessageAddress, MessageId
from supportdesk.domain.sending import GONE, Outgoing, SendEvent, SendState, can
from supportdesk.services.answer_ports import AnswerStore
from supportdesk.services.collisions import News, seen_in, what_is_new
from supportdesk.services.drafts import Drafts
from supportdesk.services.outbox_rows import OutboxRows
from supportdesk.services.outbox_waits import CAP_SECONDS, Moment, OutboxWaits
from supportdesk.services.outbox_words import (
    COPIED_HERE,
    COPIED_POISED,
    CUT_OFF,
    ENDED_WHILE_COUNTING,
    KEPT_AS_DRAFT,
    NOT_LOOKED_AT,
    Unsent,
    no_such_account,
    unsent_of,
)
from supportdesk.services.send_commands import Discard, GiveUp
from supportdesk.services.send_steps import Commands, InboxView, SendSteps, moved

KEPT_FOR = timedelta(days=30)
"""So long the row of a message that has gone out stays."""
_WRITE_AGAIN_SECONDS = 5.0
_FILING_ANEW_SECONDS = 2.0
"""What was being filed when the run ended may be in Sent a moment later."""

_WITH_A_WORKER = (SendState.CHECKING, SendState.TRYING)
_TRIED_AGAIN = (
    SendState.FREEZING,
    SendState.WAITING,
    SendState.DOUBTFUL,
    SendState.SENT,
    SendState.FILED,
)
_IN_ITS_HANDS = (
    *_WITH_A_WORKER,
    SendState.FREEZING,
    SendState.POISED,
    SendState.DOUBTFUL,
    SendState.FILING,
    SendState.FILED,
)


class Outbox:
    """All outgoing messages. One thread calls it, the one that owns the store."""

    def __init__(
        self,
        store: AnswerStore,
        drafts: Drafts,
        inbox: InboxView,
        *,
        installation: str,
        new_message_id: Callable[[Draft], MessageId],
        chance: Callable[[], float],
    ) -> None:
        """`installation` names this desk.db on this computer: rows of another never go out."""
        self._store = store
        self._drafts = drafts
        self._inbox = inbox
        self._installation = installation
        self._new_message_id = new_message_id
        self._rows = OutboxRows(store)
        self._waits = OutboxWaits(chance)
        self._steps = SendSteps(self._rows, self._waits, drafts, inbox)
        self._accounts: frozenset[SourceName] = frozenset()
        self._keeping: frozenset[SourceName] = frozenset()
        self._write_again_at: float | None = None

    # --- life ---------------------------------------------------------------------------------

    def restore(self, moment: Moment) -> Commands:
        """Take up what the last run left. Raises StoreError: then nothing is sent."""
        # A full disk leaves it to the next start; nothing of it is sent again, for it is in Sent.
        with contextlib.suppress(StoreError):
            self._store.clear_done(moment.at - KEPT_FOR)
        self._drafts.restore()
        for row in self._store.outgoing():
            self._rows.take_up(row)
        # Also what is only a draft here may have gone out: an older desk.db may have come back.
        self._steps.unproven |= {one.draft_id for one in self._drafts.drafts()}
        commands = [self._met_again(row, moment) for row in self._rows]
        return self._and_next(_joined(commands), moment)

    def use(self, accounts: Collection[SourceName], keeping: Collection[SourceName] = ()) -> None:
        """These accounts of the settings can send; what waits for another is kept, and says so.

        Of those in `keeping` the settings say that their server files copies in Sent itself.
        """
        self._accounts = frozenset(accounts)
        self._keeping = frozenset(keeping)

    def worker_ended(self, account: SourceName, moment: Moment) -> Commands:
        """Its settings have changed: what it had is begun anew, or doubtful.

        Nothing of that worker is told any more: its word would be taken for the next one's.
        """
        commands = [
            self._met_again(row, moment)
            for row in self._rows
            if row.account == account and row.state in _IN_ITS_HANDS
        ]
        self._steps.worker_ended(account)
        return self._and_next(_joined(commands), moment)

    def hurry(self, moment: Moment) -> Commands:
        """The network is another one: try now what waits for the next try."""
        self._waits.hurry()
        for row in self._rows:
            if row.state in _TRIED_AGAIN and self._waits.due_at(row.draft_id) is not None:
                self._waits.wait_until(row.draft_id, moment.seconds)
        return self._and_next((), moment)

    def try_again(self, moment: Moment) -> Commands:
        """Somebody acted: a password or the settings may be other ones."""
        self._waits.open_all()
        return self.hurry(moment)

    def read_again(self) -> Commands:
        """Some were deleted from desk.db: let go of them. Raises StoreError."""
        kept = {row.draft_id for row in self._store.outgoing()}
        gone = [row for row in self._rows if row.draft_id not in kept]
        for row in gone:
            self._steps.let_be(row.draft_id)
            self._rows.let_go(row.draft_id)
        return tuple(Discard(account=row.account, draft_id=row.draft_id) for row in gone)

    def end(self) -> None:
        """The run ends in order: what could still be undone is a draft again."""
        for row in self._rows:
            if row.state is SendState.COUNTING:
                self._rows.put(moved(row, SendEvent.TAKE_BACK, problem=KEPT_AS_DRAFT))

    # --- the founder's acts -------------------------------------------------------------------

    def send(self, draft_id: DraftId, undo_seconds: float, moment: Moment) -> Commands:
        """Begin to count down. Raises StoreError: then nothing has changed, and nothing is sent."""
        draft = self._drafts.draft(draft_id)
        known = self._rows.get(draft_id)
        if draft is None or (known is not None and known.state is not SendState.WRITING):
            return ()
        self._drafts.keep(draft)
        is_answer = draft.kind in (AnswerKind.REPLY, AnswerKind.REPLY_ALL)
        row = Outgoing(
            draft_id=draft_id,
            account=draft.account,
            message_id=draft.message_id,
            state=SendState.WRITING,
            since=moment.at,
            installation=self._installation,
            answers=draft.answers if is_answer else "",
            question=self._place_of(draft.answers) if is_answer else None,
            mark="" if known is None else known.mark,
        )
        self._rows.commit(moved(row, SendEvent.SEND))
        self._waits.wait_until(draft_id, moment.seconds + undo_seconds)
        return self.due(moment)

    def send_now(self, draft_id: DraftId, moment: Moment) -> Commands:
        """Nobody wants to undo it any more."""
        row = self._rows.get(draft_id)
        if row is None or row.state is not SendState.COUNTING:
            return ()
        self._waits.wait_until(draft_id, moment.seconds)
        return self.due(moment)

    def take_back(self, draft_id: DraftId, moment: Moment) -> Commands:
        """Go on writing, as long as surely nothing has gone out; what came is seen from now on.

        Raises StoreError: then it is as it was.
        """
        row = self._rows.get(draft_id)
        if row is None or not can(row.state, SendEvent.TAKE_BACK):
            if row is not None and row.state is SendState.WRITING:
                # The founder has read why it came back.
                self._rows.put(replace(row, problem=None))
            return ()
        message_id = self._to_go_on_with(row)
        stop = GiveUp(account=row.account, draft_id=draft_id)
        stopping: Commands = (stop,) if row.state in _WITH_A_WORKER else ()
        row = moved(row, SendEvent.TAKE_BACK, problem=None, next_at=None, refused=())
        row = replace(row, message_id=message_id, poised_at=None, is_sent_anyway=False)
        self._rows.commit(row)
        self._steps.let_be(draft_id)
        return self._and_next((*stopping, *self._steps.unmarking(row)), moment)

    def send_anyway(self, draft_id: DraftId, moment: Moment) -> Commands:
        """The founder has read what came. Raises StoreError: then it is still held."""
        row = self._rows.get(draft_id)
        if row is None or row.state is not SendState.HELD:
            return ()
        self._see(row)
        row = moved(row, SendEvent.SEND_ANYWAY, is_sent_anyway=True)
        return self._and_next(self._steps.check(self._rows.commit(row)), moment)

    def again(self, draft_id: DraftId, moment: Moment) -> Commands:
        """Now, whatever it waits for; a doubtful one may then arrive twice, and was asked about.

        Raises StoreError: then it is as it was.
        """
        row = self._rows.get(draft_id)
        if row is None:
            return ()
        if can(row.state, SendEvent.SEND_AGAIN):
            # Proof may have come since anybody looked.
            self._steps.unproven.add(draft_id)
            changes = {"problem": None, "next_at": None, "refused": ()}
            self._rows.commit(moved(row, SendEvent.SEND_AGAIN, **changes))
        elif row.state not in (SendState.WAITING, SendState.FREEZING):
            return ()
        self._waits.open_account(row.account)
        self._waits.wait_until(draft_id, moment.seconds)
        return self._and_next((), moment)

    def it_has_gone(self, draft_id: DraftId, moment: Moment) -> Commands:
        """The founder knows that a doubtful one has arrived."""
        row = self._rows.get(draft_id)
        if row is None or not can(row.state, SendEvent.IT_HAS_GONE):
            return ()
        return self._and_next(self._steps.has_gone(row, moment), moment)

    def look_again(self, draft_id: DraftId, moment: Moment) -> Commands:
        """Look for proof once more, and some more times after that."""
        row = self._rows.get(draft_id)
        if row is None or row.state is not SendState.DOUBTFUL:
            return ()
        self._waits.open_account(row.account)
        self._steps.look_anew(draft_id, moment)
        return self._and_next((), moment)

    def give_up(self, draft_id: DraftId, moment: Moment) -> Commands:
        """It is not to be sent, and its text goes too. Raises StoreError: then nothing is gone."""
        row = self._rows.get(draft_id)
        if row is None:
            self._drafts.drop(draft_id)
            return ()
        if row.state is SendState.POISED or row.state in GONE:
            return ()
        self._rows.remove(draft_id)
        self._steps.let_be(draft_id)
        if row.poised_at is not None:
            # Whoever thinks better of it and sends the same text again may have sent it already.
            self._steps.unproven.add(draft_id)
        self._drafts.drop(draft_id)
        stop = GiveUp(account=row.account, draft_id=draft_id)
        stopping: Commands = (stop,) if row.state in _WITH_A_WORKER else ()
        discarding = Discard(account=row.account, draft_id=draft_id)
        return self._and_next((*stopping, *self._steps.unmarking(row), discarding), moment)

    # --- events and time ----------------------------------------------------------------------

    def apply(self, event: Event, moment: Moment) -> Commands:
        """Fold an event in, after the desk has."""
        return self._and_next(self._steps.apply(event, moment), moment)

    def due(self, moment: Moment) -> Commands:
        """Do what has fallen due by time alone; too early or too late does no harm."""
        if self._write_again_at is not None and self._write_again_at <= moment.seconds:
            self._write_again_at = None
            self._rows.write_again()
        return self._and_next((), moment)

    def next_due(self) -> float | None:
        """When `due` has something to do, in monotonic seconds; None while nothing waits."""
        moments = [self._due_at(row) for row in self._rows]
        moments.append(self._write_again_at)
        return min((one for one in moments if one is not None), default=None)

    # --- what is true -------------------------------------------------------------------------

    @property
    def problem(self) -> Problem | None:
        """Why desk.db does not take what happens to outgoing messages."""
        return self._rows.problem

    @property
    def not_filed(self) -> Problem | None:
        """Why the copy of something that has gone out is not in Sent, where somebody has to act."""
        problems = (row.problem for row in self._rows if row.state in GONE)
        return next((one for one in problems if one is not None and one.is_for_founder), None)

    def outgoing(self, draft_id: DraftId) -> Outgoing | None:
        """What was sent and is not done; a row in WRITING says why it came back."""
        return self._rows.get(draft_id)

    def seconds_left(self, draft_id: DraftId, moment: Moment) -> float:
        """Of the time to undo."""
        row, due = self._rows.get(draft_id), self._waits.due_at(draft_id)
        is_counting = row is not None and row.state is SendState.COUNTING
        return max(0.0, due - moment.seconds) if is_counting and due is not None else 0.0

    def is_poised(self, account: SourceName) -> bool:
        """A server may have been told the last dot, and has not yet said what it makes of it."""
        mine = (row for row in self._rows if row.account == account)
        return any(row.state is SendState.POISED for row in mine)

    def take_changed(self) -> frozenset[DraftId]:
        """Which are not as they were when this was asked last."""
        return self._rows.take_changed()

    def counting(self) -> tuple[DraftId, ...]:
        return tuple(row.draft_id for row in self._rows if row.state is SendState.COUNTING)

    def unsent(self) -> tuple[Unsent, ...]:
        """What was sent and has perhaps not gone out, the oldest first."""
        found = [self._unsent(row) for row in self._rows]
        return tuple(sorted((one for one in found if one), key=lambda one: one.since))

    def what_is_new(self, draft_id: DraftId) -> News:
        """What came since its writer last looked."""
        draft = self._drafts.draft(draft_id)
        return () if draft is None else what_is_new(draft, self._conversation_of(draft))

    # --- inside -------------------------------------------------------------------------------

    def _met_again(self, row: Outgoing, moment: Moment) -> Commands:
        """A run, or a worker, begins where another has ended."""
        is_foreign = row.installation != self._installation
        event = SendEvent.COPIED_HERE if is_foreign else SendEvent.RESTARTED
        met = moved(row, event, installation=self._installation)
        if met.state is not row.state:
            problem = _why_otherwise(row.state, is_foreign=is_foreign)
            met = replace(met, problem=problem or row.problem)
        if met != row:
            self._rows.put(met)
        self._wait_as_before(met, row.state, moment)
        is_marked = met.mark and met.state not in (SendState.DOUBTFUL, *GONE)
        unmarking = self._steps.unmarking(met) if is_marked else ()
        return (*unmarking, *(self._steps.showing(met) if met.state in GONE else ()))

    def _wait_as_before(self, row: Outgoing, was: SendState, moment: Moment) -> None:
        match row.state:
            case SendState.WAITING:
                left = (row.next_at - moment.at).total_seconds() if row.next_at else 0.0
                # A clock that was wrong then must not hold it up for years.
                self._waits.wait_until(row.draft_id, moment.seconds + min(left, CAP_SECONDS))
            case SendState.FREEZING | SendState.FILED:
                self._waits.wait_until(row.draft_id, moment.seconds)
            case SendState.DOUBTFUL:
                self._steps.look_anew(row.draft_id, moment)
            case SendState.SENT:
                pause = _FILING_ANEW_SECONDS if was is SendState.FILING else 0.0
                self._waits.wait_until(row.draft_id, moment.seconds + pause)
            case _:
                self._waits.clear(row.draft_id)

    def _to_go_on_with(self, row: Outgoing) -> MessageId:
        """Its text, to be written on: with another Message-ID where a server may know this one."""
        draft = self._drafts.draft(row.draft_id)
        if draft is None:
            return row.message_id
        if row.state is SendState.HELD:
            draft = replace(draft, base=draft.base | self._seen(draft))
        if row.poised_at is not None or row.state is SendState.REFUSED:
            draft = replace(draft, message_id=self._new_message_id(draft))
        self._drafts.keep(draft)
        return draft.message_id

    def _see(self, row: Outgoing) -> None:
        draft = self._drafts.draft(row.draft_id)
        if draft is not None:
            self._drafts.keep(replace(draft, base=draft.base | self._seen(draft)))

    def _seen(self, draft: Draft) -> frozenset[str]:
        return seen_in(draft.answers, self._conversation_of(draft))

    def _conversation_of(self, draft: Draft) -> Conversation | None:
        return self._inbox.conversation(draft.answers) if draft.answers else None

    def _place_of(self, answers: str) -> MessageAddress | None:
        message = self._inbox.message(answers)
        return None if message is None else message.address

    def _unsent(self, row: Outgoing) -> Unsent | None:
        is_waiting = row.state in (SendState.WAITING, SendState.FREEZING)
        is_orphan = is_waiting and row.account not in self._accounts
        problem = no_such_account(row.account) if is_orphan else row.problem
        has_looked = self._steps.has_looked(row.draft_id)
        draft = self._drafts.draft(row.draft_id)
        unsent = unsent_of(row, draft, problem, has_looked=has_looked)
        if unsent is None or row.state is not SendState.DOUBTFUL or not has_looked:
            return unsent
        return replace(unsent, is_likely_unsent=self._keeps_sent(row.account))

    def _keeps_sent(self, account: SourceName) -> bool:
        """Is it known that the server files copies itself? Then one that is not there tells."""
        with contextlib.suppress(StoreError):
            return account in self._keeping or bool(self._store.keeps_sent(account))
        return False

    def _and_next(self, commands: Commands, moment: Moment) -> Commands:
        """What was to be done, and all that is due by now."""
        done = list(commands)
        for row in self._rows:
            due = self._due_at(row)
            if due is not None and due <= moment.seconds:
                done.extend(self._do(row, moment))
        self._remember_disk(moment)
        return tuple(done)

    def _do(self, row: Outgoing, moment: Moment) -> Commands:
        match row.state:
            case SendState.COUNTING:
                row = self._rows.put(moved(row, SendEvent.COUNTED))
                return self._steps.freeze(row)
            case SendState.FREEZING:
                return self._steps.freeze(row)
            case SendState.WAITING:
                return self._steps.begin(row)
            case SendState.CHECKING:
                return self._steps.not_looked_at(row, NOT_LOOKED_AT, moment)
            case SendState.DOUBTFUL:
                return self._steps.look(row)
            case SendState.SENT | SendState.FILED:
                return self._steps.file(row, moment)
            case _:
                self._waits.clear(row.draft_id)
                raise ValueError(f"{row.state.name} waits for nothing")

    def _due_at(self, row: Outgoing) -> float | None:
        """When something has to be done with it; None while it waits for a word or an act."""
        due = self._waits.due_at(row.draft_id)
        if due is None or row.state in (SendState.CHECKING, SendState.COUNTING):
            return due
        if row.account not in self._accounts:
            return None
        if row.state is not SendState.WAITING:
            return due
        is_busy = any(
            self._steps.is_under_way(one) for one in self._rows if one.account == row.account
        )
        if (
            is_busy
            or self._waits.is_stopped(row.account)
            or not self._rows.is_written(row.draft_id)
        ):
            return None
        return max(due, self._waits.opens_at(row.account))

    def _remember_disk(self, moment: Moment) -> None:
        if not self._rows.is_waiting_for_disk:
            self._write_again_at = None
        elif self._write_again_at is None:
            self._write_again_at = moment.seconds + _WRITE_AGAIN_SECONDS


def _joined(parts: Iterable[Commands]) -> Commands:
    return tuple(command for part in parts for command in part)


def _why_otherwise(was: SendState, *, is_foreign: bool) -> Problem | None:
    """Why a row is in another state than it was on disk; None: what it says of itself holds."""
    if was is SendState.POISED:
        return COPIED_POISED if is_foreign else CUT_OFF
    if is_foreign:
        return COPIED_HERE
    return ENDED_WHILE_COUNTING if was is SendState.COUNTING else None
