"""What is being written: begins answers, shows them where they belong, keeps them, puts them away.

A draft belongs to the conversation that it answers: that on show, its composer lies below the
message; another one chosen, it waits out of sight with its text and cursor.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.domain.answers import AnswerKind, Draft, DraftEdit, DraftId, Recipients
from supportdesk.domain.errors import StoreError
from supportdesk.domain.health import Hearing
from supportdesk.domain.mail import MessageId, MessageSummary
from supportdesk.domain.send_events import HeadFetched
from supportdesk.domain.sending import SendState
from supportdesk.domain.settings import MailSettings
from supportdesk.services.collisions import seen_in
from supportdesk.services.desk import Desk
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.begun_draft import (
    Begun,
    is_untouched,
    new_draft,
    new_message,
    readdressed,
    with_all,
)
from supportdesk.ui.controllers.open_message import OpenMessage
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.begun import begun_before_notice, begun_notice
from supportdesk.ui.rows.composer import ComposerView

_HEAD_MS = 5_000
"""So long a server that is heard may take to say whom an answer goes to."""
_WRITABLE = (None, SendState.WRITING, SendState.HELD)


class ComposeController(QObject):
    """Owns which draft is on show.

    Signals:
        said: A `Notice` for beside the message.
        changed: The message is to be shown anew.
        open_asked: The key of a message that is to be shown.
        typed: What is written on, and its name, at each key.
        left: A composer was put away or sent.
        discarded: A `Draft` that the founder threw away.
        known: draft_id of one whose head has come; it may be sent.
        readdressed: A `Draft` that goes to others than its composer shows.
        begun: A new `Draft`, and the `MessageSummary` that it answers or forwards.
        apart_asked: A `Draft` whose question can be shown nowhere any more.
    """

    said = Signal(object)
    changed = Signal()
    open_asked = Signal(str)
    typed = Signal(str, str)
    left = Signal()
    discarded = Signal(object)
    known = Signal(str)
    readdressed = Signal(object)
    begun = Signal(object, object)
    apart_asked = Signal(object)

    def __init__(
        self, window: MainWindow, desk: Desk, acts: Acts, *, shown: OpenMessage, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._answering = acts.answering
        self._open = shown
        self._away: set[DraftId] = set()
        self._opened: set[DraftId] = set()
        self._last: DraftId | None = None
        self._asked: dict[MessageId, tuple[DraftId, Begun]] = {}
        self._attended: MessageSummary | None = None
        choices = window.choices
        choices.draft_typed.connect(self._typed)
        choices.draft_changed.connect(self._changed)
        choices.draft_put_away.connect(self._put_away)
        choices.draft_discarded.connect(self.discard)

    # --- beginning ---------------------------------------------------------------------

    def begin(
        self,
        kind: AnswerKind,
        message: MessageSummary,
        *,
        words: str = "",
        to: Recipients | None = None,
    ) -> None:
        """Answer or forward this message; what was begun of it before goes on.

        Args:
            kind: What is begun.
            message: Of which message.
            words: What is written already.
            to: Whom it goes to, if not to whom the head says.
        """
        if not self._open.owns(message.key):
            self.open_asked.emit(message.key)
        known = self._begun_of(kind, message)
        if known is not None:
            if kind is AnswerKind.REPLY_ALL and known.kind is AnswerKind.REPLY:
                self._answer_all(known.draft_id, message)
            self.go_on(known.draft_id)
            return
        settings = self._settings_of(message)
        if settings is not None:
            self._begin(Begun(kind=kind, message=message, settings=settings), words, to)

    def begin_new(self, to: Recipients, *, subject: str, words: str) -> DraftId | None:
        """A message that answers none, in a window of its own; None where no account sends."""
        settings = next(iter(self._acts.settings().mail), None)
        if settings is None:
            return None
        draft = new_message(settings, to, subject=subject, words=words, now=self._acts.now())
        try:
            self._answering.begin(draft)
        except StoreError as error:
            self._say(error)
            return None
        self.go_on(draft.draft_id)
        return draft.draft_id

    def go_on(self, draft_id: str) -> None:
        """Write on, with the keyboard in the text."""
        draft = self._answering.draft(DraftId(draft_id))
        if draft is None:
            return
        if draft.answers and not self._open.owns(draft.answers):
            self.open_asked.emit(draft.answers)
        self._away.discard(draft.draft_id)
        self._last = draft.draft_id
        self.changed.emit()
        if not draft.answers or not self._open.owns(draft.answers):
            self.apart_asked.emit(draft)
        self._window.composers.take_keyboard(draft.draft_id)

    def head_fetched(self, event: HeadFetched) -> None:
        """The server has said whom an answer goes to, or cannot."""
        asked = self._asked.pop(event.message_id, None)
        if asked is None:
            return
        draft_id, begun = asked
        if event.head is not None:
            self._readdress(draft_id, begun, replace(begun, head=event.head))
        self.changed.emit()
        self.known.emit(draft_id)

    def text_fetched(self, message: MessageSummary) -> None:
        """The text of the message on show has come: an answer that was begun can quote it."""
        text = self._open.text
        for message_id, (draft_id, begun) in list(self._asked.items()):
            if begun.message.key == message.key and begun.text is None and text is not None:
                fuller = replace(begun, text=text)
                self._asked[message_id] = (draft_id, fuller)
                self._readdress(draft_id, begun, fuller)

    def is_asking(self, draft_id: str) -> bool:
        """The server will say in a moment whom it goes to; one that is not heard will not."""
        begun = next((begun for one, begun in self._asked.values() if one == draft_id), None)
        health = self._desk.health.health(begun.settings.name) if begun is not None else None
        return health is not None and health.hearing is Hearing.LISTENING

    # --- showing -----------------------------------------------------------------------

    def show(self, view_of: Callable[[Draft], ComposerView]) -> None:
        """Show the draft of the conversation on show, or none."""
        here = self._on_show()
        for draft in self._all_drafts():
            if draft.draft_id in self._opened and draft != here:
                self._window.composers.show(view_of(draft))
        if here is not None:
            self._opened.add(here.draft_id)
        self._window.show_composer(view_of(here) if here is not None else None)
        message = self._open.summary(here.answers) if here is not None else None
        if message != self._attended:
            self._attended = message
            self._answering.attend(message)

    def drafts_here(self) -> tuple[Draft, ...]:
        """Those of the conversation on show, the one written on last first."""
        mine = [one for one in self._all_drafts() if self._open.owns(one.answers)]
        return tuple(sorted(mine, key=lambda one: one.draft_id != self._last))

    def notices(self) -> Iterable[rows.Notice]:
        """What was begun here and put away."""
        for draft in self.drafts_here():
            if draft.draft_id in self._away and self.is_writable(draft):
                yield begun_notice(draft)

    def is_writable(self, draft: Draft) -> bool:
        """It is written on: begun, taken back, or held."""
        outgoing = self._answering.outgoing(draft.draft_id)
        return (outgoing.state if outgoing is not None else None) in _WRITABLE

    def begun_before(self) -> rows.Notice | None:
        """What an earlier run left unfinished, for above the list."""
        drafts = [one for one in self._answering.drafts() if not self._is_coming_back(one)]
        return begun_before_notice(drafts)

    def begun_keys(self) -> frozenset[str]:
        """Keys of all messages to which an answer is begun."""
        return frozenset(one.answers for one in self._all_drafts() if self.is_writable(one))

    def being_written(self) -> tuple[Draft, ...]:
        """Those in a composer, with something written in them."""
        self._window.composers.flush()
        return tuple(
            one
            for one in self._answering.drafts()
            if one.draft_id not in self._away and not is_untouched(one, self._settings_of(one))
        )

    # --- going -------------------------------------------------------------------------

    def sent(self, draft_id: str) -> None:
        """It is on its way: it is not written on."""
        self._away.discard(DraftId(draft_id))
        self._window.composers.leave(draft_id)
        self.left.emit()
        self.changed.emit()

    def is_over(self, draft_id: str) -> None:
        """The customer has it, or nobody ever will."""
        self._window.composers.close(draft_id)
        self._away.discard(DraftId(draft_id))
        self._opened.discard(DraftId(draft_id))

    def discard(self, draft_id: str) -> None:
        """Throw it away; what threw it away can be taken back."""
        draft = self._answering.draft(DraftId(draft_id))
        if draft is None:
            return
        self._answering.drop(draft.draft_id)
        self.is_over(draft_id)
        self.left.emit()
        if is_untouched(draft, self._settings_of(draft)):
            self.changed.emit()
        else:
            self.discarded.emit(draft)

    def bring_back(self, draft: Draft) -> None:
        """It was thrown away by mistake."""
        try:
            self._answering.begin(draft)
        except StoreError as error:
            self._say(error)
        else:
            self.go_on(draft.draft_id)

    def leave_out(self, draft_id: DraftId, emails: Collection[str]) -> None:
        """These are not to get it."""
        draft = self._answering.draft(draft_id)
        if draft is None:
            return
        left = replace(
            draft.recipients,
            to=tuple(one for one in draft.recipients.to if one.email.casefold() not in emails),
            cc=tuple(one for one in draft.recipients.cc if one.email.casefold() not in emails),
            bcc=tuple(one for one in draft.recipients.bcc if one.email.casefold() not in emails),
        )
        fewer = replace(draft, recipients=left)
        self._answering.typed(fewer)
        self.readdressed.emit(fewer)

    def seen(self, draft_id: str) -> None:
        """The founder has looked at what came: it holds this draft no more."""
        draft = self._answering.draft(DraftId(draft_id))
        if draft is not None:
            now = seen_in(draft.answers, self._desk.inbox.conversation(draft.answers))
            self._answering.typed(replace(draft, base=draft.base | now))

    def arrivals(self, draft: Draft) -> tuple[datetime, ...]:
        """When the mails that it answers arrived, by the clock of their server."""
        conversation = self._desk.inbox.conversation(draft.answers)
        return tuple(one.arrived_at for one in conversation.messages) if conversation else ()

    def drop_gone(self) -> None:
        """Somebody was forgotten, and with them what was written to them."""
        for draft_id in [one for one in self._opened if self._answering.draft(one) is None]:
            self.is_over(draft_id)

    def stop(self) -> None:
        """The run ends: hand over what is typed, now."""
        self._window.composers.flush()

    # --- inside ------------------------------------------------------------------------

    def _begin(self, begun: Begun, words: str, to: Recipients | None) -> None:
        message = begun.message
        is_open = message.key == self._open.key
        text = self._open.text if is_open else self._acts.cached_text(message)
        selection = self._window.selected_words() if is_open else ""
        begun = replace(begun, text=text, selection=selection)
        seen = seen_in(message.key, self._desk.inbox.conversation(message.key))
        draft = new_draft(begun, seen, self._acts.now())
        draft = replace(draft, body=words + draft.body, cursor=len(words))
        if to is not None:
            draft = replace(draft, recipients=to)
        try:
            self._answering.begin(draft)
        except StoreError as error:
            self._say(error)
            return
        self.begun.emit(draft, message)
        if self._answering.fetch_head(message):
            self._asked[message.message_id] = (draft.draft_id, begun)
            QTimer.singleShot(_HEAD_MS, self, lambda: self._stop_asking(message))
        self.go_on(draft.draft_id)

    def _answer_all(self, draft_id: DraftId, message: MessageSummary) -> None:
        """An answer to the writer was begun: the others are to get it, too."""
        self._window.composers.flush()
        draft, settings = self._answering.draft(draft_id), self._settings_of(message)
        if draft is None or settings is None or not self._is_writing(draft):
            return
        _, asked = self._asked.get(message.message_id, (draft_id, None))
        begun = asked or Begun(kind=draft.kind, message=message, settings=settings)
        begun = replace(begun, kind=AnswerKind.REPLY_ALL)
        if asked is not None:
            self._asked[message.message_id] = (draft_id, begun)
        self._answering.typed(with_all(draft, begun))
        # Made anew of the draft: one whose people were edited would not show who has come.
        self._window.composers.close(draft_id)

    def _stop_asking(self, message: MessageSummary) -> None:
        """It is answered by what the list knows."""
        self.head_fetched(
            HeadFetched(account=message.account, message_id=message.message_id, head=None)
        )

    def _readdress(self, draft_id: DraftId, before: Begun, after: Begun) -> None:
        """What the founder has changed by hand meanwhile stays as it is."""
        draft = self._answering.draft(draft_id)
        if draft is None:
            return
        guessed, fuller = readdressed(draft, before), readdressed(draft, after)
        draft = replace(
            draft,
            references=fuller.references,
            sender=fuller.sender if draft.sender == guessed.sender else draft.sender,
            recipients=fuller.recipients
            if draft.recipients == guessed.recipients
            else draft.recipients,
            subject=fuller.subject if draft.subject == guessed.subject else draft.subject,
            quote=fuller.quote if draft.quote == guessed.quote else draft.quote,
        )
        self._answering.typed(draft)
        self.readdressed.emit(draft)

    def _begun_of(self, kind: AnswerKind, message: MessageSummary) -> Draft | None:
        """A forward is another mail than an answer; one to all goes on with one to the writer."""
        return next(
            (
                one
                for one in self._all_drafts()
                if one.answers == message.key
                and (one.kind is AnswerKind.FORWARD) == (kind is AnswerKind.FORWARD)
                and self.is_writable(one)
            ),
            None,
        )

    def _all_drafts(self) -> list[Draft]:
        """Those that are written, and those on their way: what is held is written on."""
        sent = (self._answering.draft(one.outgoing.draft_id) for one in self._answering.unsent())
        known = {one.draft_id: one for one in self._answering.drafts()}
        known.update({one.draft_id: one for one in sent if one is not None})
        return list(known.values())

    def _on_show(self) -> Draft | None:
        here = (one for one in self.drafts_here() if one.draft_id not in self._away)
        return next((one for one in here if self.is_writable(one)), None)

    def _is_writing(self, draft: Draft) -> bool:
        outgoing = self._answering.outgoing(draft.draft_id)
        return outgoing is None or outgoing.state is SendState.WRITING

    def _is_coming_back(self, draft: Draft) -> bool:
        """It was sent, and is not: the strip and the outbox say so."""
        return self._answering.outgoing(draft.draft_id) is not None

    def _typed(self, draft_id: str) -> None:
        draft = self._answering.draft(DraftId(draft_id))
        if draft is not None:
            who = next(iter(draft.recipients), None)
            name = who.label if who is not None else draft.subject
            self._last = draft.draft_id
            if draft.answers:
                # Writing to a colleague is no time with customers.
                self.typed.emit(draft.answers, f"{name}: {draft.subject}")

    def _changed(self, draft_id: str, edit: DraftEdit) -> None:
        draft = self._answering.draft(DraftId(draft_id))
        if draft is not None:
            self._answering.typed(replace(draft.edited(edit), changed_at=self._acts.now()))

    def _put_away(self, draft_id: str) -> None:
        draft = self._answering.draft(DraftId(draft_id))
        if draft is None:
            return
        if is_untouched(draft, self._settings_of(draft)) and self._is_writing(draft):
            self.discard(draft_id)
            return
        self._answering.close(draft.draft_id)
        self._away.add(draft.draft_id)
        self.left.emit()
        self.changed.emit()

    def _settings_of(self, of: MessageSummary | Draft) -> MailSettings | None:
        mail = self._acts.settings().mail
        return next((one for one in mail if one.name == of.account), None)

    def _say(self, error: StoreError) -> None:
        self.said.emit(rows.Notice(title=error.title, text=error.advice))
