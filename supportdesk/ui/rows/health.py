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
    """One source on "Is it working?": state, last event, last trouble, ways out.

    `notes` are what else is worth knowing, such as a trouble that is over.
    """

    key: str
    name: str
    state: HealthState
    state_words: str
    last_event: str = ""
    notes: tuple[str, ...] = ()
    trouble: Trouble | None = None
    checks: tuple[CheckLine, ...] = ()
    buttons: tuple[ActionButton, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthView:
    """All of "Is it working?".

    Attributes:
        trial: The steps of the test, once it was asked for.
        is_trying: The test is running.
        report: What "Copy report" puts on the clipboard: no names, no secrets.
    """

    head: str
    sentence: str
    rows: tuple[HealthRow, ...] = ()
    trial: tuple[CheckLine, ...] = ()
    is_trying: bool = False
    report: str = ""
