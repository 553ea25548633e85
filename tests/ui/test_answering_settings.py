"""Answering in the settings: each change is told and kept at once, a name once it is whole."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from supportdesk.domain.errors import Problem
from supportdesk.domain.settings import AnsweringSettings
from supportdesk.ui.controllers.settings_forms import answering_options, answering_settings
from supportdesk.ui.rows import Page
from supportdesk.ui.settings.answering_card import AnsweringCard
from supportdesk.ui.settings.forms import AnsweringOptions
from supportdesk.ui.theme import Theme
from tests.ui.looking import words
from tests.ui.rig import Rig


class Card:
    """The card, and what it told."""

    def __init__(self, theme: Theme, qtbot: QtBot) -> None:
        self.widget = AnsweringCard(theme, "One ring, seconds")
        qtbot.addWidget(self.widget)
        self.told: list[AnsweringOptions] = []
        self.widget.answering_changed.connect(self.told.append)
        self.widget.show()

    def line(self, name: str) -> QLineEdit:
        lines = self.widget.findChildren(QLineEdit)
        return next(one for one in lines if one.accessibleName() == name)

    def fill(self, name: str, text: str) -> QLineEdit:
        line = self.line(name)
        line.setFocus()
        line.selectAll()
        QTest.keyClicks(line, text)
        return line


@pytest.fixture
def card(theme: Theme, qtbot: QtBot) -> Card:
    return Card(theme, qtbot)


def test_what_holds_is_shown_and_told_to_nobody(card: Card) -> None:
    card.widget.show_answering(AnsweringOptions(undo_seconds=5, claim_as="anna", copy_drafts=True))
    assert card.line("Seconds to undo a sending").text() == "5"
    assert card.line("My name for colleagues").text() == "anna"
    (copy,) = card.widget.findChildren(QCheckBox)
    assert copy.isChecked()
    assert card.told == []


def test_seconds_and_copies_are_told_at_once(card: Card) -> None:
    card.fill("Seconds to undo a sending", "25")
    assert card.told[-1] == AnsweringOptions(undo_seconds=25)
    card.fill("Seconds to undo a sending", "500")
    assert card.told[-1].undo_seconds <= 120
    (copy,) = card.widget.findChildren(QCheckBox)
    copy.click()
    assert card.told[-1].copy_drafts


def test_a_name_is_told_once_it_is_whole_and_has_letters_and_digits_alone(card: Card) -> None:
    line = card.fill("My name for colleagues", "An na-7")
    assert line.text() == "Anna7"
    assert card.told == []
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert card.told == [AnsweringOptions(claim_as="Anna7")]
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert len(card.told) == 1


def test_a_language_is_told_once_it_is_one(card: Card) -> None:
    line = card.fill("Language of the spell check", "c")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert card.told == []
    QTest.keyClicks(line, "s_CZ")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert card.told == [AnsweringOptions(spelling="cs_CZ")]
    card.widget.show_answering(AnsweringOptions(spelling="en_US"))
    assert line.text() == "cs_CZ"


def test_a_name_in_mid_word_is_not_taken_away(card: Card) -> None:
    line = card.fill("My name for colleagues", "An")
    card.widget.show_answering(AnsweringOptions(undo_seconds=5))
    assert line.text() == "An"


def test_what_the_page_does_not_show_stays_as_it_was_written() -> None:
    before = AnsweringSettings(undo_seconds=7.5, spelling="cs_CZ", copy_drafts=True)
    options = answering_options(before)
    assert answering_settings(options, before) == before
    changed = AnsweringOptions(undo_seconds=3, claim_as="Anna", spelling="en_US")
    assert answering_settings(changed, before) == AnsweringSettings(
        undo_seconds=3.0, claim_as="anna", spelling="en_US"
    )


def test_it_is_kept_and_shown_anew(theme: Theme, qtbot: QtBot) -> None:
    rig = Rig(theme, qtbot)
    rig.window.show_page(Page.SETTINGS)
    rig.window.choices.answering_changed.emit(AnsweringOptions(undo_seconds=20, claim_as="Anna"))
    assert rig.acts.kept.answering == AnsweringSettings(undo_seconds=20, claim_as="anna")
    rig.acts.problem = Problem(title="The file cannot be written", advice="Look at its rights.")
    rig.window.choices.answering_changed.emit(AnsweringOptions(undo_seconds=30))
    assert rig.acts.kept.answering.undo_seconds == 20
    assert "The file cannot be written" in "\n".join(words(rig.window))
