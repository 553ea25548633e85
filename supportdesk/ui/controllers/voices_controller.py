"""The Voices page: which quotes are wanted, which one is chosen, and what is done with it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject

from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.errors import StoreError
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.voices import Lesson, Quote, TypedFor, TypedLine
from supportdesk.services.desk import Desk
from supportdesk.services.masking import LOOK_IT_OVER
from supportdesk.services.naming import Naming
from supportdesk.services.quote_words import copied_markdown, copied_text
from supportdesk.services.reading_log import ReadingLog
from supportdesk.services.wording import fit
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.controllers.note_controller import Asked, NoteController
from supportdesk.ui.controllers.quote_acts import QuoteActs, VoicesUndo
from supportdesk.ui.controllers.quote_export import EXPORT, QuoteExport
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.presenter.voices import (
    NO_QUOTES,
    MadeCards,
    QuoteCards,
    felt_tabs,
    lesson_actions,
    lesson_lines,
    nothing_found,
    quote_actions,
    week_choices,
    whose,
)
from supportdesk.ui.rows import Action, ActionButton, ButtonRank, Notice, Page, Tone
from supportdesk.ui.rows.note import NoteKind, NoteView
from supportdesk.ui.rows.voices import VoicesFilter, VoicesView, WeekChoice
from supportdesk.ui.rows.week_words import WeekBanner

_WORDS = 40
_TALKED = (Outcome.TAKEN, Outcome.ANSWERED, Outcome.CALLED, Outcome.CALLED_BACK)
_UNDO = ActionButton(action=Action.UNDO_VOICES, label="Undo", icon="undo", shortcut="u")


class VoicesController(QObject):
    """Owns the filter and the choice. The words of a customer are never changed here."""

    def __init__(
        self,
        window: MainWindow,
        *,
        desk: Desk,
        log: ReadingLog,
        acts: Acts,
        quotes: QuoteActs,
        notes: NoteController,
        to_local: ToLocal,
        open_item: Callable[[str], bool],
        banner: Callable[[], WeekBanner | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._log = log
        self._acts = acts
        self._quotes = quotes
        self._notes = notes
        self._to_local = to_local
        self._open_item = open_item
        self._banner = banner
        self._wanted = VoicesFilter()
        self._chosen = ""
        self._notice: Notice | None = None
        self._everything: tuple[Quote, ...] = ()
        self._week_words: WeekBanner | None = None
        self._view = VoicesView()
        self._made: tuple[int, MadeCards] = (0, {})
        self._export = QuoteExport(window, acts, self.say)
        quotes.changed.connect(self._refresh_if_shown)
        window.choices.voices_wanted.connect(self._want)
        window.choices.kept_chosen.connect(self._choose)

    def handlers(self) -> dict[Action, Callable[[str], None]]:
        return {
            Action.OPEN_SOURCE: self._open_source,
            Action.COPY_QUOTE: lambda key: self._copy(key, copied_text, is_masked=False),
            Action.COPY_QUOTE_MASKED: lambda key: self._copy(key, copied_text, is_masked=True),
            Action.COPY_MARKDOWN: lambda key: self._copy(key, copied_markdown, is_masked=False),
            Action.COPY_MARKDOWN_MASKED: lambda key: self._copy(
                key, copied_markdown, is_masked=True
            ),
            Action.EDIT_KEPT: self._edit,
            Action.REMOVE_QUOTE_NOTE: self._remove_note,
            Action.REMOVE_KEPT: self._remove,
            Action.QUOTES_OF_PERSON: self._only_of_person,
            Action.SHOW_ALL_QUOTES: lambda _key: self._want(VoicesFilter()),
            Action.UNDO_VOICES: lambda _key: self._undo(),
            Action.EXPORT_QUOTES: lambda _key: self._export.ask(),
        }

    def refresh(self) -> None:
        """Show the quotes that are wanted, of all that are kept now."""
        self._everything = self._desk.voices.search()
        self._week_words = self._banner()
        self._show()

    def take_up_typed(self) -> None:
        """What an earlier run was killed over stands in the line below again."""
        typed = self._desk.voices.typed
        for line in typed.all():
            asked = self._asked_before(line)
            if asked is not None:
                self._notes.ask_again(asked)
                continue
            # The next start looks for it once more, if the disk refuses this.
            with suppress(StoreError):
                typed.drop(line.key)

    def show_person(self, contact: str) -> None:
        """All kept words of one person."""
        self._wanted = VoicesFilter(contact=contact)
        self._notice = None
        self._window.show_page(Page.VOICES)

    def say(self, notice: Notice) -> None:
        self._notice = notice
        self._refresh_if_shown()

    def done(self, title: str, undo: Callable[[], None], key: str = "") -> None:
        """Something was done that can be taken back here, with the quote of this key."""
        self._quotes.undos.append(VoicesUndo(key, undo))
        self.say(Notice(title=title, tone=Tone.GOOD, buttons=(_UNDO,)))

    # --- which -------------------------------------------------------------------------

    def _show(self) -> None:
        now, everything = self._acts.now(), self._everything
        found, lessons = self._found(now), self._lessons()
        wanted, year = self._wanted, self._to_local(now).year
        shown = tuple(one for one in found if wanted.felt is None or one.felt is wanted.felt)
        is_empty = not (everything or lessons)
        weeks, person = self._weeks(everything, now), self._person()
        is_lacking = bool(everything) and not shown
        nothing = nothing_found(wanted, person, self._label_of(weeks)) if is_lacking else ""
        self._view = VoicesView(
            cards=QuoteCards(shown, year, self._to_local, now, self._made_in(year)),
            tabs=() if is_empty else felt_tabs(found),
            wanted=wanted,
            person=person,
            weeks=weeks,
            lessons=lesson_lines(lessons),
            chosen=self._chosen,
            actions=self._actions(),
            buttons=(EXPORT, *self._buttons()),
            notice=self._notice,
            nothing=nothing,
            empty=NO_QUOTES if is_empty else None,
            banner=self._week_words,
        )
        self._window.show_voices(self._view)

    def _made_in(self, year: int) -> MadeCards:
        """A card says the year only of other years."""
        if self._made[0] != year:
            self._made = (year, {})
        return self._made[1]

    def _found(self, now: datetime) -> tuple[Quote, ...]:
        """However they were felt."""
        wanted = self._wanted
        if wanted == VoicesFilter(felt=wanted.felt):
            return self._everything
        week = self._log.named_week(wanted.week) if wanted.week else None
        found = self._desk.voices.search(
            wanted.words,
            contacts=self._contacts(wanted.contact) if wanted.contact else None,
            since=week.earliest_start if week is not None else None,
            until=week.latest_start if week is not None else None,
        )
        if week is None:
            return found
        days = frozenset(week.days)
        return tuple(one for one in found if self._to_local(one.kept_at).date() in days)

    def _lessons(self) -> tuple[Lesson, ...]:
        """Of the same person and week; a felt word has none, and words are looked for in them."""
        wanted = self._wanted
        lessons = self._desk.voices.lessons.between()
        if wanted.contact:
            theirs = self._contacts(wanted.contact)
            lessons = tuple(one for one in lessons if one.contact in theirs)
        if wanted.week:
            days = frozenset(self._log.named_week(wanted.week).days)
            lessons = tuple(one for one in lessons if self._to_local(one.at).date() in days)
        return lessons

    def _contacts(self, contact: str) -> frozenset[str]:
        people = self._desk.people
        person = people.of_email(contact) or people.of_number(contact)
        known = (*person.emails, *person.numbers) if person is not None else ()
        return frozenset({contact, *known})

    def _person(self) -> str:
        contact = self._wanted.contact
        if not contact:
            return ""
        people = self._desk.people
        known = people.of_email(contact) or people.of_number(contact)
        theirs = self._desk.voices.of_person({contact})
        name = known.name if known is not None else theirs[0].who if theirs else ""
        return whose(name, contact)

    def _weeks(self, quotes: tuple[Quote, ...], now: datetime) -> tuple[WeekChoice, ...]:
        if not quotes:
            return ()
        oldest = self._to_local(quotes[-1].kept_at).date()
        present = self._log.week_on(self._log.today(now))
        return week_choices(present, self._log.week_on(oldest))

    def _label_of(self, weeks: tuple[WeekChoice, ...]) -> str:
        week = self._wanted.week
        return next((one.label for one in weeks if one.week == week), week)

    def _want(self, wanted: VoicesFilter) -> None:
        self._wanted = wanted
        self._notice = None
        self._show()

    def _choose(self, key: str) -> None:
        self._chosen = key
        self._view = replace(self._view, chosen=key, actions=self._actions())
        self._window.show_voices(self._view)

    def _only_of_person(self, key: str) -> None:
        quote = self._desk.voices.quote(key)
        if quote is not None and quote.contact:
            self._want(VoicesFilter(contact=quote.contact))

    # --- what is done with one ---------------------------------------------------------

    def _actions(self) -> tuple[ActionButton, ...]:
        voices = self._desk.voices
        quote, lesson = voices.quote(self._chosen), voices.lessons.lesson(self._chosen)
        if quote is not None:
            return quote_actions(quote)
        return lesson_actions(lesson) if lesson is not None else ()

    def _buttons(self) -> tuple[ActionButton, ...]:
        call = self._last_talk()
        keep = ActionButton(
            action=Action.KEEP_QUOTE,
            label="Keep words",
            target=call.key if call is not None else "",
            icon="quote",
            shortcut="q",
            hint="Type what somebody said, in their words (q)",
        )
        if call is None:
            return (keep,)
        note = ActionButton(
            action=Action.NOTE_CALL,
            label="Note a call",
            target=call.key,
            icon="note",
            shortcut="n",
            hint=f"Note something about the call with {fit(call.label, _WORDS)} (n)",
        )
        return (replace(keep, rank=ButtonRank.GHOST), note)

    def _last_talk(self) -> Call | None:
        calls = self._desk.calls.history.calls()
        return next((call for call in calls if call.outcome in _TALKED), None)

    def _open_source(self, key: str) -> None:
        voices = self._desk.voices
        kept = voices.quote(key) or voices.lessons.lesson(key)
        if isinstance(kept, Quote):
            self._quotes.seek(kept)
        if kept is not None and kept.item:
            self._open_item(kept.item)

    def _copy(self, key: str, written: Callable[..., str], *, is_masked: bool) -> None:
        quote = self._desk.voices.quote(key)
        if quote is not None:
            naming = Naming(cards=self._desk.people, is_masked=is_masked)
            self._acts.copy(written(quote, self._to_local, self._acts.now(), naming))
            named = whose(naming.name(quote.who, quote.contact), "")
            how = "without the name" if is_masked else f"as words of {named}"
            text = LOOK_IT_OVER if is_masked else _beginning(quote.words)
            self.say(Notice(title=f"Copied {how}", text=text, tone=Tone.GOOD))

    def _edit(self, key: str) -> None:
        asked = self._asked_to_edit(key)
        if asked is not None:
            self._notes.ask(replace(asked, view=replace(asked.view, is_wanted=True)))

    def _asked_before(self, line: TypedLine) -> Asked | None:
        """None: what it would change is gone, and was taken out by the founder."""
        is_edit = line.kind is TypedFor.BESIDE_QUOTE or line.item.startswith("lesson/")
        return self._asked_to_edit(line.item) if is_edit else self._quotes.asked_before(line)

    def _asked_to_edit(self, key: str) -> Asked | None:
        """The note beside a quote, or the words of a lesson."""
        voices = self._desk.voices
        quote, lesson = voices.quote(key), voices.lessons.lesson(key)
        if quote is not None:
            label = whose(quote.who, quote.contact)
            return Asked(
                view=NoteView(call=key, label=label, words=quote.note, kind=NoteKind.BESIDE_QUOTE),
                keep=lambda words: self._set_note(key, words),
                is_kept_as_typed=False,
                who=quote.who,
                contact=quote.contact,
                typed_for=TypedFor.BESIDE_QUOTE,
            )
        if lesson is None:
            return None
        label = whose(lesson.who, lesson.contact) if lesson.who or lesson.contact else ""
        return Asked(
            view=NoteView(call=key, label=label, words=lesson.words, kind=NoteKind.LESSON),
            keep=lambda words: self._set_lesson(key, words),
            is_kept_as_typed=False,
            who=lesson.who,
            contact=lesson.contact,
            typed_for=TypedFor.LESSON,
        )

    def _set_note(self, key: str, words: str) -> None:
        voices = self._desk.voices
        before = self._quotes.change(lambda _now: voices.edit_note(key, words.strip()))
        if before is not None:
            self.done(
                "The note is kept" if words.strip() else "The note is gone",
                self._back(before),
                key,
            )

    def _remove_note(self, key: str) -> None:
        try:
            self._set_note(key, "")
        except StoreError as error:
            self._say_kept(error)

    def _set_lesson(self, key: str, words: str) -> None:
        lessons = self._desk.voices.lessons
        before = self._quotes.change(lambda _now: lessons.edit(key, words.strip()))
        if before is not None:
            self.done("The line is changed", self._back(before), key)

    def _remove(self, key: str) -> None:
        voices = self._desk.voices
        is_quote = voices.quote(key) is not None
        try:
            gone = self._quotes.change(
                lambda _now: voices.remove(key) if is_quote else voices.lessons.remove(key)
            )
        except StoreError as error:
            self._say_kept(error)
            return
        if gone is not None:
            self._chosen = ""
            self.done(f"Taken out: {_beginning(gone.words)}", self._back(gone), key)

    def _say_kept(self, error: StoreError) -> None:
        title, text = f"Still kept: {error.problem.title}", error.problem.advice
        self.say(Notice(title=title, text=text, tone=Tone.AMBER))

    def _back(self, kept: Quote | Lesson) -> Callable[[], None]:
        voices = self._desk.voices

        def take_back() -> None:
            if isinstance(kept, Quote):
                self._quotes.change(lambda _now: voices.put(kept))
            else:
                self._quotes.change(lambda _now: voices.lessons.put(kept))
            self._chosen = kept.key

        return take_back

    def _undo(self) -> None:
        undos = self._quotes.undos
        if not undos:
            self.say(Notice(title="There is nothing to undo", tone=Tone.NORMAL))
            return
        undo = undos[-1]
        try:
            undo.act()
        except StoreError as error:
            self.say(Notice(title=f"Not undone: {error.problem.title}", text=error.problem.advice))
            return
        if undo in self._quotes.undos:
            self._quotes.undos.remove(undo)
        self.say(Notice(title="Taken back", tone=Tone.GOOD))

    def _refresh_if_shown(self) -> None:
        if self._window.page is Page.VOICES:
            self.refresh()


def _beginning(words: str) -> str:
    return f"“{fit(words, _WORDS)}”"
