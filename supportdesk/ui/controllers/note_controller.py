"""Asks for a note when a call of the founder's own has ended, and keeps what is typed (F59).

What is typed is written to desk.db within two seconds under the note's own key: after a crash the
words stand there as a note, after Enter they are replaced by the whole of them.
"""

from datetime import timedelta

from PySide6.QtCore import QObject, QTimer

from supportdesk.domain.calls import Call, Outcome, call_key
from supportdesk.domain.events import CallEnded, Event
from supportdesk.domain.settings import PhoneKind
from supportdesk.services.call_records import FOUNDER
from supportdesk.services.desk import Desk
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows.note import NoteView

_WRITTEN_AFTER_MS = 1_500
# What a softphone or a hook tells of later, at the next start say, is nothing fresh to note.
_ASKED_WITHIN = timedelta(hours=1)


class NoteController(QObject):
    """Owns which call is asked about. One that ends while words are typed waits its turn."""

    def __init__(self, window: MainWindow, desk: Desk, acts: Acts, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._call: Call | None = None
        self._key = ""
        self._words = ""
        self._next: list[Call] = []
        self._write_soon = QTimer(self)
        self._write_soon.setSingleShot(True)
        self._write_soon.setInterval(_WRITTEN_AFTER_MS)
        self._write_soon.timeout.connect(self._write)
        window.choices.note_typed.connect(self._typed)
        window.choices.note_kept.connect(self._kept)
        window.choices.note_skipped.connect(self._skipped)

    def event_seen(self, event: Event) -> None:
        """After the desk has folded it in."""
        call = self._own_call(event) if isinstance(event, CallEnded) else None
        if call is not None:
            self._offer(call)

    def calls_were_deleted(self) -> None:
        """Of a call that is not known any more nothing is noted."""
        self._next = [one for one in self._next if self._desk.calls.call(one.key) is not None]
        if self._call is not None and self._desk.calls.call(self._call.key) is None:
            self._write_soon.stop()
            self._show(self._next.pop(0) if self._next else None)

    def stop(self) -> None:
        """The run ends: what is typed is kept as it is."""
        if self._write_soon.isActive():
            self._write_soon.stop()
            self._write()

    # --- which calls -------------------------------------------------------------------

    def _own_call(self, event: CallEnded) -> Call | None:
        """The founder's, as far as the phone can know; none from before this run was there."""
        call = self._desk.calls.call(call_key(event.phone, event.call_id))
        if call is None or self._acts.now() - event.at > _ASKED_WITHIN:
            return None
        has_called = call.outcome is Outcome.CALLED and call.by == FOUNDER
        is_own = has_called or call.outcome is Outcome.TAKEN or self._is_of_this_desk(call)
        return call if is_own else None

    def _is_of_this_desk(self, call: Call) -> bool:
        """A hook that names nobody tells of the phone on this desk, as the week counts it."""
        line = self._desk.calls.line(call.phone)
        is_nobodys = call.outcome is Outcome.ANSWERED and not call.by
        return is_nobodys and line.settings.kind is PhoneKind.HOOK

    # --- one after the other -----------------------------------------------------------

    def _offer(self, call: Call) -> None:
        if self._call is not None and self._call.key == call.key:
            return
        if self._call is not None and self._words.strip():
            self._next.append(call)
            return
        self._show(call)

    def _show(self, call: Call | None) -> None:
        self._call, self._words = call, ""
        self._key = self._desk.notes.new_key(call.key) if call is not None else ""
        view = NoteView(call=call.key, label=call.label) if call is not None else None
        self._window.show_note(view)

    def _typed(self, call: str, words: str) -> None:
        if self._is_open(call):
            self._words = words
            if not self._write_soon.isActive():
                self._write_soon.start()

    def _kept(self, call: str, words: str) -> None:
        if self._is_open(call):
            self._words = words
            self._end()

    def _skipped(self, call: str) -> None:
        if self._is_open(call):
            self._words = ""
            self._end()

    def _end(self) -> None:
        self._write_soon.stop()
        self._write()
        self._show(self._next.pop(0) if self._next else None)

    def _is_open(self, call: str) -> bool:
        return self._call is not None and self._call.key == call

    def _write(self) -> None:
        call, key, words = self._call, self._key, self._words
        notes = self._desk.notes
        if call is None:
            return
        if words.strip():
            self._acts.perform(
                lambda now: self._desk.change_notes(lambda: notes.write(key, call, words, now), now)
            )
        elif notes.note(key) is not None:
            self._acts.perform(lambda now: self._desk.change_notes(lambda: notes.remove(key), now))
