"""A person's week on the phones: the form that plans it, its days, and what was heard."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from supportdesk.ui.rows.common import Notice


class RampChoice(StrEnum):
    """What somebody does on a day."""

    LISTEN = "listen"
    BUDDY = "buddy"
    ALONE = "alone"
    OFF = "off"


class PhoneWeekTask(StrEnum):
    """What can be done with a week that is planned."""

    CHANGE = "change"
    REMOVE = "remove"
    COPY = "copy"
    PRINT = "print"
    SAVE_MARKDOWN = "save-markdown"
    SAVE_HTML = "save-html"


@dataclass(frozen=True, slots=True, kw_only=True)
class RampDay:
    """One day of the form, as "Mon 16 Nov"."""

    words: str
    choice: RampChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneWeekForm:
    """What is typed to plan a week; `names` are offered for who and buddy."""

    who: str
    buddy: str
    days: tuple[RampDay, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardLine:
    """A talk or words; `item` is what a click opens."""

    words: str
    about: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardPart:
    """Lines under a heading; `caption` stands beside it."""

    title: str
    caption: str = ""
    lines: tuple[HeardLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneWeekView:
    """One calendar week.

    Attributes:
        week: Its bounds in words.
        people: Keys and names of those who are on, if there are several.
        shown: Key of the one on show.
        sentence: What came of it so far.
        form: Where nobody is planned, or the plan is being changed.
    """

    week: str
    people: tuple[tuple[str, str], ...] = ()
    shown: str = ""
    sentence: str = ""
    parts: tuple[HeardPart, ...] = ()
    form: PhoneWeekForm | None = None
    is_masked: bool = True
    notice: Notice | None = None
