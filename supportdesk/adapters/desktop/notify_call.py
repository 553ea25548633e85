"""What Notify is called with: the words, buttons and hints of one alert for one daemon."""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from supportdesk.adapters.desktop.bus_messages import Body
from supportdesk.adapters.desktop.popup_text import marked_up_body, popup_title
from supportdesk.adapters.desktop.sounds import sound_hints
from supportdesk.domain.alerts import Action, Alert, AlertKind, Sound

NOTIFY_TYPES = "susssasa{sv}i"
BODY_CLICK = "default"

# It has no click on the body and draws one more button for it, which is only of use on an alert
# that has no button for opening (docs.xfce.org, notifyd, spec).
_DRAWS_BODY_CLICK = frozenset({"Xfce Notify Daemon"})
_OPENING = {Action.READ, Action.READ_THEM, Action.SHOW}
_MOST_BUTTONS = 3

_CATEGORIES = {
    AlertKind.MAIL: "email.arrived",
    AlertKind.WAITING: "call.incoming",
    AlertKind.MISSED: "call.unanswered",
}

_HABITS = {
    "dunst": "Unless dunstrc says otherwise, the middle button of the mouse opens an alert, the "
    "left one closes it and the right one closes all.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who we are, for the daemon."""

    app_name: str
    desktop_entry: str
    icon: str


def notify_body(
    sender: Sender,
    alert: Alert,
    *,
    replaces: int,
    is_news: bool,
    daemon: str,
    capabilities: Set[str],
) -> Body:
    """The arguments of Notify. What is no news makes no sound."""
    hints: dict[str, tuple[str, object]] = {
        "urgency": ("y", int(alert.urgency)),
        "desktop-entry": ("s", sender.desktop_entry),
        **sound_hints(alert.sound if is_news else Sound.NONE, capabilities),
    }
    if alert.kind in _CATEGORIES:
        hints["category"] = ("s", _CATEGORIES[alert.kind])
    return (
        sender.app_name,
        replaces,
        sender.icon,
        popup_title(alert),
        marked_up_body(alert, capabilities),
        _actions(alert, daemon, capabilities),
        hints,
        -1,
    )


def habits_of(daemon: str) -> str:
    """What the founder should know of how this daemon takes a click."""
    return _HABITS.get(daemon.casefold(), "")


def _actions(alert: Alert, daemon: str, capabilities: Set[str]) -> list[str]:
    if "actions" not in capabilities:
        return []
    body_click, wanted = (BODY_CLICK, "Open"), list(alert.actions)
    if daemon in _DRAWS_BODY_CLICK:
        if _OPENING & set(wanted):
            return _as_words(wanted)
        if len(wanted) >= _MOST_BUTTONS and Action.CALL_BACK in wanted:
            # The window that opens offers it too, and nothing but an alert can be snoozed.
            wanted.remove(Action.CALL_BACK)
    return [*body_click, *_as_words(wanted)]


def _as_words(actions: Iterable[Action]) -> list[str]:
    return [word for action in actions for word in (action.value, action.label)]
