"""The ritual in the settings: each change is told and kept at once."""

import pytest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from supportdesk.domain.settings import RitualSettings, SilenceCheck
from supportdesk.ui.controllers.settings_forms import ritual_options, ritual_settings
from supportdesk.ui.rows import Page
from supportdesk.ui.settings import forms
from supportdesk.ui.settings.forms import RitualOptions
from supportdesk.ui.settings.ritual_card import RitualCard
from supportdesk.ui.theme import Theme
from tests.ui.looking import words
from tests.ui.rig import Rig


@pytest.fixture
def told() -> list[RitualOptions]:
    return []


@pytest.fixture
def card(theme: Theme, qtbot: QtBot, told: list[RitualOptions]) -> RitualCard:
    made = RitualCard(theme, "One ring, seconds")
    qtbot.addWidget(made)
    made.ritual_changed.connect(told.append)
    made.show()
    return made


def test_what_holds_is_shown_and_told_to_nobody(card: RitualCard, told: list[object]) -> None:
    card.show_ritual(RitualOptions(coffee_scroll=True, starter=False, founder_was_here=True))
    checks = card.findChildren(QCheckBox)
    assert [one.isChecked() for one in checks] == [True, False, True]
    assert told == []


def test_each_switch_is_told_at_once(card: RitualCard, told: list[object]) -> None:
    card.show_ritual(RitualOptions())
    for check in card.findChildren(QCheckBox):
        check.click()
    assert told == [
        RitualOptions(coffee_scroll=True),
        RitualOptions(coffee_scroll=True, starter=False),
        RitualOptions(coffee_scroll=True, starter=False, founder_was_here=True),
    ]


def test_options_say_what_the_settings_say() -> None:
    ritual = RitualSettings(
        coffee_scroll=True, founder_was_here=True, silence=SilenceCheck.MAIL, starter=False
    )
    assert ritual_settings(ritual_options(ritual)) == ritual


def test_it_is_kept_and_shown_anew(theme: Theme, qtbot: QtBot) -> None:
    rig = Rig(theme, qtbot)
    rig.window.show_page(Page.SETTINGS)
    options = RitualOptions(silence=forms.SilenceCheck.MAIL)
    rig.window.choices.ritual_changed.emit(options)
    assert rig.acts.kept.ritual == RitualSettings(silence=SilenceCheck.MAIL)
    assert "Ritual" in words(rig.window)
