"""What "Is it working?" shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from supportdesk.ui.rows.common import ActionButton, Trouble


class HealthState(StrEnum):
    """How well a source is heard."""

    GOOD = "good"
    TRYING = "trying"
    DEAF = "deaf"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One step on the way to a source: network, name, port, sign-in."""

    state: HealthState
    name: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRow:
    """One source on "Is it working?": state, last event, last trouble, ways out."""

    key: str
    name: str
    state: HealthState
    state_words: str
    last_event: str = ""
    trouble: Trouble | None = None
    checks: tuple[CheckLine, ...] = ()
    buttons: tuple[ActionButton, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthView:
    """`report` is what "Copy report" puts on the clipboard: no names, no secrets."""

    head: str
    sentence: str
    rows: tuple[HealthRow, ...] = ()
    report: str = ""
