"""Answering as a part of a running desk: closed and light until there is something to write.

With no draft in desk.db and nothing on its way the runner, the outbox and all that sends are not
even imported; the first draft makes them. On a stand-in for desk.db, which ends with this run,
nothing is begun.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from supportdesk.adapters.places import Places
from supportdesk.adapters.sources import Sources
from supportdesk.adapters.storage.desk_rows import stored_instant
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.sqlite_errors import translated_errors
from supportdesk.adapters.week_locale import to_local
from supportdesk.domain.errors import Problem, StoreError
from supportdesk.domain.events import AnswerTold, Event
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import Settings
from supportdesk.services.inbox import Inbox
from supportdesk.services.ports import Clock, Publisher, SecretStore

if TYPE_CHECKING:
    from supportdesk.adapters.outbox_runner import OutboxRunner
    from supportdesk.adapters.sender_lines import Senders
    from supportdesk.domain.answers import Draft, DraftId, DraftVersion
    from supportdesk.domain.mail import MessageId, MessageSummary
    from supportdesk.domain.sending import Outgoing
    from supportdesk.services.collisions import News
    from supportdesk.services.outbox_words import Unsent

_DONE_IS_KEPT_FOR = timedelta(days=30)
_IS_THERE_ANYTHING = """
SELECT EXISTS (SELECT 1 FROM draft)
    OR EXISTS (SELECT 1 FROM outgoing WHERE state <> 'DONE' OR since < ?)
"""


class Answering(QObject):
    """What the window, the tray and the commands ask; on the GUI thread, each returns at once.

    Signals:
        changed: A `DraftId` whose draft, outgoing message or news is another one.
        head_fetched: The `HeadFetched` that was asked for.
        unsent_changed: What `unsent` tells is something else.
    """

    changed = Signal(object)
    head_fetched = Signal(object)
    unsent_changed = Signal()

    def __init__(
        self,
        kept_in: SqliteDeskStore,
        inbox: Inbox,
        *,
        places: Places,
        sources: Sources,
        secrets: SecretStore,
        publisher: Publisher,
        clock: Clock,
        say: Callable[[Problem | None], None],
        parent: QObject,
    ) -> None:
        """Reads nothing before `start`.

        `say` hears what the founder has to know of the outbox, and None when all is well again.
        """
        super().__init__(parent)
        self._kept_in = kept_in
        self._inbox = inbox
        self._places = places
        self._sources = sources
        self._secrets = secrets
        self._publisher = publisher
        self._clock = clock
        self._say = say
        self._settings = Settings()
        self._why_closed: Problem | None = None
        self._attended: MessageSummary | None = None
        self._runner: OutboxRunner | None = None

    # --- life ---------------------------------------------------------------------------------

    def start(self, settings: Settings, why_closed: Problem | None = None) -> None:
        """Take up what the last run left. With a reason to be closed nothing is written or sent."""
        self._settings = settings
        self._why_closed = why_closed
        if why_closed is not None:
            return
        try:
            is_there = _is_there_anything(self._kept_in, self._clock.now())
        except StoreError as error:
            self._why_closed = error.problem
            self._say(error.problem)
            return
        if is_there:
            self._open()

    def follow(self, settings: Settings) -> None:
        """The settings have changed."""
        self._settings = settings
        if self._runner is not None:
            self._runner.follow(settings)

    def hurry(self) -> None:
        """The network is another one, or the computer woke up."""
        if self._runner is not None:
            self._runner.hurry()

    def check_now(self) -> None:
        """Somebody acted, and wants it tried now."""
        if self._runner is not None:
            self._runner.check_now()

    def forget(self) -> None:
        """Somebody was forgotten: their drafts and messages are gone from desk.db."""
        if self._runner is not None:
            self._runner.forget()

    def stop(self) -> None:
        """What still counts down is a draft again; what a server says to a dot is waited for."""
        if self._runner is not None:
            self._runner.stop()

    def receive(self, event: Event) -> None:
        """After the desk has folded it in. Never within a turn of the desk."""
        if isinstance(event, AnswerTold):
            from supportdesk.domain.send_events import HeadFetched

            if isinstance(event, HeadFetched):
                self.head_fetched.emit(event)
                return
        if self._runner is not None:
            self._runner.receive(event)

    def _open(self) -> "OutboxRunner":
        if self._runner is None:
            self._runner = self._new_runner()
            self._runner.changed.connect(self.changed)
            self._runner.unsent_changed.connect(self.unsent_changed)
            self._runner.start(self._settings)
        return self._runner

    def _new_runner(self) -> "OutboxRunner":
        from supportdesk.adapters.installation import installation_of
        from supportdesk.adapters.outbox_runner import OutboxRunner
        from supportdesk.adapters.storage.answer_table import AnswerTable
        from supportdesk.services.send_steps import InboxView

        store = AnswerTable(self._kept_in.connection, self._kept_in.path)
        installation = installation_of(self._kept_in.path)

        def make_senders(publisher: Publisher) -> "Senders":
            # With the first message that is sent.
            from supportdesk.adapters.mail.answer_senders import AnswerSenders

            return AnswerSenders(
                secrets=self._secrets,
                cache_path=self._places.mail_db,
                outgoing_dir=self._places.outgoing_dir,
                installation=installation,
                keeps_sent=store.keeps_sent,
                publisher=publisher,
                clock=self._clock,
            )

        return OutboxRunner(
            store=store,
            inbox=InboxView(conversation=self._inbox.conversation, message=self._inbox.message),
            clock=self._clock,
            publisher=self._publisher,
            make_senders=make_senders,
            fetcher=self._sources.thread_fetcher,
            say=self._say,
            new_message_id=_another_message_id,
            installation=installation,
            outgoing_dir=self._places.outgoing_dir,
            to_local=to_local,
            parent=self,
        )

    # --- writing ------------------------------------------------------------------------------

    def why_not(self, account: SourceName) -> Problem | None:
        """Why nothing can be written and sent from here; None when it can."""
        closed = self._why_closed or (self._runner and self._runner.why_closed)
        if closed:
            return closed
        known = next((one for one in self._settings.mail if one.name == account), None)
        if known is not None and known.smtp is not None:
            return None
        return Problem(
            title=f"{account} has no server to send through",
            advice="Enter it in Settings, under Mail accounts.",
            is_for_founder=True,
        )

    def begin(self, draft: "Draft") -> None:
        """Keep a new draft. Raises StoreError: then it was not begun."""
        if self._why_closed is not None:
            raise StoreError(self._why_closed.title, self._why_closed.advice)
        self._open().begin(draft)

    def typed(self, draft: "Draft") -> None:
        """It reads like this now; `trouble` says if that cannot be kept."""
        if self._runner is not None:
            self._runner.typed(draft)

    def trouble(self, draft_id: "DraftId") -> Problem | None:
        """Why its newest words are not on disk, or why the last act could not be done."""
        return None if self._runner is None else self._runner.trouble(draft_id)

    def close(self, draft_id: "DraftId") -> None:
        """It is put away, and kept."""
        if self._runner is not None:
            self._runner.close(draft_id)

    def draft(self, draft_id: "DraftId") -> "Draft | None":
        return None if self._runner is None else self._runner.draft(draft_id)

    def drafts(self) -> "tuple[Draft, ...]":
        """Those that are being written, newest first."""
        return () if self._runner is None else self._runner.drafts()

    def versions(self, draft_id: "DraftId") -> "tuple[DraftVersion, ...]":
        """What its text was before, newest first."""
        return () if self._runner is None else self._runner.versions(draft_id)

    def what_is_new(self, draft_id: "DraftId") -> "News":
        """What came into the conversation since its writer last looked."""
        return () if self._runner is None else self._runner.what_is_new(draft_id)

    def fetch_head(self, message: "MessageSummary") -> bool:
        """Leads to `head_fetched`; False when nobody watches that account."""
        fetcher = self._sources.thread_fetcher(message.account)
        if fetcher is not None:
            fetcher.fetch_head(message.message_id)
        return fetcher is not None

    def attend(self, message: "MessageSummary | None") -> None:
        """Look often for what colleagues send, while this is answered; None: no more."""
        before, self._attended = self._attended, message
        is_other = message is None or before is None or message.account != before.account
        if before is not None and is_other:
            self._let_attend(before.account, None)
        if message is not None:
            self._let_attend(message.account, message.message_id)

    def _let_attend(self, account: SourceName, message_id: "MessageId | None") -> None:
        fetcher = self._sources.thread_fetcher(account)
        if fetcher is not None:
            fetcher.attend(message_id)

    # --- sending ------------------------------------------------------------------------------

    def outgoing(self, draft_id: "DraftId") -> "Outgoing | None":
        return None if self._runner is None else self._runner.outgoing(draft_id)

    def unsent(self) -> "tuple[Unsent, ...]":
        """What was sent and has perhaps not gone out, the oldest first."""
        return () if self._runner is None else self._runner.unsent()

    def counting(self) -> "tuple[DraftId, ...]":
        """Those that can still be undone."""
        return () if self._runner is None else self._runner.counting()

    def seconds_left(self, draft_id: "DraftId") -> float:
        return 0.0 if self._runner is None else self._runner.seconds_left(draft_id)

    def send(self, draft_id: "DraftId") -> None:
        """Begin to count down; `trouble` says if it could not be kept, and then nothing is sent."""
        for runner in self._if_any():
            runner.send(draft_id)

    def send_now(self, draft_id: "DraftId") -> None:
        """Count down no longer."""
        for runner in self._if_any():
            runner.send_now(draft_id)

    def undo(self, draft_id: "DraftId") -> None:
        """Go on writing what is counted down."""
        self.edit(draft_id)

    def add_to_mine(self, draft_id: "DraftId") -> None:
        """What held it is seen; go on writing."""
        self.edit(draft_id)

    def edit(self, draft_id: "DraftId") -> None:
        """Pull it out of the outbox and go on writing."""
        for runner in self._if_any():
            runner.take_back(draft_id)

    def send_anyway(self, draft_id: "DraftId") -> None:
        """What held it is seen; send."""
        for runner in self._if_any():
            runner.send_anyway(draft_id)

    def again(self, draft_id: "DraftId") -> None:
        """Now; of a doubtful one that may be twice, and was asked about."""
        for runner in self._if_any():
            runner.again(draft_id)

    def it_has_gone(self, draft_id: "DraftId") -> None:
        """The founder knows that a doubtful one has arrived."""
        for runner in self._if_any():
            runner.it_has_gone(draft_id)

    def look_again(self, draft_id: "DraftId") -> None:
        """Look for proof of a doubtful one."""
        for runner in self._if_any():
            runner.look_again(draft_id)

    def drop(self, draft_id: "DraftId") -> None:
        """Nobody wants the draft any more, versions and all."""
        self.give_up(draft_id)

    def give_up(self, draft_id: "DraftId") -> None:
        """It is not sent, and its text goes."""
        for runner in self._if_any():
            runner.give_up(draft_id)

    def _if_any(self) -> "Iterable[OutboxRunner]":
        return () if self._runner is None else (self._runner,)


def _is_there_anything(kept_in: SqliteDeskStore, now: datetime) -> bool:
    """A draft, a message on its way, or one that is done and is to be cleared away."""
    before = stored_instant(now - _DONE_IS_KEPT_FOR)
    with translated_errors(kept_in.path):
        ((found,),) = kept_in.connection.execute(_IS_THERE_ANYTHING, (before,))
    return bool(found)


def _another_message_id(draft: "Draft") -> "MessageId":
    from uuid import uuid4  # as in domain/reading

    from supportdesk.domain.reply_rules import message_id_of

    return message_id_of(uuid4().hex, draft.sender)
