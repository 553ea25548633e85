"""Claims, tags and notes in a running desk: wishes out to the servers, what came of them back.

What nobody has to ask for is done here: a claim that was lost, one that has expired, and that of a
conversation whose answer has gone out are taken back.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from supportdesk.adapters.login_name import login_name
from supportdesk.domain.events import AnswerTold, Event
from supportdesk.domain.mail import MessageId, mail_key
from supportdesk.domain.settings import Settings
from supportdesk.domain.side_events import (
    ClaimSettled,
    ReadMarkSettled,
    SideTold,
    TagSettled,
    TagsSeen,
)
from supportdesk.domain.side_marks import MailNote, Tag, TagStanding
from supportdesk.services.claims import ClaimWish
from supportdesk.services.desk import Desk
from supportdesk.services.desk_state import Area
from supportdesk.services.ports import Clock, Publisher, SecretStore

if TYPE_CHECKING:
    from supportdesk.adapters.mail.claim_worker import ClaimWorkers
    from supportdesk.domain.answers import DraftId


class Claiming(QObject):
    """Lives on the GUI thread; light until somebody claims.

    Signals:
        lost: A `ClaimLost`: somebody else has it.
        failed: A `ClaimSettled` with a problem.
        read_marked: Why the team cannot see what the founder read; None where it can.
    """

    lost = Signal(object)
    failed = Signal(object)
    read_marked = Signal(object)

    def __init__(
        self,
        desk: Desk,
        *,
        secrets: SecretStore,
        publisher: Publisher,
        clock: Clock,
        answered: "Callable[[DraftId], str]",
        parent: QObject,
    ) -> None:
        """`answered`: the ledger key of the message that an outgoing one answers; "" for none."""
        super().__init__(parent)
        self._desk = desk
        self._secrets = secrets
        self._publisher = publisher
        self._clock = clock
        self._answered = answered
        self._settings = Settings()
        self._workers: ClaimWorkers | None = None
        self._on_its_way: set[ClaimWish] = set()
        self._tags_on_their_way: set[Tag] = set()
        self._read: set[str] = set()

    def follow(self, settings: Settings) -> None:
        self._settings = settings
        self._desk.side.claims.configure(settings.answering.claim_as, login_name)
        if self._workers is not None:
            self._workers.follow(settings)
            self._tags_on_their_way.clear()

    def stop(self, limit_seconds: float) -> None:
        if self._workers is not None:
            self._workers.stop(limit_seconds)

    def wish(self, wish: ClaimWish) -> None:
        """Carried out on the server; the same one is not asked for twice at a time."""
        message = self._desk.inbox.message(wish.item)
        if message is None or wish in self._on_its_way:
            return
        self._on_its_way.add(wish)
        self._made_workers().ask(message, wish)

    def share_tags(self) -> None:
        """Carry out what is wished for; what cannot be done now waits until it can."""
        for tag in self._desk.side.tags.wishes():
            message = self._desk.inbox.message(tag.item)
            if message is not None and tag not in self._tags_on_their_way:
                self._tags_on_their_way.add(tag)
                is_gone = tag.standing is TagStanding.GOING
                self._made_workers().tag(message, tag.name, is_gone=is_gone)

    def share_note(self, key: str) -> None:
        """Where the settings say so; one that is shared already follows its words."""
        note = self._desk.side.notes.note(key)
        if note is None or not self._settings.answering.share_notes:
            return
        if not note.is_shared:
            note = replace(note, is_shared=True)
            self._desk.side.notes.put(note)
        self._carry(note, is_gone=False)

    def take_back_note(self, note: MailNote) -> None:
        if note.is_shared:
            self._carry(note, is_gone=True)

    def really_read(self, key: str) -> None:
        """Time with it has counted: where the settings say so, the team sees that (F92)."""
        message = self._desk.inbox.message(key)
        if message is None or key in self._read or not self._settings.ritual.founder_was_here:
            return
        self._read.add(key)
        self._made_workers().mark_read(message)

    def _carry(self, note: MailNote, *, is_gone: bool) -> None:
        me = self._desk.side.claims.me
        for account in self._settings.mail:
            begins = mail_key(account.name, MessageId(""))
            if me and note.item.startswith(begins):
                question = MessageId(note.item.removeprefix(begins))
                workers = self._made_workers()
                workers.share(account.name, note, question, me, is_gone=is_gone)

    def _made_workers(self) -> "ClaimWorkers":
        if self._workers is None:
            # A desk on which nobody claims or shares does without it.
            from supportdesk.adapters.mail.claim_worker import ClaimWorkers

            self._workers = ClaimWorkers(
                secrets=self._secrets, publisher=self._publisher, clock=self._clock
            )
            self._workers.follow(self._settings)
        return self._workers

    def event_seen(self, event: Event) -> None:
        """After the desk has folded it in."""
        match event:
            case ClaimSettled():
                key = f"mail/{event.account}/{event.message_id}"
                self._on_its_way = {one for one in self._on_its_way if one.item != key}
                if event.problem is not None:
                    self.failed.emit(event)
                self._tell_lost()
            case TagsSeen():
                # It is told first when the mailbox can be reached again.
                self.share_tags()
            case TagSettled():
                done = (mail_key(event.account, event.message_id), event.name)
                self._tags_on_their_way = {
                    one for one in self._tags_on_their_way if (one.item, one.name) != done
                }
            case ReadMarkSettled():
                self.read_marked.emit(event.problem)
            case SideTold():
                self._tell_lost()
            case AnswerTold():
                self._sending_told(event)
            case _:
                pass

    def _sending_told(self, event: AnswerTold) -> None:
        from supportdesk.domain.send_events import SendAccepted  # with the first answer

        if isinstance(event, SendAccepted):
            self._let_go_of(self._answered(event.draft_id))

    def desk_changed(self, areas: frozenset[Area]) -> None:
        """Also by time alone: a claim of the founder's may have expired."""
        if Area.INBOX not in areas:
            return
        for wish in self._desk.side.claims.expired(self._clock.now()):
            self.wish(wish)

    def _tell_lost(self) -> None:
        for lost in self._desk.side.take_lost():
            for wish in self._desk.side.claims.let_go([lost.item]):
                self.wish(wish)
            self.lost.emit(lost)

    def _let_go_of(self, key: str) -> None:
        conversation = self._desk.inbox.conversation(key) if key else None
        if conversation is not None:
            items = [one.key for one in conversation.messages]
            for wish in self._desk.side.claims.let_go(items):
                self.wish(wish)
