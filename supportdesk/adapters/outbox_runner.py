"""Runs drafts and outbox on Qt's event loop: what is typed and sent, what is told, what is due.

It lives on the thread that owns desk.db, and is made by `answering` when there is something to
write or to send. Nothing on its way and nothing unwritten: no timer, no thread, no connection. One
single-shot timer is armed for the next due moment. What a server says to the last dot is waited
for and taken in also while everything stops.

Over 400 lines, for each act of the founder passes here.
"""

import logging
import random
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.adapters.sender_lines import SenderLines, Senders
from supportdesk.adapters.worker_signals import make_precise
from supportdesk.domain.answers import Draft, DraftId, DraftVersion
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.events import (
    AnswerTold,
    Event,
    MessageChanged,
    MessageGone,
    MessagesArrived,
)
from supportdesk.domain.health import SourceName
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.mail import MessageId, MessageSummary
from supportdesk.domain.send_events import SendStep, ThreadChecked
from supportdesk.domain.sending import Outgoing, SendState
from supportdesk.domain.settings import KeepsSent, Settings
from supportdesk.services.answer_ports import AnswerStore, ThreadFetcher
from supportdesk.services.collisions import News
from supportdesk.services.drafts import Drafts
from supportdesk.services.outbox import Outbox
from supportdesk.services.outbox_waits import Moment
from supportdesk.services.outbox_words import Unsent, late_at, trouble_of
from supportdesk.services.own_answer import NOWHERE, own_answer
from supportdesk.services.ports import Clock, Publisher
from supportdesk.services.send_commands import (
    CheckThread,
    LearnKeepsSent,
    SendCommand,
    ShowAnswer,
)
from supportdesk.services.send_steps import Commands, InboxView

_log = logging.getLogger(__name__)

_LONGEST_TIMER_SECONDS = 24 * 3600.0
OUTCOME_SECONDS = 5.0
"""How long the end of the program waits for what a server says to the last dot."""
COPY_EVERY_SECONDS = 5 * 60.0
"""How old the copy in the Drafts mailbox is at most, while it is typed on."""
_MAIL_EVENTS = (MessagesArrived, MessageChanged, MessageGone)


class OutboxRunner(QObject):
    """Owns drafts, outbox and their timer. `unsent` and what else it tells is for views.

    Signals:
        changed: A `DraftId` whose draft, outgoing message or news is another one.
        unsent_changed: What `unsent` tells is something else.
    """

    changed = Signal(object)
    unsent_changed = Signal()

    def __init__(
        self,
        *,
        store: AnswerStore,
        inbox: InboxView,
        clock: Clock,
        publisher: Publisher,
        make_senders: Callable[[Publisher], Senders],
        fetcher: Callable[[SourceName], ThreadFetcher | None],
        say: Callable[[Problem | None], None],
        new_message_id: Callable[[Draft], MessageId],
        installation: str,
        outgoing_dir: Path,
        to_local: ToLocal,
        parent: QObject | None = None,
    ) -> None:
        """Reads nothing before `start`.

        The store is on the desk's own connection. `make_senders` is called when the first message
        is to be sent; `say` hears what the founder has to know, and None when all is well again.
        `outgoing_dir` has the wire forms, and in `files` what was attached.
        """
        super().__init__(parent)
        self._store = store
        self._inbox = inbox
        self._clock = clock
        self._publisher = publisher
        self._lines = SenderLines(publisher, make_senders)
        self._fetcher = fetcher
        self._say = say
        self._outgoing_dir = outgoing_dir
        self._to_local = to_local
        self._settings = Settings()
        self.why_closed: Problem | None = None
        """Why nothing can be written or sent in this run."""
        self._is_stopped = False
        self._copied_at: dict[DraftId, float] = {}
        self._copied: set[DraftId] = set()
        self._refusals: dict[DraftId, Problem] = {}
        self._news: dict[DraftId, News] = {}
        self._unsent: tuple[Unsent, ...] = ()
        self._said: Problem | None = None
        self._drafts = Drafts(store, clock)
        self._outbox = Outbox(
            store,
            self._drafts,
            inbox,
            installation=installation,
            new_message_id=new_message_id,
            chance=random.random,
        )
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        make_precise(self._timer)
        self._timer.timeout.connect(self._due)

    # --- life ---------------------------------------------------------------------------------

    def start(self, settings: Settings) -> None:
        """Take up what the last run left; what cannot be read says why nothing is sent."""
        self._use(settings)
        self._lines.use(settings)
        try:
            commands = self._outbox.restore(self._now())
        except StoreError as error:
            self.why_closed = error.problem
            self._say(error.problem)
            return
        self._sweep()
        self._carry_out(commands)

    def follow(self, settings: Settings) -> None:
        """The settings have changed."""
        self._use(settings)
        commands: list[SendCommand] = []
        for account in self._lines.use(settings):
            self._hear_out(account)
            commands.extend(self._outbox.worker_ended(account, self._now()))
        self._carry_out((*commands, *self._outbox.try_again(self._now())))

    def _hear_out(self, account: SourceName) -> None:
        for event in self._lines.end(account):
            self._outbox.apply(event, self._now())

    def hurry(self) -> None:
        """The network is another one, or the computer woke up."""
        self._carry_out(self._outbox.hurry(self._now()))

    def check_now(self) -> None:
        """Somebody acted, and wants it tried now."""
        self._carry_out(self._outbox.try_again(self._now()))

    def forget(self) -> None:
        """Somebody was forgotten: their drafts and messages are gone from desk.db."""
        self._drafts.read_again()
        self._carry_out(self._outbox.read_again())

    def stop(self) -> None:
        """What still counts down is a draft again; what a server says to a dot is waited for."""
        if self._is_stopped:
            return
        if self.why_closed is None:
            self._outbox.end()
            self._drafts.write_all()
        self._hear_the_last(OUTCOME_SECONDS)
        self._is_stopped = True
        self._timer.stop()
        for account in self._lines.accounts:
            self._hear_out(account)

    def _hear_the_last(self, seconds: float) -> None:
        """Every second here is one less doubt of whether a message has gone out."""
        deadline = self._clock.monotonic_seconds() + seconds
        for account in self._lines.accounts:
            while self._outbox.is_poised(account):
                left = deadline - self._clock.monotonic_seconds()
                told = self._lines.last_words(account, left) if left > 0 else ()
                if not told:
                    return
                for event in told:
                    self._outbox.apply(event, self._now())

    # --- writing ------------------------------------------------------------------------------

    def begin(self, draft: Draft) -> None:
        """Keep a new draft. Raises StoreError: then it was not begun."""
        if self.why_closed is not None:
            raise StoreError(self.why_closed.title, self.why_closed.advice)
        self._drafts.begin(draft)
        self._news[draft.draft_id] = self._outbox.what_is_new(draft.draft_id)
        self.changed.emit(draft.draft_id)

    def typed(self, draft: Draft) -> None:
        """It reads like this now; `trouble` says if that cannot be kept."""
        if self._drafts.typed(draft):
            self.changed.emit(draft.draft_id)
        copied_at = self._copied_at.setdefault(draft.draft_id, self._clock.monotonic_seconds())
        if self._clock.monotonic_seconds() - copied_at >= COPY_EVERY_SECONDS:
            self._copy(draft.draft_id)
        self._arm()

    def trouble(self, draft_id: DraftId) -> Problem | None:
        """Why its newest words are not on disk, or why the last act could not be done."""
        return self._drafts.trouble(draft_id) or self._refusals.get(draft_id)

    def close(self, draft_id: DraftId) -> None:
        """It is put away, and kept."""
        self._drafts.close(draft_id)
        if draft_id in self._copied_at:
            self._copy(draft_id)
            del self._copied_at[draft_id]
        self._arm()

    def _copy(self, draft_id: DraftId) -> None:
        """Into the Drafts mailbox, where the founder wants that (F26)."""
        draft = self._drafts.draft(draft_id)
        if self._settings.answering.copy_drafts and draft is not None:
            self._copied_at[draft_id] = self._clock.monotonic_seconds()
            if self._is_being_written(draft_id):
                self._copied.add(draft_id)
                self._lines.copy_draft(draft)

    def _take_copy_away(self, draft: Draft | None) -> None:
        # One that is still on its way lies nowhere yet, and comes before this.
        if draft is not None and (draft.copied_to or draft.draft_id in self._copied):
            self._copied.discard(draft.draft_id)
            self._lines.remove_copy(draft)

    def draft(self, draft_id: DraftId) -> Draft | None:
        return self._drafts.draft(draft_id)

    def drafts(self) -> tuple[Draft, ...]:
        """Those that are being written, newest first."""
        return tuple(one for one in self._drafts.drafts() if self._is_being_written(one.draft_id))

    def versions(self, draft_id: DraftId) -> tuple[DraftVersion, ...]:
        """What its text was before, newest first; nothing while desk.db cannot be read."""
        try:
            return self._drafts.versions(draft_id)
        except StoreError:
            _log.warning("The versions of a draft cannot be read")
            return ()

    def what_is_new(self, draft_id: DraftId) -> News:
        """What came into the conversation since its writer last looked."""
        return self._outbox.what_is_new(draft_id)

    def _is_being_written(self, draft_id: DraftId) -> bool:
        row = self._outbox.outgoing(draft_id)
        return row is None or row.state is SendState.WRITING

    # --- sending ------------------------------------------------------------------------------

    def outgoing(self, draft_id: DraftId) -> Outgoing | None:
        return self._outbox.outgoing(draft_id)

    def unsent(self) -> tuple[Unsent, ...]:
        """What was sent and has perhaps not gone out, the oldest first."""
        return self._unsent

    def counting(self) -> tuple[DraftId, ...]:
        """Those that can still be undone."""
        return self._outbox.counting()

    def seconds_left(self, draft_id: DraftId) -> float:
        return self._outbox.seconds_left(draft_id, self._now())

    def send(self, draft_id: DraftId) -> None:
        """Begin to count down; `trouble` says if it could not be kept, and then nothing is sent."""
        undo = float(self._settings.answering.undo_seconds)
        self._act(draft_id, lambda now: self._outbox.send(draft_id, undo, now))

    def send_now(self, draft_id: DraftId) -> None:
        self._act(draft_id, lambda now: self._outbox.send_now(draft_id, now))

    def take_back(self, draft_id: DraftId) -> None:
        """Pull it out of the outbox and go on writing."""
        self._act(draft_id, lambda now: self._outbox.take_back(draft_id, now))

    def send_anyway(self, draft_id: DraftId) -> None:
        self._act(draft_id, lambda now: self._outbox.send_anyway(draft_id, now))

    def again(self, draft_id: DraftId) -> None:
        """Now; of a doubtful one that may be twice, and was asked about."""
        self._act(draft_id, lambda now: self._outbox.again(draft_id, now))

    def it_has_gone(self, draft_id: DraftId) -> None:
        self._act(draft_id, lambda now: self._outbox.it_has_gone(draft_id, now))

    def look_again(self, draft_id: DraftId) -> None:
        self._act(draft_id, lambda now: self._outbox.look_again(draft_id, now))

    def give_up(self, draft_id: DraftId) -> None:
        """It is not sent, and its text goes."""
        draft = self._drafts.draft(draft_id)
        self._act(draft_id, lambda now: self._outbox.give_up(draft_id, now))
        if self._drafts.draft(draft_id) is None:
            self._take_copy_away(draft)

    # --- events -------------------------------------------------------------------------------

    def receive(self, event: Event) -> None:
        """After the desk has folded it in. Never within a turn of the desk."""
        if isinstance(event, AnswerTold):
            if isinstance(event, SendStep) and not self._lines.takes(event):
                return
            self._carry_out(self._outbox.apply(event, self._now()))
        elif isinstance(event, _MAIL_EVENTS) and self._drafts.drafts():
            self._carry_out(self._outbox.apply(event, self._now()))
            self._look_for_news()

    def _look_for_news(self) -> None:
        for draft in self.drafts():
            news = self._outbox.what_is_new(draft.draft_id)
            if self._news.get(draft.draft_id, ()) != news:
                self._news[draft.draft_id] = news
                self.changed.emit(draft.draft_id)

    def _due(self) -> None:
        for draft_id in self._drafts.due():
            self.changed.emit(draft_id)
        self._carry_out(self._outbox.due(self._now()))

    def _act(self, draft_id: DraftId, act: Callable[[Moment], Commands]) -> None:
        if self.why_closed is not None:
            return
        try:
            commands = act(self._now())
        except StoreError as error:
            self._refusals[draft_id] = error.problem
            self.changed.emit(draft_id)
            self._arm()
            return
        self._refusals.pop(draft_id, None)
        self._carry_out(commands)
        self.changed.emit(draft_id)

    # --- commands -----------------------------------------------------------------------------

    def _carry_out(self, commands: Commands) -> None:
        if self._is_stopped:
            return
        for command in commands:
            self._do(command)
        self._tell()
        self._arm()

    def _do(self, command: SendCommand) -> None:
        match command:
            case CheckThread():
                self._check_thread(command)
            case ShowAnswer():
                self._show(own_answer(command.outgoing, command.draft))
                self._take_copy_away(command.draft)
            case LearnKeepsSent():
                self._learn(command)
            case _:
                self._lines.ask(command)

    def _check_thread(self, command: CheckThread) -> None:
        fetcher = self._fetcher(command.account)
        if fetcher is not None:
            fetcher.check_thread(command.token)
            return
        problem = Problem(title=f"{command.account} is not watched", advice="Look into Settings.")
        told = ThreadChecked(account=command.account, token=command.token, problem=problem)
        self._publisher.publish(told)

    def _show(self, answer: MessageSummary) -> None:
        """The mailbox knows better where it lies, once it has told of it."""
        known = self._inbox.message(answer.key)
        if known is None or (known.address == NOWHERE != answer.address):
            at = self._clock.now()
            self._publisher.publish(
                MessagesArrived(account=answer.account, messages=(answer,), at=at)
            )

    def _learn(self, command: LearnKeepsSent) -> None:
        try:
            self._store.learn_keeps_sent(command.account, self._clock.now(), keeps=command.keeps)
        except StoreError:
            _log.warning("How %s keeps Sent could not be kept", command.account)

    # --- inside -------------------------------------------------------------------------------

    def _use(self, settings: Settings) -> None:
        self._settings = settings
        sending = {one.name: one.smtp for one in settings.mail if one.smtp is not None}
        keeping = [name for name, smtp in sending.items() if smtp.keeps_sent is KeepsSent.YES]
        self._outbox.use(sending, keeping)

    def _tell(self) -> None:
        changed = self._outbox.take_changed()
        for draft_id in changed:
            self.changed.emit(draft_id)
        unsent = self._outbox.unsent()
        if unsent != self._unsent:
            self._unsent = unsent
            self.unsent_changed.emit()
        self._say_trouble()

    def _say_trouble(self) -> None:
        now = self._clock.now()
        unsent = trouble_of(self._unsent, now, self._to_local)
        trouble = self._outbox.problem or unsent or self._outbox.not_filed
        if trouble != self._said:
            self._said = trouble
            self._say(trouble)

    def _arm(self) -> None:
        """For the next due moment, and for nothing else."""
        if self._is_stopped:
            return
        seconds = self._clock.monotonic_seconds()
        due = [self._drafts.next_due(), self._outbox.next_due()]
        late = late_at(self._unsent)
        if late is not None:
            left = (late - self._clock.now()).total_seconds()
            due.append(seconds + left if left > 0 else None)
        moments = [one for one in due if one is not None]
        if not moments:
            self._timer.stop()
            return
        left = min(max(min(moments) - seconds, 0.0), _LONGEST_TIMER_SECONDS)
        # Rounded up: a timer that fires too early would only arm itself again.
        self._timer.start(int(left * 1000) + 1)

    def _sweep(self) -> None:
        """What a run left that was killed between a row and its file."""
        if self._outgoing_dir.is_dir():
            from supportdesk.adapters.mail.outgoing_files import OutgoingFiles

            drafts = self._drafts.drafts()
            attached = {file.sha256 for draft in drafts for file in draft.files}
            files = OutgoingFiles(self._outgoing_dir)
            files.keep_only({draft.draft_id for draft in drafts}, attached)

    def _now(self) -> Moment:
        return Moment(at=self._clock.now(), seconds=self._clock.monotonic_seconds())
