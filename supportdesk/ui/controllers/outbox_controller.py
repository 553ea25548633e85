"""What was sent and is on its way: the undo bar, what holds it, and the list of the outbox.

A message is followed from Ctrl+Return until the customer has it. Whatever stands against it is
shown where its conversation is, and in the outbox from everywhere.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from supportdesk.domain.answers import Draft, DraftId
from supportdesk.domain.mail import Mailer, MessageSummary
from supportdesk.domain.reply_rules import (
    Doubt,
    DoubtKind,
    strange_sender,
    why_not_send,
    wrong_clock,
)
from supportdesk.domain.sending import GONE, SendState
from supportdesk.services.collisions import Answered, Gone
from supportdesk.services.wording import fit
from supportdesk.ui import rows
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.compose_controller import ComposeController
from supportdesk.ui.controllers.draft_files_controller import DraftFilesController
from supportdesk.ui.controllers.forward_files import ForwardFiles
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.composer import composer_view, outbox_row, sending_notice
from supportdesk.ui.presenter.unsent import worth_a_word
from supportdesk.ui.rows import Action
from supportdesk.ui.rows.composer import ComposerView, HeldChoice, UndoView

_NAME = 40
_BEGUN, _WAITS, _UNDECIDED = "you began an answer", "not sent yet", "not sent: you decide"


class OutboxController(QObject):
    """Owns what the founder was asked before sending, and which undo is on show.

    Signals:
        said: A `Notice` for beside the message.
        changed: What is said of the conversation on show is another.
    """

    said = Signal(object)
    changed = Signal()

    def __init__(
        self,
        window: MainWindow,
        acts: Acts,
        *,
        compose: ComposeController,
        name_of: Callable[[Mailer], str],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._acts = acts
        self._answering = acts.answering
        self._compose = compose
        self._name_of = name_of
        self._doubts: dict[DraftId, tuple[Doubt, ...]] = {}
        self._send_when_known: set[DraftId] = set()
        self.forwards = ForwardFiles(acts, compose, self)
        self.files = DraftFilesController(window, acts, self)
        self.files.said.connect(self.said)
        for files in (self.forwards, self.files):
            files.changed.connect(self._files_changed)
        choices = window.choices
        choices.send_asked.connect(self._send)
        choices.undo_asked.connect(self._undo)
        choices.send_now_asked.connect(lambda one: self._answering.send_now(DraftId(one)))
        choices.held_chosen.connect(self._held_chosen)
        choices.outbox_chosen.connect(self._open)
        compose.known.connect(self._known)
        compose.apart_asked.connect(self._open_apart)
        compose.readdressed.connect(lambda draft: window.composers.readdress(self.view_of(draft)))

    def handlers(self) -> dict[Action, Callable[[str], None]]:
        """What buttons of notices and of the outbox ask for; the target is a draft."""
        answering = self._answering
        return {
            Action.SEND_ANYWAY: self._send_anyway,
            Action.SEND_AGAIN: lambda one: answering.again(DraftId(one)),
            Action.SEND_TO_OTHERS: self._send_to_others,
            Action.LOOK_AGAIN: lambda one: answering.look_again(DraftId(one)),
            Action.IT_HAS_GONE: lambda one: answering.it_has_gone(DraftId(one)),
            Action.GIVE_UP: self._give_up,
            Action.EDIT_DRAFT: self._edit,
            Action.SHOW_NEWS: self._show_news,
            **self.forwards.handlers(),
        }

    def undo_newest(self) -> bool:
        """Take back what is counted down, the newest of it; False when nothing is."""
        counting = self._answering.counting()
        if not counting:
            return False
        self._undo(counting[-1])
        return True

    # --- what is shown -----------------------------------------------------------------

    def moved(self, draft_id: str) -> None:
        """It is in another state, or something new came to what it answers."""
        outgoing = self._answering.outgoing(DraftId(draft_id))
        if outgoing is not None and outgoing.state in GONE:
            self._compose.is_over(draft_id)
        self.refresh()
        self.changed.emit()

    def unsent_changed(self) -> None:
        """There are others than before, or more is known of one."""
        self.refresh()
        self.changed.emit()

    def refresh(self) -> None:
        """The undo bar and the list, as they are now."""
        self._window.show_undo(self._undo_view())
        now = self._acts.now()
        self._window.show_outbox(tuple(outbox_row(one, now) for one in self._answering.unsent()))

    def view_of(self, draft: Draft) -> ComposerView:
        """A draft as its composer shows it now."""
        view = composer_view(
            draft,
            self._acts.settings(),
            outgoing=self._answering.outgoing(draft.draft_id),
            news=self._answering.what_is_new(draft.draft_id),
            doubts=self._doubts.get(draft.draft_id, ()),
            trouble=self._answering.trouble(draft.draft_id),
            is_asking=self._compose.is_asking(draft.draft_id),
            name_of=self._name_of,
            now=self._acts.now(),
            text_of=self._text_of,
        )
        of_files = (*self.forwards.notices(draft), *self.files.notices(draft))
        return replace(view, notices=(*view.notices, *of_files))

    def notices(self) -> Iterable[rows.Notice]:
        """What became of answers to the conversation on show."""
        of_here = {one.draft_id for one in self._compose.drafts_here()}
        for unsent in self._answering.unsent():
            if unsent.outgoing.draft_id in of_here:
                notice = sending_notice(unsent, self._acts.now())
                if notice is not None:
                    yield notice

    def words_of_rows(self) -> dict[str, str]:
        """What the list says of own answers, by key of the message that each answers."""
        begun = dict.fromkeys(self._compose.begun_keys(), _BEGUN)
        unsent = worth_a_word(self._answering.unsent(), self._acts.now())
        told = {one.outgoing.answers: _UNDECIDED if one.needs_founder else _WAITS for one in unsent}
        return {key: words for key, words in (begun | told).items() if key}

    # --- inside ------------------------------------------------------------------------

    def _text_of(self, message: MessageSummary) -> str:
        text = self._acts.cached_text(message)
        return text.text if text is not None else message.preview

    def _undo_view(self) -> UndoView | None:
        counting = self._answering.counting()
        draft = self._answering.draft(counting[-1]) if counting else None
        if draft is None:
            return None
        to = next(iter(draft.recipients), None)
        return UndoView(
            draft_id=draft.draft_id,
            words=f"Sending to {fit(to.label, _NAME)}" if to is not None else "Sending",
            seconds_left=self._answering.seconds_left(draft.draft_id),
            whole_seconds=self._acts.settings().answering.undo_seconds,
        )

    def _open_apart(self, draft: Draft) -> None:
        self._window.composers.show(self.view_of(draft))
        self._window.composers.open_apart(draft.draft_id)

    def _send(self, draft_id: str) -> None:
        draft = self._answering.draft(DraftId(draft_id))
        if draft is None:
            return
        if self._compose.is_asking(draft_id):
            # In a moment it is known whom it goes to.
            self._send_when_known.add(draft.draft_id)
            return
        doubts = self._doubts_of(draft)
        asked = self._doubts.get(draft.draft_id, ())
        self._doubts[draft.draft_id] = doubts
        if doubts and (doubts != asked or any(one.is_final for one in doubts)):
            self.changed.emit()
        else:
            self._send_it(draft.draft_id)

    def _doubts_of(self, draft: Draft) -> tuple[Doubt, ...]:
        clock = wrong_clock(self._acts.now(), self._compose.arrivals(draft))
        coming = (*self.forwards.doubts(draft), *self.files.doubts(draft))
        accounts = self._acts.settings().mail
        own = [mine for one in accounts if one.name == draft.account for mine in one.own_addresses]
        found = (*why_not_send(draft), *strange_sender(draft.sender, own), *clock, *coming)
        # What is coming is the file that was written of.
        return tuple(one for one in found if not coming or one.kind is not DoubtKind.NO_FILE)

    def _files_changed(self) -> None:
        """What was asked about files is answered once they are there."""
        for draft_id, asked in list(self._doubts.items()):
            draft = self._answering.draft(draft_id)
            found = self._doubts_of(draft) if draft is not None else ()
            self._doubts[draft_id] = tuple(one for one in asked if one in found)
        self.changed.emit()

    def _send_it(self, draft_id: DraftId) -> None:
        self._doubts.pop(draft_id, None)
        self._answering.send(draft_id)
        self._compose.sent(draft_id)
        self.refresh()

    def _known(self, draft_id: str) -> None:
        if draft_id in self._send_when_known:
            self._send_when_known.discard(DraftId(draft_id))
            self._send(draft_id)

    def _send_anyway(self, draft_id: str) -> None:
        """In spite of doubts, or of what holds it."""
        known = self._answering.outgoing(DraftId(draft_id))
        if known is not None and known.state is SendState.HELD:
            self._answering.send_anyway(known.draft_id)
            self._compose.sent(draft_id)
        else:
            self._send_it(DraftId(draft_id))

    def _undo(self, draft_id: str) -> None:
        self._answering.undo(DraftId(draft_id))
        self.refresh()
        self._compose.go_on(draft_id)

    def _held_chosen(self, draft_id: str, choice: HeldChoice) -> None:
        match choice:
            case HeldChoice.SEND_ANYWAY:
                self._send_anyway(draft_id)
            case HeldChoice.ADD_TO_MINE:
                self._answering.add_to_mine(DraftId(draft_id))
                self._compose.go_on(draft_id)
            case HeldChoice.DROP_MINE:
                self._give_up(draft_id)

    def _give_up(self, draft_id: str) -> None:
        """It can be taken back: the text of an answer is never gone by one click."""
        outgoing = self._answering.outgoing(DraftId(draft_id))
        if outgoing is None or outgoing.state is SendState.WRITING:
            self._compose.discard(draft_id)
            return
        draft = self._answering.draft(DraftId(draft_id))
        self._answering.give_up(DraftId(draft_id))
        self._compose.is_over(draft_id)
        self._compose.left.emit()
        if draft is not None:
            self._compose.discarded.emit(draft)
        self.refresh()

    def _edit(self, draft_id: str) -> None:
        known = self._answering.outgoing(DraftId(draft_id))
        if known is not None and known.state is not SendState.WRITING:
            self._answering.edit(known.draft_id)
        self._compose.go_on(draft_id)

    def _send_to_others(self, draft_id: str) -> None:
        """Without those whom the server refused."""
        known = self._answering.outgoing(DraftId(draft_id))
        draft = self._answering.draft(DraftId(draft_id))
        if known is None or draft is None:
            return
        refused = {email.casefold() for email, _ in known.refused}
        self._answering.edit(known.draft_id)
        self._compose.leave_out(known.draft_id, refused)
        self._send(draft_id)

    def _show_news(self, draft_id: str) -> None:
        """Open what came: seen, it holds the draft no more."""
        news = self._answering.what_is_new(DraftId(draft_id))
        self._compose.seen(draft_id)
        came = () if isinstance(news, Gone) else news
        messages = came.messages if isinstance(came, Answered) else came
        if messages:
            self._window.choices.message_chosen.emit(messages[-1].key)
        else:
            self.changed.emit()

    def _open(self, draft_id: str) -> None:
        """The conversation of a row in the outbox, with what is said of it there."""
        draft = self._answering.draft(DraftId(draft_id))
        if draft is None:
            return
        if self._compose.is_writable(draft):
            self._compose.go_on(draft_id)
        else:
            self._compose.open_asked.emit(draft.answers)
