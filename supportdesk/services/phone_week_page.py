"""The page at the end of a week on the phones: its days with their talks, and what was heard."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from supportdesk.domain.calls import Call
from supportdesk.domain.hours import ToLocal
from supportdesk.domain.phone_week import PhoneDay, PhoneWeek, Ramp
from supportdesk.domain.week import MONTHS, WEEKDAYS, WeekId
from supportdesk.domain.words_page import Passage, Section, WordsPage
from supportdesk.services.naming import Naming
from supportdesk.services.phone_weeks import Gathered
from supportdesk.services.week_lines import LineKind, LineWriter
from supportdesk.services.wording import count

_MASKED = "The names of these customers are left out, as far as they are known."
_RAMP_WORDS = {
    Ramp.LISTEN: "listening",
    Ramp.BUDDY: "with a buddy",
    Ramp.ALONE: "alone",
    Ramp.OFF: "not on",
}
_WITH_BUDDY = {Ramp.LISTEN: "listening to {buddy}", Ramp.BUDDY: "with {buddy} beside them"}


def phone_week_page(
    gathered: Gathered, to_local: ToLocal, *, now: datetime, naming: Naming
) -> WordsPage:
    """All of it, to be written; no figure stands there without the talks that it is made of."""
    writer = LineWriter(to_local=to_local, now=now, naming=naming)
    week = gathered.week
    days = tuple(_day_passages(gathered, to_local, naming))
    quotes = tuple(writer.quote(one).passage for one in gathered.quotes)
    notes = tuple(writer.note(one).passage for one in gathered.notes)
    lessons = tuple(writer.lesson(one).passage for one in gathered.lessons)
    return WordsPage(
        title=title_of(week),
        subtitle=WeekId(from_date=week.monday).label,
        sections=(
            Section(title="The days", passages=days),
            Section(title=LineKind.QUOTE.value, passages=quotes, are_quotes=True),
            Section(title=LineKind.NOTE.value, passages=notes),
            Section(title=LineKind.LESSON.value, passages=lessons),
        ),
        footer=_MASKED if naming.is_masked else "",
    )


def title_of(week: PhoneWeek) -> str:
    return f"{week.who} on the phones"


def is_told(day: PhoneDay) -> bool:
    """A day off without a talk is nothing to tell of."""
    return day.ramp is not Ramp.OFF or bool(day.talks)


def day_words(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def ramp_words(ramp: Ramp, buddy: str) -> str:
    """What somebody does that day."""
    together = _WITH_BUDDY.get(ramp, "") if buddy else ""
    return together.format(buddy=buddy) if together else _RAMP_WORDS[ramp]


def talks_words(talks: Iterable[Call]) -> str:
    """How many and how long; "" for none."""
    there = list(talks)
    if not there:
        return ""
    length = length_words(sum(one.talk_seconds for one in there))
    return f"{count(len(there), 'talk', 'talks')}, {length}"


def talk_words(call: Call, to_local: ToLocal, naming: Naming) -> str:
    """When, with whom and how long: "09:14 Ingrid Solheim, 6 min"."""
    name = naming.name(call.name, call.number) or call.label
    begun = to_local(call.answered_at or call.started_at)
    length = length_words(call.talk_seconds) if call.closed_at is not None else "going on"
    return f"{begun:%H:%M} {name}, {length}"


def length_words(seconds: float) -> str:
    """Minutes; of less than one the seconds, for a short talk is not none."""
    return f"{int(seconds // 60)} min" if seconds >= 60 else f"{int(seconds)} s"


def _day_passages(gathered: Gathered, to_local: ToLocal, naming: Naming) -> Iterator[Passage]:
    buddy = gathered.week.buddy
    for day in filter(is_told, gathered.days):
        lines = [f"{day_words(day.day)}, {ramp_words(day.ramp, buddy)}"]
        lines += [talk_words(one, to_local, naming) for one in day.talks]
        for one in day.beside:
            lines.append(f"{buddy}: {talk_words(one, to_local, naming)}")
        yield Passage(words="\n".join(lines), about=talks_words(day.talks))
