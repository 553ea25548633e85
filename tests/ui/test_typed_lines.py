"""Words typed for a quote, a lesson or a note beside a quote: a run that is killed loses none.

A killed run says nothing any more: the next one gets what the store held then.
"""

from copy import deepcopy

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from supportdesk.domain.voices import Quote, TypedFor, TypedLine
from supportdesk.services.forgetting import Forgotten
from supportdesk.ui.rows import Action, Page
from supportdesk.ui.rows.note import NoteKind
from supportdesk.ui.theme import Theme
from tests.fakes.happenings import after, settings_with
from tests.ui.looking import settle
from tests.ui.rig import Rig

_WORDS = "Nobody picks up on Saturdays."


class Runs:
    """One home, and the run that has it just now."""

    def __init__(self, theme: Theme, qtbot: QtBot) -> None:
        self._theme = theme
        self._qtbot = qtbot
        self.rig = Rig(theme, qtbot, settings_with())

    def kill(self, *, knows_calls: bool = True) -> None:
        """The words are on the disk; then the run ends, and a new one begins."""
        voices, store = deepcopy(self.rig.desk.voices), self.rig.desk.store
        self.rig = Rig(
            self._theme,
            self._qtbot,
            settings_with(),
            voices=voices,
            store=store if knows_calls else None,
        )

    def type(self, words: str) -> None:
        """And wait until they are on the disk."""
        typed = self.rig.desk.voices.typed
        QTest.keyClicks(self.line, words)
        self._qtbot.waitUntil(
            lambda: [one.words for one in typed.values()] == [self.line.text()], timeout=30_000
        )

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.line, key)
        settle()

    @property
    def line(self) -> QLineEdit:
        settle()
        return self.rig.window._shell.note._field

    @property
    def asks(self) -> tuple[NoteKind, str] | None:
        note = self.rig.window._shown.note
        return (note.kind, note.words) if note is not None else None

    @property
    def typed(self) -> list[str]:
        return [one.words for one in self.rig.desk.voices.typed.values()]

    @property
    def quotes(self) -> list[str]:
        return [one.words for one in self.rig.desk.desk.voices.search()]

    @property
    def lessons(self) -> list[str]:
        return [one.words for one in self.rig.desk.desk.voices.lessons.between()]


@pytest.fixture
def runs(theme: Theme, qtbot: QtBot) -> Runs:
    return Runs(theme, qtbot)


def keep(runs: Runs) -> Quote:
    now = runs.rig.desk.now
    return runs.rig.desk.desk.voices.keep(
        "As it is.", who="Ruth", contact="ruth@out.example", said_at=now, now=now
    )


def test_words_of_a_call_are_offered_again_and_kept_with_it(runs: Runs) -> None:
    key = runs.rig.miss()
    runs.rig.ask(Action.KEEP_QUOTE, key)
    runs.type(_WORDS)
    assert runs.quotes == [], "half of what somebody said is no quote"
    runs.kill()
    assert runs.asks == (NoteKind.QUOTE, _WORDS)
    view = runs.rig.window._shown.note
    assert view is not None
    assert view.question == "What Pavel Kiss said"
    runs.press(Qt.Key.Key_Return)
    (quote,) = runs.rig.desk.desk.voices.search()
    assert (quote.words, quote.item, quote.who) == (_WORDS, key, "Pavel Kiss")
    assert runs.typed == []


def test_more_words_of_nobody_and_what_was_learned(runs: Runs) -> None:
    runs.rig.ask(Action.KEEP_QUOTE, "")
    runs.type("You answer")
    runs.type(" like people.")
    runs.kill()
    QTest.keyClick(runs.line, Qt.Key.Key_End)
    runs.rig.ask(Action.KEEP_QUOTE, "")
    assert runs.line.text() == "You answer like people.", "what is asked for stands there already"
    runs.press(Qt.Key.Key_Return)
    assert runs.quotes == ["You answer like people."]
    runs.rig.ask(Action.LEARNED, "")
    runs.type("Answer")
    runs.kill()
    assert runs.asks == (NoteKind.LESSON, "Answer")
    runs.rig.controller.stop()
    assert (runs.lessons, runs.typed) == (["Answer"], [])


def test_a_note_beside_a_quote_and_a_changed_lesson(runs: Runs) -> None:
    quote, voices = keep(runs), runs.rig.desk.desk.voices
    voices.edit_note(quote.key, "Ask her")
    lesson = voices.lessons.learn("Bakers press.", now=runs.rig.desk.now)
    runs.rig.ask(Action.EDIT_KEPT, quote.key)
    runs.type(" in May")
    runs.kill()
    assert runs.asks == (NoteKind.BESIDE_QUOTE, "Ask her in May")
    runs.press(Qt.Key.Key_Return)
    assert runs.rig.desk.desk.voices.search()[0].note == "Ask her in May"
    runs.rig.ask(Action.EDIT_KEPT, lesson.key)
    runs.type(" Twice.")
    runs.kill()
    runs.press(Qt.Key.Key_Return)
    assert (runs.lessons, runs.typed) == (["Bakers press. Twice."], [])


@pytest.mark.parametrize("is_killed", [False, True])
def test_esc_wants_none_of_them(runs: Runs, is_killed: bool) -> None:
    runs.rig.ask(Action.LEARNED, "")
    runs.type("Ans")
    if is_killed:
        runs.kill()
    runs.press(Qt.Key.Key_Escape)
    assert (runs.asks, runs.lessons, runs.typed) == (None, [], [])


def test_what_was_begun_comes_one_after_the_other(runs: Runs) -> None:
    runs.rig.ask(Action.LEARNED, "")
    runs.type("Ans")
    voices = runs.rig.desk.voices
    (lesson,) = voices.typed.values()
    runs.rig.ask(Action.KEEP_QUOTE, "")
    runs.type("Yes")
    voices.save_typed_line(lesson)
    runs.kill()
    for _ in range(2):
        assert runs.asks is not None
        runs.press(Qt.Key.Key_Return)
    assert (runs.asks, runs.quotes, runs.lessons) == (None, ["Yes"], ["Ans", "Ans"])


def test_taken_back_letter_by_letter_there_is_nothing_to_offer(runs: Runs, qtbot: QtBot) -> None:
    runs.rig.ask(Action.LEARNED, "")
    runs.type("A")
    QTest.keyClick(runs.line, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: runs.typed == [], timeout=30_000)
    runs.kill()
    assert runs.asks is None


def test_of_what_is_gone_nothing_is_offered(runs: Runs) -> None:
    quote = keep(runs)
    runs.rig.ask(Action.EDIT_KEPT, quote.key)
    runs.type("Ask her")
    runs.rig.desk.voices.remove_quote(quote.key)
    runs.kill()
    assert runs.asks is None


def test_of_a_call_that_is_not_read_yet_the_words_keep_their_source(runs: Runs) -> None:
    key = runs.rig.miss()
    runs.rig.ask(Action.KEEP_QUOTE, key)
    runs.type(_WORDS)
    runs.kill(knows_calls=False)
    runs.press(Qt.Key.Key_Return)
    (quote,) = runs.rig.desk.desk.voices.search()
    assert (quote.item, quote.who) == (key, "Pavel Kiss")


def test_what_was_typed_of_somebody_who_is_forgotten_is_gone(runs: Runs) -> None:
    quote = keep(runs)
    runs.rig.ask(Action.EDIT_KEPT, quote.key)
    runs.type("Ask her")
    runs.rig.controller.person_forgotten(Forgotten(emails=("ruth@out.example",)))
    assert (runs.asks, runs.typed) == (None, [])


def test_what_stands_in_line_for_somebody_who_is_forgotten_is_gone(runs: Runs) -> None:
    voices, now = runs.rig.desk.desk.voices, runs.rig.desk.now
    quote = keep(runs)
    lesson = voices.lessons.learn("Bakers press.", now=now, who="Ruth Bell")
    other = voices.lessons.learn("Bakers rest.", now=now, who="Ivo")
    kinds = (TypedFor.LESSON, TypedFor.LESSON, TypedFor.BESIDE_QUOTE)
    keys = (lesson.key, other.key, quote.key)
    names = (("Ruth Bell", ""), ("Ivo", ""), ("Ruth", "ruth@out.example"))
    for at, (kind, key, (who, contact)) in enumerate(zip(kinds, keys, names, strict=True)):
        line = TypedLine(
            kind=kind, item=key, words=f"{who} half", who=who, contact=contact, at=after(at)
        )
        voices.typed.keep(line)
    runs.kill()
    assert runs.asks == (NoteKind.LESSON, "Ruth Bell half")
    ruth = Forgotten(emails=("ruth@out.example",), names=("Ruth Bell",))
    runs.rig.controller.person_forgotten(ruth)
    assert runs.asks == (NoteKind.LESSON, "Ivo half")
    runs.press(Qt.Key.Key_Escape)
    assert runs.asks is None


def test_what_was_typed_for_a_quote_that_is_gone_is_not_kept_for_ever(runs: Runs) -> None:
    quote = keep(runs)
    runs.rig.ask(Action.EDIT_KEPT, quote.key)
    runs.type("Ask her")
    runs.rig.desk.desk.voices.remove(quote.key)
    runs.kill()
    assert (runs.asks, runs.typed) == (None, [])


@pytest.mark.parametrize("page", [Page.INBOX, Page.WEEK, Page.MORNING])
def test_a_full_disk_leaves_the_founder_in_the_line(runs: Runs, page: Page, qtbot: QtBot) -> None:
    window = runs.rig.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.show_page(page)
    runs.rig.ask(Action.LEARNED, "")
    runs.rig.desk.voices.is_full = True
    QTest.keyClicks(runs.line, "Answer")
    runs.press(Qt.Key.Key_Return)
    assert window.page is page
    assert runs.line.hasFocus()
    assert runs.line.text() == "Answer"
    assert runs.line.accessibleName().startswith("Not kept: The disk is full. ")
    runs.rig.desk.voices.is_full = False
    runs.type(" soon")
    assert runs.line.accessibleName() == "What did we learn?"
    runs.press(Qt.Key.Key_Return)
    assert runs.lessons == ["Answer soon"]


def test_a_full_disk_is_said_and_takes_no_letter(runs: Runs, qtbot: QtBot) -> None:
    runs.rig.window.show_page(Page.VOICES)
    runs.rig.ask(Action.LEARNED, "")
    runs.rig.desk.voices.is_full = True
    QTest.keyClicks(runs.line, "Answer")
    shown = runs.rig.window._shown
    qtbot.waitUntil(lambda: shown.voices.notice is not None, timeout=30_000)
    assert shown.voices.notice is not None
    assert shown.voices.notice.title == "Not kept: The disk is full"
    assert runs.line.text() == "Answer"
    runs.rig.desk.voices.is_full = False
    runs.press(Qt.Key.Key_Return)
    assert (runs.lessons, runs.typed) == (["Answer"], [])
