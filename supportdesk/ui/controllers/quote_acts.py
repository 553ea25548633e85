"""Words are kept: selected in the message on show, or typed as they were said on the phone.

With them goes how they were felt, by the founder's hand, and what was learned from a contact. How a
call felt that was noted is asked in the same place (F88).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from supportdesk.domain.calls import Call
from supportdesk.domain.errors import StoreError
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.people import CallNote
from supportdesk.domain.voices import Felt, Quote, TypedFor, TypedLine
from supportdesk.services.call_notes import CallNotes
from supportdesk.services.desk import Desk
from supportdesk.services.wording import fit
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.note_controller import Asked, NoteController
from supportdesk.ui.controllers.open_message import OpenMessage
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.voices import kept_words
from supportdesk.ui.rows import Action, ActionButton, ButtonRank, Notice, Page, Tone
from supportdesk.ui.rows.note import NoteKind, NoteView
from supportdesk.ui.rows.voices import KeptWords

_NAME = 40
_Made = TypeVar("_Made")


class Results(Protocol):
    """Where it is said beside a message what was done, and taken back from."""

    def done(self, title: str, undo: Callable[[], None]) -> None: ...

    def did(self, undo: Callable[[], None]) -> None: ...


class VoicesUndo(NamedTuple):
    """How something is taken back on the Voices page, and the quote or lesson it is about."""

    key: str
    act: Callable[[], None]


class _Said(NamedTuple):
    """In which talk words were said, as far as it is known, and by whom."""

    item: str = ""
    label: str = ""
    who: str = ""
    contact: str = ""
    at: datetime | None = None
    talk_seconds: float | None = None


class QuoteActs(QObject):
    """Owns which words were kept last: how they were felt is asked below them.

    Signals:
        said: A `Notice` for beside the message.
        said_here: A `Notice` for the page on show, where that is no message.
        done: What was done, not beside a message: its title, and how it is taken back.
        changed: Words are kept, or not any more, or were felt in another way.
    """

    said = Signal(object)
    said_here = Signal(object)
    done = Signal(str, object)
    changed = Signal()

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        acts: Acts,
        *,
        shown: OpenMessage,
        results: Results,
        notes: NoteController,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._open = shown
        self._results = results
        self._notes = notes
        self._fresh = ""
        self._near = 0
        self._sought: Quote | None = None
        self.undos: list[VoicesUndo] = []
        """Of the Voices page, the newest last."""
        notes.noted.connect(self._note_kept)
        window.choices.felt_chosen.connect(self._set_felt)
        window.choices.quote_undo_asked.connect(self._take_back_asked)
        window.choices.kept_left.connect(lambda: window.show_kept(None))

    def handlers(self) -> dict[Action, Callable[[str], None]]:
        return {Action.KEEP_QUOTE: self.keep, Action.LEARNED: self.learn}

    def kept(self) -> tuple[KeptWords, ...]:
        """Of the message on show."""
        quotes = self._desk.voices.of_item(self._open.key)
        sought = self._sought.key if self._sought is not None else ""
        return kept_words(quotes, fresh=self._fresh, near=self._near, sought=sought)

    def seek(self, quote: Quote) -> None:
        """Its mail is about to be opened for these words."""
        self._sought = quote

    def person_forgotten(self) -> None:
        """What is taken back may be theirs: nothing is."""
        self.undos.clear()
        self._sought = None
        self._window.show_kept(None)

    def forget_fresh(self) -> None:
        """Another message is on show: it is not asked any more how words were felt."""
        self._fresh = ""
        if self._sought is not None and self._sought.item == self._open.key:
            self._sought = None

    def offers(self) -> tuple[ActionButton, ...]:
        """For the menu of the message."""
        return (
            _offer(Action.KEEP_QUOTE, "Keep the selected words", "q"),
            _offer(Action.LEARNED, "What did we learn?", "L"),
        )

    def keep(self, target: str) -> None:
        """Of a call they are typed; of the message on show they are selected."""
        if target.startswith("call/"):
            self._ask_words(self._call(target))
        elif self._open.message is not None and self._window.shows_message:
            self._keep_selected(self._open.message)
        else:
            self._ask_words(None)

    def learn(self, target: str) -> None:
        """One line from this call, from the conversation on show, or from nobody by name."""
        if target.startswith("call/"):
            call = self._call(target)
            if call is not None:
                self._ask_lesson(call.key, call.label, call.number)
        elif self._open.conversation is not None and self._window.shows_message:
            customer = self._open.conversation.customer
            name = self._desk.people.name_of(customer)
            self._ask_lesson(self._open.conversation.key, name, customer.email)
        else:
            self._ask_lesson("", "", "")

    def _call(self, key: str) -> Call | None:
        """Also one from before what the board remembers."""
        return self._desk.calls.call(key) or self._desk.calls.history.call(key)

    def remember(self, key: str, undo: Callable[[], None]) -> None:
        """It can be taken back where the founder is."""
        if self._window.page is Page.VOICES:
            self.undos.append(VoicesUndo(key, undo))
        else:
            self._results.did(undo)

    def change(self, act: Callable[[datetime], _Made]) -> _Made:
        """Kept words or lessons, in a turn of the desk; raises StoreError."""
        made: list[_Made] = []
        self._acts.perform(lambda now: self._desk.change_voices(lambda: made.append(act(now)), now))
        return made[0]

    # --- words -------------------------------------------------------------------------

    def _keep_selected(self, message: MessageSummary) -> None:
        words = self._window.selected_words().strip()
        if not words:
            if not self._window.choose_sentence():
                self._say("Nothing is selected", "Select the words to keep, then press q.")
        elif message.is_ours or message.is_sent_copy:
            self._say("These are our own words", "What customers say is kept.")
        else:
            self._keep_words(message, words)

    def _keep_words(self, message: MessageSummary, words: str) -> None:
        near, voices = self._window.selected_at(), self._desk.voices
        known = voices.of_item(message.key)
        try:
            quote = self.change(
                lambda now: voices.keep(
                    words,
                    item=message.key,
                    who=self._desk.people.name_of(message.sender),
                    contact=message.sender.email,
                    said_at=message.sent_at,
                    now=now,
                )
            )
        except StoreError as error:
            self._say(f"Not kept: {error.problem.title}", error.problem.advice)
            return
        self._fresh, self._near = quote.key, near
        if quote not in known:
            self.remember(quote.key, lambda: self._take_back(quote.key))
        self.changed.emit()

    def asked_before(self, line: TypedLine) -> Asked:
        """What an earlier run was killed over: words that were said, or what was learned."""
        if line.kind is TypedFor.LESSON:
            return self._lesson_asked(line.item, line.who, line.contact)
        call = self._call(line.item)
        gone = _Said(line.item, line.who or line.contact, line.who, line.contact, line.at)
        return self._words_asked(_said_in(call) if call is not None else gone)

    def _ask_words(self, call: Call | None) -> None:
        asked = self._words_asked(_said_in(call) if call is not None else _Said())
        self._notes.ask(replace(asked, view=replace(asked.view, is_wanted=True)))

    def _words_asked(self, said: _Said) -> Asked:
        def keep(words: str) -> None:
            quote = self.change(lambda now: self._keep_said(said, words.strip(), now))
            self._window.show_kept(kept_words([quote], fresh=quote.key)[0])
            self.changed.emit()

        return Asked(
            view=NoteView(call=said.item, label=fit(said.label, _NAME), kind=NoteKind.QUOTE),
            keep=keep,
            is_kept_as_typed=False,
            who=said.who,
            contact=said.contact,
            typed_for=TypedFor.QUOTE,
        )

    def _keep_said(self, said: _Said, words: str, now: datetime) -> Quote:
        return self._desk.voices.keep(
            words,
            item=said.item,
            who=said.who,
            contact=said.contact,
            said_at=said.at or now,
            now=now,
            talk_seconds=said.talk_seconds,
        )

    # --- how they were felt, and that they are not kept --------------------------------

    def _set_felt(self, key: str, felt: Felt | None) -> None:
        try:
            if self._desk.notes.note(key) is not None:
                self._change_notes(lambda notes: notes.set_felt(key, felt))
            else:
                self._set_felt_of_quote(key, felt)
        except StoreError as error:
            self._tell(f"Not changed: {error.problem.title}", error.problem.advice)

    def _set_felt_of_quote(self, key: str, felt: Felt | None) -> None:
        before = self.change(lambda _now: self._desk.voices.set_felt(key, felt))
        if before is not None:
            self.remember(key, lambda: self._put(before))
        self.changed.emit()

    def _take_back_asked(self, key: str) -> None:
        try:
            self._take_back(key)
        except StoreError as error:
            self._tell(f"Still kept: {error.problem.title}", error.problem.advice)

    def _take_back(self, key: str) -> None:
        """Nothing that was done with the words brings them back."""
        if self._desk.notes.note(key) is not None:
            self._change_notes(lambda notes: notes.remove(key))
            self._window.show_kept(None)
            return
        self.change(lambda _now: self._desk.voices.remove(key))
        self._drop_undos(key)
        self._window.show_kept(None)
        self.changed.emit()

    def _note_kept(self, note: CallNote) -> None:
        kept = KeptWords(key=note.key, words=note.words, felt=note.felt, is_fresh=True)
        self._window.show_kept(kept)

    def _change_notes(self, act: Callable[[CallNotes], object]) -> None:
        notes = self._desk.notes
        self._acts.perform(lambda now: self._desk.change_notes(lambda: act(notes), now))

    def _drop_undos(self, key: str) -> None:
        self.undos = [undo for undo in self.undos if undo.key != key]

    def _put(self, quote: Quote) -> None:
        """As it was, if it is still kept."""
        if self._desk.voices.quote(quote.key) is None:
            return
        self.change(lambda _now: self._desk.voices.put(quote))
        self.changed.emit()

    # --- what was learned --------------------------------------------------------------

    def _ask_lesson(self, item: str, who: str, contact: str) -> None:
        asked = self._lesson_asked(item, who, contact)
        self._notes.ask(replace(asked, view=replace(asked.view, is_wanted=True)))

    def _lesson_asked(self, item: str, who: str, contact: str) -> Asked:
        lessons = self._desk.voices.lessons

        def keep(words: str) -> None:
            lesson = self.change(
                lambda now: lessons.learn(
                    words.strip(), item=item, who=who, contact=contact, now=now
                )
            )

            def undo() -> None:
                self.change(lambda _now: lessons.remove(lesson.key))
                self._drop_undos(lesson.key)
                self.changed.emit()

            title = f"Learned: {fit(lesson.words, _NAME)}"
            if self._window.shows_message:
                self._results.done(title, undo)
            else:
                self.done.emit(title, undo)

        return Asked(
            view=NoteView(call=item, label=fit(who, _NAME), kind=NoteKind.LESSON),
            keep=keep,
            is_kept_as_typed=False,
            who=who,
            contact=contact,
            typed_for=TypedFor.LESSON,
        )

    def _tell(self, title: str, text: str) -> None:
        """Beside the message, or on the page that is on show instead."""
        if self._window.shows_message:
            self._say(title, text)
        else:
            self.said_here.emit(Notice(title=title, text=text, tone=Tone.AMBER))

    def _say(self, title: str, text: str) -> None:
        self.said.emit(Notice(title=title, text=text, tone=Tone.AMBER))


def _said_in(call: Call) -> _Said:
    who = call.label if call.name or call.number else ""
    seconds = call.talk_seconds or None
    return _Said(call.key, call.label, who, call.number, call.started_at, seconds)


def _offer(action: Action, label: str, shortcut: str) -> ActionButton:
    return ActionButton(action=action, label=label, shortcut=shortcut, rank=ButtonRank.GHOST)
