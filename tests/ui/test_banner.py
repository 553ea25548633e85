"""Cards of our own for desktops that show no alerts: what they say, and what they never take."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from supportdesk.domain.alerts import Action, Alert, AlertKind, Urgency
from supportdesk.services.ports import (
    CLOSED_BY_FOUNDER,
    AlertPresenter,
    AlertResponse,
    GoneHow,
    PresenterSkill,
)
from supportdesk.ui.banner import BannerAlerts
from supportdesk.ui.banner_card import BannerCard
from supportdesk.ui.theme import Theme
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Label
from tests.adapters.alert_examples import Told, alert


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def shown_seconds() -> float:
    return 600.0


@pytest.fixture
def banner(theme: Theme, told: Told, qtbot: QtBot, shown_seconds: float) -> Iterator[BannerAlerts]:
    made = BannerAlerts(theme, told.respond, shown_seconds=shown_seconds)
    made.report_to(told)
    yield made
    made.close()


def caller(key: str) -> Alert:
    return alert(
        key,
        title="Pavel Kiss is waiting",
        kind=AlertKind.WAITING,
        urgency=Urgency.CRITICAL,
        actions=(Action.TAKE_CALL, Action.CALL_BACK, Action.SNOOZE),
    )


def settled(banner: BannerAlerts) -> tuple[BannerCard, ...]:
    """The cards, once their turns have come."""
    QApplication.processEvents()
    while not banner.is_settled:
        QApplication.processEvents()
    return banner.cards


def names(banner: BannerAlerts) -> list[str]:
    return [card.accessibleName() for card in settled(banner)]


def press(banner: BannerAlerts, number: int, name: str) -> None:
    buttons = settled(banner)[number].findChildren(Button)
    (button,) = [one for one in buttons if one.accessibleName() == name]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_is_a_presenter_that_can_do_all_but_sound(banner: BannerAlerts) -> None:
    port: AlertPresenter = banner
    assert port.is_available
    assert port.state().name == "Cards of supportdesk's own"
    assert port.state().can == frozenset(PresenterSkill) - {PresenterSkill.SOUND}


def test_words_are_clean_and_short_and_never_markup(banner: BannerAlerts, told: Told) -> None:
    banner.show(alert(title="Anna\n\u202eNováková " + "x" * 100, body="<b>bold</b>" + " y" * 5000))
    (name,) = names(banner)
    assert name.startswith("Anna Nováková xxx")
    assert "…. <b>bold</b> y y" in name
    assert len(name) < 230
    assert told.on_screen == [alert().key]


def test_buttons_body_and_cross_are_told_and_take_the_card_away(
    banner: BannerAlerts, told: Told
) -> None:
    for key in ("button", "body", "cross"):
        banner.show(alert(key, title=key))
    press(banner, 0, "Reply")
    QTest.mouseClick(settled(banner)[0], Qt.MouseButton.LeftButton)
    press(banner, 0, "Close")
    assert told.responses == [
        AlertResponse(alert_key="button", action="reply"),
        AlertResponse(alert_key="body", action="default"),
        AlertResponse(alert_key="cross", action=CLOSED_BY_FOUNDER),
    ]
    assert told.left == [(key, GoneHow.CLOSED) for key in ("button", "body", "cross")]
    assert settled(banner) == ()


def test_better_words_change_a_card_and_bring_none_back(banner: BannerAlerts) -> None:
    banner.show(alert("a", title="first", body=""))
    (card,) = settled(banner)
    banner.show(alert("a", title="better", body=""), is_news=False)
    banner.show(alert("never shown"), is_news=False)
    assert names(banner) == ["better"]
    assert settled(banner)[0] is card
    banner.withdraw("a")
    banner.withdraw("a")
    banner.show(alert("a", title="much better"), is_news=False)
    assert names(banner) == []


def test_cards_stand_in_the_corner_and_do_not_cover_each_other(banner: BannerAlerts) -> None:
    for number in range(3):
        banner.show(alert(str(number), body="word " * 10 * number))
    room = QGuiApplication.primaryScreen().availableGeometry()
    boxes = [card.geometry() for card in settled(banner)]
    assert all(room.contains(box) for box in boxes)
    assert len({box.right() for box in boxes}) == 1
    assert all(below.top() > above.bottom() for above, below in pairwise(boxes))
    assert boxes[0].height() < boxes[2].height()


def test_what_has_no_place_waits_and_a_caller_takes_that_of_a_mail(
    banner: BannerAlerts, told: Told
) -> None:
    for number in range(6):
        banner.show(alert(f"mail/{number}", title=f"Mail {number}", body=""))
    assert names(banner) == ["Mail 0", "Mail 1", "Mail 2", "Mail 3"]
    assert "and 2 more" in _words_on(settled(banner)[3])
    banner.show(caller("call"))
    assert names(banner)[:3] == ["Mail 0", "Mail 1", "Mail 2"]
    assert names(banner)[3].startswith("Pavel Kiss is waiting")
    banner.withdraw("mail/0")
    banner.withdraw("call")
    assert names(banner) == ["Mail 1", "Mail 2", "Mail 3", "Mail 4"]
    assert set(told.on_screen) == {*(f"mail/{number}" for number in range(5)), "call"}


def _words_on(card: BannerCard) -> list[str]:
    return [label.text() for label in card.findChildren(Label) if not label.isHidden()]


def test_large_text_on_a_small_screen_leaves_nothing_outside(
    banner: BannerAlerts, theme: Theme
) -> None:
    for number in range(4):
        banner.show(replace(caller(str(number)), body="a word " * 22))
    assert len(settled(banner)) == 4
    theme.set_text_scale(2.0)
    room = QGuiApplication.primaryScreen().availableGeometry()
    assert 1 <= len(settled(banner)) < 4
    assert all(room.contains(card.geometry()) for card in settled(banner))


def test_nothing_moves_under_the_pointer(banner: BannerAlerts) -> None:
    for number in range(5):
        banner.show(alert(str(number), title=f"Mail {number}", body=""))
    lower = settled(banner)[2]
    before = lower.pos()
    place = QPointF(5, 5)
    QApplication.sendEvent(lower, QEnterEvent(place, place, place))
    banner.withdraw("0")
    assert len(settled(banner)) == 4, "the fourth place is free below"
    assert lower.pos() == before
    banner.show(caller("call"))
    assert names(banner)[3].startswith("Pavel"), "who waits does not wait for the pointer"
    QApplication.sendEvent(lower, QEvent(QEvent.Type.Leave))
    assert len(settled(banner)) == 4
    assert lower.pos().y() < before.y()


@pytest.mark.parametrize("shown_seconds", [0.2])
def test_a_mail_leaves_by_itself_and_a_caller_stays(
    banner: BannerAlerts, told: Told, qtbot: QtBot
) -> None:
    banner.show(caller("call"))
    banner.show(alert("mail"))
    qtbot.waitUntil(lambda: told.left == [("mail", GoneHow.EXPIRED)])
    assert len(settled(banner)) == 1


def test_it_takes_neither_the_focus_nor_a_key(
    banner: BannerAlerts, told: Told, qtbot: QtBot
) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    banner.show(caller("call"))
    banner.show(alert("mail"))
    QApplication.processEvents()
    assert field.hasFocus()
    QTest.keyClicks(field, "typed on")
    assert field.text() == "typed on"
    for card in settled(banner):
        assert card.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
        for button in card.findChildren(Button):
            assert button.focusPolicy() is Qt.FocusPolicy.NoFocus
        QTest.keyClick(card, Qt.Key.Key_Return)
        QTest.keyClick(card, Qt.Key.Key_Escape)
    assert told.responses == []
    assert len(settled(banner)) == 2


def test_every_kind_of_alert_has_its_look(banner: BannerAlerts) -> None:
    for kind in AlertKind:
        banner.show(replace(alert(kind.value), kind=kind))
        banner.withdraw(kind.value)
    assert settled(banner) == ()


def test_a_thousand_at_once_are_arranged_once(banner: BannerAlerts, told: Told) -> None:
    for number in range(1000):
        banner.show(alert(str(number)))
    assert banner.cards == ()
    assert len(settled(banner)) <= 4
    for number in range(1000):
        banner.withdraw(str(number))
    assert settled(banner) == ()
    assert len(told.on_screen) <= 4
