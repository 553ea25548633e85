"""The lift in the settings: each change is told and kept at once; what is missing is said."""

import pytest
from PySide6.QtWidgets import QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from supportdesk.domain.settings import LiftSettings
from supportdesk.ui.controllers.settings_forms import lift_options, lift_settings
from supportdesk.ui.rows import Page
from supportdesk.ui.settings.forms import LiftOptions
from supportdesk.ui.settings.lift_card import LiftCard
from supportdesk.ui.theme import Theme
from tests.ui.looking import words
from tests.ui.rig import Rig

UNPROVED = "Nobody can lift by mail yet"


@pytest.fixture
def told() -> list[LiftOptions]:
    return []


@pytest.fixture
def card(theme: Theme, qtbot: QtBot, told: list[LiftOptions]) -> LiftCard:
    made = LiftCard(theme, "One ring, seconds")
    qtbot.addWidget(made)
    made.lift_changed.connect(told.append)
    made.show()
    return made


def field(card: LiftCard, name: str) -> QLineEdit:
    return next(one for one in card.findChildren(QLineEdit) if one.accessibleName() == name)


def is_unproved(card: LiftCard) -> bool:
    return any(one.startswith(UNPROVED) for one in words(card))


def test_what_holds_is_shown_and_told_to_nobody(card: LiftCard, told: list[object]) -> None:
    card.show_lift(LiftOptions(operators="anna@team.example", mailbox="Lifted", flag=True))
    assert field(card, "Mailbox to move mail into").text() == "Lifted"
    assert [one.isChecked() for one in card.findChildren(QCheckBox)] == [False, True, True]
    assert told == []


def test_each_change_is_told_at_once(card: LiftCard, told: list[object]) -> None:
    typed = field(card, "Queue for the founder")
    typed.setText("founder")
    typed.editingFinished.emit()
    card.findChildren(QCheckBox)[1].click()
    assert told == [LiftOptions(queue="founder"), LiftOptions(queue="founder", flag=True)]


def test_that_nobody_can_prove_to_be_an_operator_is_said(card: LiftCard) -> None:
    assert not is_unproved(card)
    card.show_lift(LiftOptions(operators="anna@team.example"))
    assert is_unproved(card)
    card.show_lift(LiftOptions(operators="anna@team.example", authserv_id="mx"))
    assert not is_unproved(card)


@pytest.mark.parametrize(
    ("typed", "operators"),
    [
        ("", ()),
        ("Anna <anna@x.example>, ben@x.example", ("Anna <anna@x.example>", "ben@x.example")),
        ('"Lind, Anna" <anna@x.example>,', ('"Lind, Anna" <anna@x.example>',)),
        ("anna@x.example, Ben", ("anna@x.example", "Ben")),
    ],
)
def test_operators_are_divided_by_commas(typed: str, operators: tuple[str, ...]) -> None:
    assert lift_settings(LiftOptions(operators=typed)).operators == operators


def test_options_say_what_the_settings_say() -> None:
    lift = LiftSettings(
        operators=("Anna <anna@x.example>", "ben@x.example"),
        address="up-7k@desk.example",
        address_is_secret=True,
        authserv_id="mx.desk.example",
        flag=True,
        keyword=False,
        mailbox="Lifted",
        queue="founder",
    )
    assert lift_settings(lift_options(lift)) == lift


def test_it_is_kept_and_shown_anew(theme: Theme, qtbot: QtBot) -> None:
    rig = Rig(theme, qtbot)
    rig.window.show_page(Page.SETTINGS)
    rig.window.choices.lift_changed.emit(LiftOptions(mailbox="Lifted"))
    assert rig.acts.kept.lift == LiftSettings(mailbox="Lifted")
    assert rig.window._shown.settings.lift == LiftOptions(mailbox="Lifted")
