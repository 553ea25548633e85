"""What the tray icon and its menu show."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class TrayState(StrEnum):
    """The five silhouettes of the tray icon."""

    LISTENING = "listening"
    WAITING = "waiting"
    YOURS = "yours"
    PAUSED = "paused"
    NOT_LISTENING = "not-listening"


class PauseChoice(StrEnum):
    """For how long alerts may be paused from the tray."""

    HALF_HOUR = "30 min"
    HOUR = "1 h"
    UNTIL_TOMORROW = "until tomorrow"


class PresentChoice(StrEnum):
    """Whether the founder presents, and for how long, by the tray; the settings know more."""

    OFF = "off"
    HOUR = "hour"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayEntry:
    """A line of the tray menu that opens the item of its key."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentingLine:
    """That others look at the screen; one that ends by itself can be made to last."""

    label: str
    has_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayView:
    """`number` is people waiting for an answer; shown 1-9, then 9+.

    `talk_line` and `call_back` are private: they stand in the menu alone. `presenting` is
    None while the founder does not present. `unsent_line` is empty while customers have all that
    was sent, `starter_line` while there are no words to begin a conversation with.
    """

    state: TrayState
    tooltip: str
    number: int = 0
    newest_alert: TrayEntry | None = None
    people: tuple[TrayEntry, ...] = field(default=())
    unsent_line: str = ""
    week_line: str = ""
    talk_line: str = ""
    call_back: TrayEntry | None = None
    health_line: str = ""
    paused_line: str = ""
    starter_line: str = ""
    presenting: PresentingLine | None = None
