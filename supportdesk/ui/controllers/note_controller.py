"""The line below every page: a note of a call, a note on a conversation, a label (F47, F59).

A note is asked for by itself when a call of the founder's own has ended.

What is typed is written to desk.db within two seconds. A note has a key of its own from the first
letter on: after a crash the words stand there as a note, after Enter they are replaced by the whole
of them. Quotes, lessons and notes beside quotes are kept at Enter, and when another line opens or
the run ends; until then they are typed lines, which the next run offers here if this one is killed.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from supportdesk.domain.calls import Call, Outcome, call_key
from supportdesk.domain.errors import StoreError
from supportdesk.domain.events import CallEnded, Event
from supportdesk.domain.settings import PhoneKind
from supportdesk.domain.voices import TypedFor, TypedLine
from supportdesk.services.call_records import FOUNDER
from supportdesk.services.desk import Desk
from supportdesk.services.forgetting import Forgotten, Mentions
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Action, ActionButton, ButtonRank
from supportdesk.ui.rows.note import NoteView

_WRITTEN_AFTER_MS = 1_500
# What a softphone or a hook tells of later, at the next start say, is nothing fresh to note.
_ASKED_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the line asks for.

    Attributes:
        keep: Takes the words, at each pause of typing where `is_kept_as_typed`, and at the end.
        drop: There shall be no words.
        ended: The founder has done with it, and the words are kept.
        call: The call it is about, if it is about one.
        who: The name of whom the words are about, as it is known.
        contact: Their address or number.
        typed_for: What the words become at the end, if half of them would be none of it.
    """

    view: NoteView
    keep: Callable[[str], None]
    drop: Callable[[], None] = lambda: None
    ended: Callable[[], None] = lambda: None
    is_kept_as_typed: bool = True
    call: Call | None = None
    who: str = ""
    contact: str = ""
    typed_for: TypedFor | None = None


class NoteController(QObject):
    """Owns what the line asks for. A call that ends while words are typed waits its turn.

    Signals:
        failed: A `Problem`: what was typed is not kept. The line stays, with the words.
        noted: A `CallNote`: the founder has done with it.
    """

    failed = Signal(object)
    noted = Signal(object)

    def __init__(self, window: MainWindow, desk: Desk, acts: Acts, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._acts = acts
        self._asked: Asked | None = None
        self._words = ""
        self._has_said = False
        self._next: list[Call] = []
        self._again: list[Asked] = []
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

    def ask(self, asked: Asked) -> None:
        """The founder wants to type this now; what is there is kept first."""
        before = self._asked
        if before is not None and _is_same(before, asked) and self._is_unwritten():
            self._window.show_note(replace(asked.view, words=self._words))
            return
        if before is not None:
            self._write_soon.stop()
            if not self._write(is_end=self._is_unwritten()):
                return
            if before.call is not None and not self._words.strip():
                self._next.insert(0, before.call)
        self._show(asked)

    def ask_again(self, asked: Asked) -> None:
        """An earlier run was killed while this was typed."""
        if self._asked is None:
            self._show(asked)
        else:
            self._again.append(asked)

    def ask_about_call(self, call: Call) -> None:
        """The founder wants to note something of a call of before."""
        asked = self._about(call)
        self.ask(replace(asked, view=replace(asked.view, is_wanted=True)))

    def calls_were_deleted(self) -> None:
        """Of a call that is not known any more nothing is noted."""
        self._next = [one for one in self._next if self._desk.calls.call(one.key) is not None]
        call = self._asked.call if self._asked is not None else None
        if call is not None and self._desk.calls.call(call.key) is None:
            self._give_up()

    def person_forgotten(self, who: Forgotten) -> None:
        """Of whom nothing is known any more nothing is kept, nor what is being typed."""
        self.calls_were_deleted()
        mentions = Mentions(who)
        self._again = [one for one in self._again if not _is_of(one, who, mentions)]
        if self._asked is not None and _is_of(self._asked, who, mentions):
            self._give_up()

    def say(self, problem: str) -> None:
        """Why the words are not kept: in the line itself, which stays as it is; "": they are."""
        if self._asked is not None:
            view = replace(self._asked.view, words=self._words, is_wanted=False)
            self._window.show_note(replace(view, problem=problem))
            self._has_said = bool(problem)

    def stop(self) -> None:
        """The run ends: what is typed is kept as it is."""
        if self._is_unwritten():
            if self._write(is_end=True):
                self._show(None)
        elif self._write_soon.isActive():
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
        asked = self._asked
        if asked is not None and asked.view.call == call.key:
            return
        if asked is not None and (self._words.strip() or asked.call is None):
            self._next.append(call)
            return
        self._show(self._about(call))

    def _about(self, call: Call) -> Asked:
        key, notes = self._desk.notes.new_key(call.key), self._desk.notes

        def keep(words: str) -> None:
            self._acts.perform(
                lambda now: self._desk.change_notes(lambda: notes.write(key, call, words, now), now)
            )

        def drop() -> None:
            if notes.note(key) is not None:
                self._acts.perform(
                    lambda now: self._desk.change_notes(lambda: notes.remove(key), now)
                )

        def ended() -> None:
            note = notes.note(key)
            if note is not None:
                self.noted.emit(note)

        view = NoteView(call=call.key, label=call.label, others=_others(call))
        return Asked(view=view, keep=keep, drop=drop, ended=ended, call=call)

    def _show(self, asked: Asked | None) -> None:
        self._has_said = False
        if asked is None:
            self._asked, self._words = None, ""
            self._window.show_note(None)
            return
        typed = self._typed_before(asked)
        self._asked, self._words = asked, asked.view.words if typed is None else typed.words
        self._window.show_note(replace(asked.view, words=self._words))

    def _show_next(self) -> None:
        if self._again:
            self._show(self._again.pop(0))
        else:
            self._show(self._about(self._next.pop(0)) if self._next else None)

    def _give_up(self) -> None:
        """Of whom the words are nothing is kept."""
        self._write_soon.stop()
        if self._asked is not None:
            self._drop_typed(self._asked)
        self._show_next()

    def _typed(self, key: str, words: str) -> None:
        if self._asked is not None and self._asked.view.call == key:
            self._words = words
            is_lost = not self._asked.is_kept_as_typed and self._asked.typed_for is None
            if not (is_lost or self._write_soon.isActive()):
                self._write_soon.start()

    def _kept(self, key: str, words: str) -> None:
        if self._asked is not None and self._asked.view.call == key:
            self._words = words
            self._end()

    def _skipped(self, key: str) -> None:
        if self._asked is not None and self._asked.view.call == key:
            self._words = ""
            self._end()

    def _end(self) -> None:
        self._write_soon.stop()
        asked = self._asked
        if self._write(is_end=True):
            if asked is not None:
                asked.ended()
            self._show_next()

    def _is_unwritten(self) -> bool:
        """Words that are not what they become at the end, as they would be kept now."""
        asked = self._asked
        if asked is None or asked.typed_for is None:
            return False
        return bool(self._words.strip()) and self._words != asked.view.words

    def _write(self, *, is_end: bool = False) -> bool:
        """False when the disk did not take it."""
        asked, words = self._asked, self._words
        if asked is None:
            return True
        try:
            if not (is_end or asked.is_kept_as_typed):
                self._keep_typed(asked)
            elif words.strip():
                asked.keep(words)
            else:
                asked.drop()
        except StoreError as error:
            self.failed.emit(error.problem)
            return False
        if is_end:
            self._drop_typed(asked)
        elif self._has_said:
            self.say("")
        return True

    # --- what is typed, and not kept yet -----------------------------------------------

    def _typed_before(self, asked: Asked) -> TypedLine | None:
        kind = asked.typed_for
        return self._desk.voices.typed.line(self._line(asked, kind).key) if kind else None

    def _keep_typed(self, asked: Asked) -> None:
        """Half a label is no line: it would be shown to the team."""
        if asked.typed_for is None:
            return
        line = self._line(asked, asked.typed_for)
        if self._is_unwritten():
            self._desk.voices.typed.keep(line)
        else:
            self._desk.voices.typed.drop(line.key)

    def _drop_typed(self, asked: Asked) -> None:
        if asked.typed_for is not None:
            # Words that are kept are once more offered by the next run, if the disk refuses this.
            with suppress(StoreError):
                self._desk.voices.typed.drop(self._line(asked, asked.typed_for).key)

    def _line(self, asked: Asked, kind: TypedFor) -> TypedLine:
        return TypedLine(
            kind=kind,
            item=asked.view.call,
            words=self._words,
            who=asked.who,
            contact=asked.contact,
            at=self._acts.now(),
        )


def _is_same(before: Asked, asked: Asked) -> bool:
    """Also where it was offered, and is now wanted."""
    return replace(before.view, is_wanted=True) == replace(asked.view, is_wanted=True)


def _is_of(asked: Asked, who: Forgotten, mentions: Mentions) -> bool:
    """By the rule by which what is kept of them is found."""
    contact = asked.contact
    if contact.casefold() in (*who.emails, *who.numbers, *who.spellings):
        return True
    # Typed, of no mail and no call: the name is all that there is.
    return mentions.are_in(contact) or (not contact and mentions.are_called(asked.who))


def _others(call: Call) -> tuple[ActionButton, ...]:
    """What else of a call can be kept: their own words, and what it taught."""
    kept = ((Action.KEEP_QUOTE, "Their words", "quote"), (Action.LEARNED, "Learned", "coffee"))
    return tuple(
        ActionButton(action=action, label=label, target=call.key, icon=icon, rank=ButtonRank.GHOST)
        for action, label, icon in kept
    )
