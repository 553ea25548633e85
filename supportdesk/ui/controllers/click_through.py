"""One way from a click to what it means: for an alert, a button of it, the tray menu and a link.

The window may not be made yet, the alert may be weeks old and what it told of may be handled:
the item opens all the same, it is said what became of it, and nothing is begun that is done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from supportdesk.domain.alerts import Action, Alert, AlertKind, AlertPage
from supportdesk.domain.app_links import AppLink
from supportdesk.services.desk import Desk
from supportdesk.services.handled import how_ended, how_handled
from supportdesk.services.health_alerts import OUTBOX
from supportdesk.services.lifted_calls import lifted_caller
from supportdesk.ui import rows
from supportdesk.ui.controllers.window_controller import WindowController

_ACTIONS = {
    Action.TAKE_CALL: rows.Action.TAKE_CALL,
    Action.CALL_BACK: rows.Action.CALL_BACK,
    Action.REPLY: rows.Action.REPLY,
    Action.TRY_AGAIN: rows.Action.TRY_AGAIN,
}
_PAGES = {
    AlertPage.WAITING: rows.Page.INBOX,
    AlertPage.CALLS: rows.Page.CALLS,
    AlertPage.HEALTH: rows.Page.HEALTH,
    AlertPage.WEEK: rows.Page.WEEK,
    AlertPage.MORNING: rows.Page.MORNING,
}
_NOT_BEGUN = {
    Action.TAKE_CALL: "No phone was rung.",
    Action.CALL_BACK: "No phone was rung.",
    Action.REPLY: "No reply was begun.",
}


class How(Enum):
    """What a click found."""

    OPENED = "opened"
    HANDLED = "handled"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a click led to, with the words that the window says of it."""

    how: How
    words: str = ""


class ClickThrough:
    """Asks for the window when it is needed; it comes to the front before anything opens."""

    def __init__(
        self,
        desk: Desk,
        *,
        in_front: Callable[[str], WindowController],
        what_matters_most: Callable[[], str],
    ) -> None:
        """Make it before there is a window.

        Args:
            desk: Knows what became of mails and calls.
            in_front: Brings the window to the front with this activation token, and returns it.
            what_matters_most: The item for a click that names none.
        """
        self._desk = desk
        self._in_front = in_front
        self._what_matters_most = what_matters_most

    def open_alert(self, alert: Alert | None, action: str, token: str = "") -> Opened:
        """A click on an alert or on one of its buttons; None is an alert that nobody remembers.

        Args:
            alert: As it was told, perhaps in an earlier run.
            action: The value of an `Action`; anything else is the body of the alert.
            token: The desktop's leave to come to the front.
        """
        chosen = next((one for one in Action if one.value == action), None)
        if alert is None:
            window = self._in_front(token)
            words = "What this alert was about is not known any more"
            window.say(words, "The list shows who waits now.")
            return Opened(how=How.GONE, words=words)
        if alert.source == OUTBOX:
            self._in_front(token).show_outbox()
            return Opened(how=How.OPENED)
        page, item = alert.page, alert.item
        is_nudge = chosen is Action.READ_THEM or alert.kind is AlertKind.WEEKLY
        if is_nudge and page is AlertPage.ITEM:
            item = self._desk.first_unread(alert.covers) or item
        if chosen is Action.WHY:
            page = AlertPage.HEALTH
        return self._open(page, item, chosen, token)

    def open_item(self, item: str, action: str, token: str = "") -> Opened:
        """The same for a mail or a call by itself."""
        chosen = next((one for one in Action if one.value == action), None)
        return self._open(AlertPage.ITEM, item, chosen, token)

    def open_link(self, link: AppLink, token: str = "") -> Opened:
        return self._open(link.page, link.item, link.action, token)

    def _open(self, page: AlertPage, item: str, action: Action | None, token: str) -> Opened:
        window = self._in_front(token)
        if page is not AlertPage.ITEM and not item:
            window.open_page(_PAGES[page])
            if action is Action.TRY_AGAIN:
                # The only thing to do that is about no mail and no call.
                self._act(window, action, "")
            return Opened(how=How.OPENED)
        item = item or self._what_matters_most()
        if not window.open_item(item):
            return Opened(how=How.GONE, words="It is not known here any more")
        words = self._why_not(item, action)
        if words:
            window.say_of(item, words, _NOT_BEGUN.get(action, "") if action else "")
            return Opened(how=How.HANDLED, words=words)
        self._act(window, action, item)
        return Opened(how=How.OPENED)

    def _why_not(self, item: str, action: Action | None) -> str:
        """Why there is nothing left to do, as far as this button is concerned."""
        calls = self._desk.calls
        if action is Action.TAKE_CALL and lifted_caller(self._desk.known_lifts, calls, item):
            return ""
        words = how_handled(self._desk.inbox, calls, item)
        if not words and action is Action.TAKE_CALL:
            words = how_ended(calls, item)
        return words

    def _act(self, window: WindowController, action: Action | None, item: str) -> None:
        asked = _ACTIONS.get(action) if action is not None else None
        if asked is not None:
            window.act(asked, item)
