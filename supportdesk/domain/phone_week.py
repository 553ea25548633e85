"""A named person's week on the phones: who is on, and how they grow into it (F91)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from supportdesk.domain.calls import Call


class Ramp(Enum):
    """What somebody does at the phones on one day; the values are kept in desk.db."""

    LISTEN = "listen"
    """They hear how a colleague does it."""
    BUDDY = "buddy"
    """They answer, and a colleague sits beside them."""
    ALONE = "alone"
    OFF = "off"


USUAL_RAMP = (
    *(Ramp.LISTEN, Ramp.LISTEN, Ramp.BUDDY),
    *(Ramp.ALONE, Ramp.ALONE, Ramp.OFF, Ramp.OFF),
)
"""From Monday on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneWeek:
    """The week of one person.

    Attributes:
        key: As `phone_week_key` makes it: one person has one in a week.
        who: As the phone system names them.
        buddy: The colleague they listen to and who sits beside them; may be empty.
        monday: Its first day.
        ramp: What they do on each of its seven days.
    """

    key: str
    who: str
    buddy: str
    monday: date
    ramp: tuple[Ramp, ...]

    @property
    def days(self) -> tuple[tuple[date, Ramp], ...]:
        """Each day with what they do on it."""
        return tuple((self.monday + timedelta(days=n), ramp) for n, ramp in enumerate(self.ramp))

    def ramp_on(self, day: date) -> Ramp:
        return dict(self.days).get(day, Ramp.OFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneDay:
    """One day of it.

    Attributes:
        talks: The talks of that person, the first one first.
        beside: Those of the buddy, on a day that they spend together.
    """

    day: date
    ramp: Ramp
    talks: tuple[Call, ...] = ()
    beside: tuple[Call, ...] = ()

    @property
    def talk_seconds(self) -> float:
        """Of the person's own talks that are over."""
        return sum(call.talk_seconds for call in self.talks)


def phone_week_key(who: str, monday: date) -> str:
    return f"phone-week/{monday.isoformat()}/{who.casefold()}"


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
