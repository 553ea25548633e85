"""Kept words stand out in their text, and below the freshest it is asked how they were felt."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from supportdesk.domain.voices import Felt
from supportdesk.ui.rows.voices import KeptWords
from supportdesk.ui.theme import Theme
from supportdesk.ui.voices.felt_bar import FeltBar, FeltMark
from supportdesk.ui.voices.kept_words import KeptInText, Squeezed
from supportdesk.ui.widgets.prose import Prose

_COFFEE = "I had my coffee sitting down this morning."
_LONG = "a" * 200


@pytest.fixture
def prose(theme: Theme, qtbot: QtBot) -> Iterator[Prose]:
    made = Prose(theme)
    qtbot.addWidget(made)
    made.resize(600, 100)
    made.show()
    yield made
    made.close()


def _marked(prose: Prose) -> list[str]:
    marks = prose.extraSelections()
    return [mark.cursor.selectedText() for mark in marks]


def _button(bar: FeltBar, name: str) -> QPushButton:
    found = [one for one in bar.findChildren(QPushButton) if one.accessibleName() == name]
    return found[0]


def test_kept_words_are_tinted_though_lines_break_elsewhere(theme: Theme, prose: Prose) -> None:
    kept = KeptInText(theme, prose)
    kept.show_kept([KeptWords(key="q", words="two\nthree   four")])
    prose.show_text("one two three four five")
    assert _marked(prose) == ["two three four"]


def test_a_word_that_we_break_ourselves_is_found(theme: Theme, prose: Prose) -> None:
    kept = KeptInText(theme, prose)
    prose.show_text(f"Look: {_LONG}\U0001f600 and on")
    kept.show_kept([KeptWords(key="q", words=f"{_LONG}\U0001f600 and")])
    assert [one.replace("\u200b", "") for one in _marked(prose)] == [f"{_LONG}\U0001f600 and"]


def test_letters_beyond_the_first_plane_shift_nothing() -> None:
    assert [*Squeezed("\U0001f600 b c").places_of("b c")] == [(3, 6)]
    assert [*Squeezed("a b a b").places_of("ab")] == [(0, 3), (4, 7)]
    assert [*Squeezed("a b").places_of(" \n")] == []


def test_the_same_words_are_marked_where_they_were_selected(theme: Theme, prose: Prose) -> None:
    kept = KeptInText(theme, prose)
    prose.show_text("No. And again: No.")
    kept.show_kept([KeptWords(key="q", words="No.", near=16)])
    (mark,) = prose.extraSelections()
    assert mark.cursor.selectionStart() == 15


def test_words_that_are_not_in_the_text_are_nowhere(theme: Theme, prose: Prose) -> None:
    kept = KeptInText(theme, prose)
    prose.show_text("Something else")
    kept.show_kept([KeptWords(key="q", words=_COFFEE, is_fresh=True)])
    assert _marked(prose) == []
    assert kept.bar is None


def test_the_bar_stands_between_the_paragraphs(theme: Theme, prose: Prose, qtbot: QtBot) -> None:
    prose.show_text(f"{_COFFEE}\n\nAnd then the rest.")
    before = prose.height()
    kept = KeptInText(theme, prose)
    kept.show_kept([KeptWords(key="q", words=_COFFEE, is_fresh=True)])
    bar = kept.bar
    assert bar is not None
    assert bar.isVisible()
    assert prose.height() >= before + bar.height()
    second = prose.document().findBlock(len(_COFFEE) + 2)
    place = prose.document().documentLayout().blockBoundingRect(second)
    assert bar.geometry().bottom() < place.top()
    with qtbot.waitSignal(kept.felt_chosen) as told:
        _button(bar, "felt delighted").click()
    assert told.args == ["q", Felt.DELIGHTED]
    with qtbot.waitSignal(kept.undo_asked) as undone:
        _button(bar, "Do not keep these words (u)").click()
    assert undone.args == ["q"]


def test_the_bar_survives_another_width_and_other_colours(theme: Theme, prose: Prose) -> None:
    prose.show_text(f"{_COFFEE}\n\nAnd then the rest.")
    kept = KeptInText(theme, prose)
    kept.show_kept([KeptWords(key="q", words=_COFFEE, is_fresh=True, felt=Felt.PUZZLED)])
    bar = kept.bar
    assert bar is not None
    low = bar.height()
    prose.resize(250, prose.height())
    assert bar.height() > low
    assert bar.width() == prose.viewport().width()
    theme.want_dark(True)
    assert kept.bar is bar
    assert bar.isVisible()
    assert _button(bar, "felt puzzled").isChecked()


def test_the_gap_closes_with_the_bar(theme: Theme, prose: Prose) -> None:
    prose.show_text(f"{_COFFEE}\n\nAnd then the rest.")
    before = prose.height()
    kept = KeptInText(theme, prose)
    kept.show_kept([KeptWords(key="q", words=_COFFEE, is_fresh=True)])
    kept.show_kept([KeptWords(key="q", words=_COFFEE)])
    assert kept.bar is None
    assert prose.height() == before
    assert _marked(prose) == [_COFFEE]


def test_below_a_table_there_is_room_for_the_bar(theme: Theme, prose: Prose) -> None:
    prose.show_html("<table><tr><td>kept words</td><td>two</td></tr></table><p>after</p>")
    kept = KeptInText(theme, prose)
    kept.show_kept([KeptWords(key="q", words="kept words", is_fresh=True)])
    assert kept.bar is not None
    assert kept.bar.width() == prose.viewport().width()


def test_the_chosen_word_once_more_takes_it_back(theme: Theme, qtbot: QtBot) -> None:
    bar = FeltBar(theme, Felt.RELIEVED)
    qtbot.addWidget(bar)
    with qtbot.waitSignal(bar.chosen) as told:
        _button(bar, "felt relieved").click()
    assert told.args == [None]
    with qtbot.waitSignal(bar.chosen) as told:
        _button(bar, "felt let down").click()
    assert told.args == [Felt.LET_DOWN]
    assert not _button(bar, "felt relieved").isChecked()


@pytest.mark.parametrize("felt", list(Felt))
def test_a_felt_word_is_a_mark_and_the_word(theme: Theme, qtbot: QtBot, felt: Felt) -> None:
    mark = FeltMark(theme, felt)
    qtbot.addWidget(mark)
    assert mark.accessibleName() == f"felt {felt.value}"
    assert not mark.grab().isNull()


def test_a_screen_reader_toggles_a_felt_word(theme: Theme, qtbot: QtBot) -> None:
    bar = FeltBar(theme)
    qtbot.addWidget(bar)
    with qtbot.waitSignal(bar.chosen) as told:
        _button(bar, "felt puzzled").toggle()
    assert told.args == [Felt.PUZZLED]
