"""What the card Alerts of the settings shows and tells: when, how loud, and about whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class MailAlerts(StrEnum):
    """For which mails the founder is told."""

    EACH = "each"
    UNANSWERED = "unanswered"
    NEVER = "never"


class Presenting(StrEnum):
    """Whether others look at the screen, and for how long; UNTIL is an end set before."""

    OFF = "off"
    HALF_HOUR = "half-hour"
    HOUR = "hour"
    TWO_HOURS = "two-hours"
    OPEN = "open"
    UNTIL = "until"


class Privacy(StrEnum):
    """What alerts show of people."""

    NAMES = "names"
    NO_TEXT = "no_text"
    NO_NAMES = "no_names"


class SoundKind(StrEnum):
    """What can be heard."""

    CALL = "call"
    MISSED = "missed"
    MAIL = "mail"
    TROUBLE = "trouble"


class RuleKind(StrEnum):
    """What of a source a rule is for."""

    ALL = "all"
    MAIL = "mail"
    WAITING = "waiting"
    MISSED = "missed"
    HEALTH = "health"


class RuleLevel(StrEnum):
    """What a rule makes of it."""

    TELL = "tell"
    DIGEST = "digest"
    NEVER = "never"


class RuleSound(StrEnum):
    """The sound of what a rule is for."""

    AS_SET = "as-set"
    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHours:
    """Opening hours of some weekdays; Monday is 0. They may go over midnight."""

    weekdays: tuple[int, ...]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOptions:
    """One source, or one kind of alert of it, told in another way."""

    source: str
    kind: RuleKind = RuleKind.ALL
    level: RuleLevel = RuleLevel.TELL
    sound: RuleSound = RuleSound.AS_SET


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOptions:
    """When the founder is told, and how.

    Attributes:
        quiet: When quiet hours begin and end; None: never.
        opening_hours: None of them: always open.
        sounds: Those that are heard.
        volume: Of our own sounds, in percent of the loudest.
        device: What plays them, by the sound server's name; empty: what plays all else.
    """

    mail: MailAlerts = MailAlerts.EACH
    unanswered_minutes: int = 120
    ring_seconds: int = 6
    is_breakthrough: bool = True
    quiet: tuple[time, time] | None = None
    opening_hours: tuple[OpenHours, ...] = ()
    presenting: Presenting = Presenting.OFF
    privacy: Privacy = Privacy.NAMES
    sounds: tuple[SoundKind, ...] = (SoundKind.CALL, SoundKind.MISSED)
    volume: int = 40
    device: str = ""
    rules: tuple[RuleOptions, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsCardView:
    """The card Alerts.

    Attributes:
        presenting_until: "until 15:10", where presenting ends by itself.
        sources: For which there can be rules.
        devices: What can play sounds: its name, and what people call it.
        sound_words: What came of the sound that was played to try it.
    """

    alerts: AlertOptions = AlertOptions()
    presenting_until: str = ""
    sources: tuple[str, ...] = ()
    devices: tuple[tuple[str, str], ...] = ()
    sound_words: str = ""
