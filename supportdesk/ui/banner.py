"""Alerts as cards of our own, where the desktop shows none: in the corner, without the keyboard.

Cards join at the end and keep their places while the pointer is over one of them, so that nothing
moves under it. What has no place waits for one, but a caller takes that of a mail.

The first card on the screen costs 40 ms, in which a key pressed in the window would wait. So it
is done in steps, each in a turn of its own, and none for each alert of a flood: what cards are
made of is loaded, free places are filled, all are arranged, those that are new are shown.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QTimer
from PySide6.QtGui import QGuiApplication

from supportdesk.domain.alerts import Alert, Urgency
from supportdesk.services.ports import (
    CLOSED_BY_FOUNDER,
    AlertResponder,
    AlertResponse,
    GoneHow,
    PresenterReports,
    PresenterSkill,
    PresenterState,
)

if TYPE_CHECKING:
    from supportdesk.ui.banner_card import BannerCard
    from supportdesk.ui.theme.theme import Theme

_PLACES = 4
_MARGIN = 16
_GAP = 8
_SHOWN_SECONDS = 20.0
# In the order of their imports. They cost megabytes, and a desktop that shows alerts itself does
# without them.
_CARDS_ARE_MADE_OF = (
    "supportdesk.ui.widgets.tips",
    "supportdesk.ui.widgets.box",
    "supportdesk.ui.widgets.button",
    "supportdesk.ui.banner_card",
)
_SKILLS = frozenset(
    {
        *(PresenterSkill.STAYS_VISIBLE, PresenterSkill.BUTTONS, PresenterSkill.CLICK),
        *(PresenterSkill.CHANGES, PresenterSkill.TAKES_BACK),
    }
)


class BannerAlerts(QObject):
    """AlertPresenter port on windows of ours. Their widgets are loaded with the first alert."""

    def __init__(
        self,
        theme: Theme,
        responder: AlertResponder,
        *,
        shown_seconds: float = _SHOWN_SECONDS,
        parent: QObject | None = None,
    ) -> None:
        """What does not wait for somebody leaves the screen after `shown_seconds`."""
        super().__init__(parent)
        self._theme = theme
        self._respond = responder
        self._shown_seconds = shown_seconds
        self._reports: PresenterReports | None = None
        self._alerts: dict[str, Alert] = {}
        self._cards: dict[str, BannerCard] = {}
        self._to_load = list(_CARDS_ARE_MADE_OF)
        self._is_arranged = True
        self._stepping = QTimer(self)
        self._stepping.setInterval(0)
        self._stepping.timeout.connect(self._step)
        theme.sizes_changed.connect(self._build_anew)

    @property
    def name(self) -> str:
        return "Cards of supportdesk's own"

    @property
    def is_available(self) -> bool:
        return not _takes_the_keyboard() and bool(QGuiApplication.screens())

    def state(self) -> PresenterState:
        words = ""
        if _takes_the_keyboard():
            words = "On Wayland a new window would take the keyboard, so there are none."
        return PresenterState(
            name=self.name, is_available=self.is_available, can=_SKILLS, words=words
        )

    def report_to(self, reports: PresenterReports) -> None:
        self._reports = reports

    def show(self, alert: Alert, *, is_news: bool = True) -> None:
        is_known = alert.key in self._alerts
        if not is_known and not is_news:
            return
        self._alerts[alert.key] = alert
        card = self._cards.get(alert.key)
        if card is not None:
            card.show_alert(alert)
            if is_news:
                card.wait(self._seconds_of(alert))
        self._settle()

    def withdraw(self, key: str) -> None:
        if self._alerts.pop(key, None) is not None:
            self._take_off(key)
            self._settle()

    def close(self) -> None:
        self._stepping.stop()
        self._alerts.clear()
        for key in list(self._cards):
            self._take_off(key)

    @property
    def cards(self) -> tuple[BannerCard, ...]:
        """On the screen, from the top."""
        return tuple(card for card in self._cards.values() if card.isVisible())

    @property
    def is_settled(self) -> bool:
        """All that can be on the screen is."""
        return not self._stepping.isActive()

    def _settle(self) -> None:
        """Step by step: free places are filled and gaps closed; callers come first."""
        self._is_arranged = False
        self._stepping.start()

    def _step(self) -> None:
        if not self._is_arranged:
            waiting = self._waiting()
            if waiting and self._to_load:
                import_module(self._to_load.pop(0))
            elif waiting and len(self._cards) < _PLACES:
                self._put_on(waiting[0])
            else:
                self._arrange()
                self._is_arranged = True
            return
        new = next((key for key, card in self._cards.items() if not card.isVisible()), None)
        if new is None:
            self._stepping.stop()
            return
        self._cards[new].show()
        if self._reports is not None:
            self._reports.shown(new)

    def _waiting(self) -> list[Alert]:
        """What has no card, first who comes first; places are free for callers then."""
        waiting = [one for one in self._alerts.values() if one.key not in self._cards]
        waiting.sort(key=_is_urgent, reverse=True)
        self._make_room(sum(map(_is_urgent, waiting)))
        return waiting

    def _put_on(self, alert: Alert) -> None:
        from supportdesk.ui.banner_card import BannerCard

        key = alert.key
        card = BannerCard(self._theme)
        card.show_alert(alert)
        card.acted.connect(lambda action: self._acted(key, action))
        card.closed.connect(lambda: self._acted(key, CLOSED_BY_FOUNDER))
        card.expired.connect(lambda: self._leave(key, GoneHow.EXPIRED))
        card.pointer_left.connect(self._settle)
        card.wait(self._seconds_of(alert))
        self._cards[key] = card

    def _arrange(self) -> None:
        """Under one another; what does not fit on the screen waits for a place."""
        screen = QGuiApplication.primaryScreen()
        room = screen.availableGeometry().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        while self._bottom_in(room) > room.bottom() and len(self._cards) > 1:
            self._take_off(next(reversed(self._cards)))

    def _bottom_in(self, room: QRect) -> int:
        """Put the cards where they belong, and say how far down that is."""
        top = room.top()
        cards = tuple(self._cards.values())
        is_still = any(card.has_pointer for card in cards)
        for number, card in enumerate(cards, start=1):
            if is_still and card.isVisible():  # nothing moves under the pointer
                top = card.geometry().bottom() + 1 + _GAP
                continue
            more = len(self._alerts) - len(cards)
            card.say_more(more if number == len(cards) else 0)
            card.fit(room.width())
            card.move(QPoint(room.right() - card.width() + 1, top))
            top += card.height() + _GAP
        return top - _GAP

    def _make_room(self, callers: int) -> None:
        """The newest cards of those who do not wait give way, and wait for a place."""
        others = [
            key
            for key, card in reversed(self._cards.items())
            if not _is_urgent(self._alerts[key]) and not card.has_pointer
        ]
        for key in others[: max(0, callers + len(self._cards) - _PLACES)]:
            self._take_off(key)

    def _acted(self, key: str, action: str) -> None:
        self._leave(key, GoneHow.CLOSED)
        self._respond(AlertResponse(alert_key=key, action=action))

    def _leave(self, key: str, how: GoneHow) -> None:
        if self._alerts.pop(key, None) is None:
            return
        self._take_off(key)
        self._settle()
        if self._reports is not None:
            self._reports.gone(key, how)

    def _take_off(self, key: str) -> None:
        card = self._cards.pop(key, None)
        if card is not None:
            card.hide()
            card.deleteLater()

    def _seconds_of(self, alert: Alert) -> float:
        return 0.0 if _is_urgent(alert) else self._shown_seconds

    def _build_anew(self) -> None:
        """Sizes of text are fixed when a card is made."""
        for key in list(self._cards):
            self._take_off(key)
        self._settle()


def _is_urgent(alert: Alert) -> bool:
    return alert.urgency is Urgency.CRITICAL


def _takes_the_keyboard() -> bool:
    return QGuiApplication.platformName().startswith("wayland")
