"""A person's week on the phones, in words."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from supportdesk.domain.hours import ToLocal
from supportdesk.domain.phone_week import USUAL_RAMP, PhoneWeek, Ramp
from supportdesk.domain.week import WeekId
from supportdesk.services.naming import Naming
from supportdesk.services.phone_week_page import (
    day_words,
    is_told,
    length_words,
    ramp_words,
    talk_words,
    talks_words,
)
from supportdesk.services.phone_weeks import Gathered
from supportdesk.services.week_lines import LineKind, LineWriter, PageLine
from supportdesk.services.wording import count
from supportdesk.ui.rows import Notice
from supportdesk.ui.rows.phone_week import (
    HeardLine,
    HeardPart,
    PhoneWeekForm,
    PhoneWeekView,
    RampChoice,
    RampDay,
)


def phone_week_view(
    gathered: Gathered,
    people: Sequence[PhoneWeek],
    to_local: ToLocal,
    *,
    now: datetime,
    naming: Naming,
    notice: Notice | None,
) -> PhoneWeekView:
    """Of one person who is on; `people` are all who are, in that week."""
    week = gathered.week
    return PhoneWeekView(
        week=WeekId(from_date=week.monday).label,
        people=tuple((one.key, one.who) for one in people),
        shown=week.key,
        sentence=_sentence(gathered, to_local(now).date()),
        parts=tuple(_parts(gathered, to_local, now, naming)),
        is_masked=naming.is_masked,
        notice=notice,
    )


def form_view(
    monday: date, planned: PhoneWeek | None, names: Sequence[str], notice: Notice | None
) -> PhoneWeekView:
    """Where nobody is planned yet, or the plan is changed."""
    ramp = USUAL_RAMP if planned is None else planned.ramp
    days = ((monday + timedelta(days=number), one) for number, one in enumerate(ramp))
    form = PhoneWeekForm(
        who="" if planned is None else planned.who,
        buddy="" if planned is None else planned.buddy,
        days=tuple(
            RampDay(words=day_words(day), choice=RampChoice(one.value)) for day, one in days
        ),
        names=tuple(names),
    )
    return PhoneWeekView(week=WeekId(from_date=monday).label, form=form, notice=notice)


def _sentence(gathered: Gathered, today: date) -> str:
    week, talks = gathered.week, gathered.talks
    first, last = week.monday, week.monday + timedelta(days=6)
    if first <= today <= last:
        ramp = week.ramp_on(today)
        on = f"{week.who} is on, today {ramp_words(ramp, week.buddy)}."
        if ramp is Ramp.OFF:
            on = f"{week.who} is on this week, not today."
    else:
        on = f"{week.who} {'was on' if last < today else 'will be on'}."
    if not talks:
        return f"{on} No talks yet." if last >= today else f"{on} The phones saw no talk."
    length = length_words(gathered.talk_seconds)
    return f"{on} {count(len(talks), 'talk', 'talks')}, {length}."


def _parts(
    gathered: Gathered, to_local: ToLocal, now: datetime, naming: Naming
) -> Iterator[HeardPart]:
    buddy = gathered.week.buddy
    for day in filter(is_told, gathered.days):
        own = [
            HeardLine(words=talk_words(call, to_local, naming), about="", item=call.key)
            for call in day.talks
        ]
        beside = [
            HeardLine(words=talk_words(call, to_local, naming), about=buddy, item=call.key)
            for call in day.beside
        ]
        yield HeardPart(
            title=f"{day_words(day.day)}, {ramp_words(day.ramp, buddy)}",
            caption=talks_words(day.talks),
            lines=(*own, *beside),
        )
    writer = LineWriter(to_local=to_local, now=now, naming=naming)
    heard = {
        LineKind.QUOTE: [writer.quote(one) for one in gathered.quotes],
        LineKind.NOTE: [writer.note(one) for one in gathered.notes],
        LineKind.LESSON: [writer.lesson(one) for one in gathered.lessons],
    }
    for kind, lines in heard.items():
        if lines:
            yield HeardPart(title=kind.value, lines=tuple(map(_line, lines)))


def _line(line: PageLine) -> HeardLine:
    passage = line.passage
    words = f"“{passage.words}”" if line.kind is LineKind.QUOTE else passage.words
    felt = passage.felt.value if passage.felt is not None else ""
    about = ", ".join(part for part in (passage.by, passage.about, felt) if part)
    return HeardLine(words=words, about=about, item=line.item)
