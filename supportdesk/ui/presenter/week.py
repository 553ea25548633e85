"""My week: bars, spans of the chosen day, twelve weeks; every sum is made of its parts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from supportdesk.domain.calls import Call, Outcome
from supportdesk.domain.reading import DropRule, Edit, Span, SpanKind
from supportdesk.domain.settings import WeekPeriod
from supportdesk.domain.week import Day, SpanPart, Week, WeekId
from supportdesk.domain.week_figures import (
    DayFigures,
    PartSeconds,
    WeekFigures,
    figures_of,
    goal_tenths,
    tenths_words,
)
from supportdesk.services.reading_report import dropped_line
from supportdesk.ui import rows
from supportdesk.ui.presenter.last_talk import days_since
from supportdesk.ui.presenter.span_hand import by_hand
from supportdesk.ui.presenter.words import clock_seconds, whole_minutes

_KINDS = {
    SpanKind.READ: rows.SpanKind.READ,
    SpanKind.REPLY: rows.SpanKind.REPLY,
    SpanKind.TALK: rows.SpanKind.TALK,
}
_KIND_WORDS = {
    rows.SpanKind.READ: "reading",
    rows.SpanKind.REPLY: "writing",
    rows.SpanKind.TALK: "talk",
}
_FIRST_WEEK = rows.EmptyView(
    head="Nothing is counted yet.",
    sentence="Open a mail in the inbox and stay with it: its minutes come here by themselves, and"
    " so do those of your calls.",
    buttons=(
        rows.ActionButton(action=rows.Action.SHOW_INBOX, label="Open the inbox", icon="inbox"),
    ),
)
_DATED_DAYS = 6
"""A talk longer ago than this says its date; its weekday alone would be taken for another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanFacts:
    """What else is known of the messages and calls that spans are of.

    Attributes:
        words: How many a message has, by item, as far as they have been counted.
        call: The record of a call, by item.
        history: The rows that lead to a span by hand, the original first.
    """

    words: Mapping[str, int] = field(default_factory=dict)
    call: Callable[[str], Call | None] = lambda _: None
    history: Callable[[Span], Sequence[Span]] = lambda span: (span,)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """How a period is spoken of. `present` is said before the bounds of the present one."""

    present: str
    goal: str
    off: str
    over: str
    whole: str
    within: str
    with_holiday: str
    first: str


_WORDS = {
    WeekPeriod.WEEK: _Words(
        present="",
        goal="That is the week's goal.",
        off="A week off: it falls short of nothing.",
        over="That week is over.",
        whole="The whole week",
        within="in this week",
        with_holiday="a week off",
        first="your first week",
    ),
    WeekPeriod.LAST_7_DAYS: _Words(
        present="Last 7 days",
        goal="That is the goal of 7 days.",
        off="With a day off among them these 7 days fall short of nothing.",
        over="Those 7 days are over.",
        whole="All 7 days",
        within="in these 7 days",
        with_holiday="with a day off",
        first="your first 7 days",
    ),
}
_NO_FACTS = SpanFacts()
_Shown = tuple[Day, SpanPart, PartSeconds]


def week_view(
    week: Week,
    last_weeks: Sequence[Week | None],
    *,
    chosen: rows.SpanChoice,
    today: date,
    talk: rows.TalkCard | None,
    facts: SpanFacts = _NO_FACTS,
    period: WeekPeriod = WeekPeriod.WEEK,
) -> rows.WeekView:
    """The whole page.

    Args:
        week: The one on show.
        last_weeks: Oldest first, up to the present one; None where one is not read yet.
        chosen: Whose spans are listed.
        today: The local day.
        talk: When the founder last talked to a customer.
        facts: For the second line of a span.
        period: What the present week is.
    """
    words = _WORDS[period]
    figures = figures_of(week)
    shown = list(_chosen_parts(week, figures, chosen))
    return rows.WeekView(
        bounds_label=_bounds(week, words, today),
        total_minutes=figures.total / 10,
        total_label=_short(figures.total),
        goal_minutes=week.goal_minutes,
        sentence=_sentence(week, figures, today, words),
        days=tuple(
            _bar(day, tenths, today) for day, tenths in zip(week.days, figures.days, strict=True)
        ),
        chosen_day=chosen.day,
        chosen_kind=chosen.kind,
        chosen_title=_title(chosen, words),
        chosen_sentence=_sums(shown),
        spans=tuple(
            _span(part, seconds, facts, day=None if chosen.day else day.date)
            for day, part, seconds in reversed(shown)
        ),
        nothing_counted=_nothing(chosen, words),
        empty=None if _is_begun(last_weeks) else _FIRST_WEEK,
        twelve_weeks=_dots(last_weeks, shown=week.from_date, today=today, words=words),
        twelve_weeks_sentence=_reached(last_weeks, words),
        talk=talk,
        has_later_week=week.to_date < today,
        adding_to=_adding_to(week, chosen, today),
    )


# --- the week ----------------------------------------------------------------------------------


def _bounds(week: Week, words: _Words, today: date) -> str:
    label = week.week_id.label
    is_present = week.from_date <= today <= week.to_date
    return f"{words.present}, {label}" if words.present and is_present else label


def _sentence(week: Week, figures: WeekFigures, today: date, words: _Words) -> str:
    if week.is_goal_reached:
        return f"{words.goal} The rest is for the pleasure of it."
    if week.is_off:
        return words.off
    left = _short(goal_tenths(week) - figures.total)
    if week.to_date < today:
        return f"{left} short. {words.over}"
    return f"{left} to go."


def _short(tenths: int) -> str:
    """Minutes with their tenth where there is one: "18", "12.9"."""
    return tenths_words(tenths).removesuffix(".0")


def _bar(day: Day, figures: DayFigures, today: date) -> rows.DayBar:
    return rows.DayBar(
        day=day.date,
        weekday=f"{day.date:%a}",
        number=str(day.date.day),
        read_minutes=figures.read / 10,
        reply_minutes=figures.reply / 10,
        talk_minutes=figures.talk / 10,
        # What was counted is shown, also on a day that another time zone has not begun.
        is_future=day.date > today and not figures.total,
        is_holiday=day.is_holiday,
    )


# --- spans -------------------------------------------------------------------------------------


def _adding_to(week: Week, chosen: rows.SpanChoice, today: date) -> date | None:
    """The chosen day; of a whole week the present one, or its last. None while it is to come."""
    day = chosen.day or min(today, week.to_date)
    return day if day <= today else None


def _chosen_parts(week: Week, figures: WeekFigures, chosen: rows.SpanChoice) -> Iterator[_Shown]:
    for day, shown in zip(week.days, figures.days, strict=True):
        if chosen.day in (None, day.date):
            for part, seconds in zip(day.parts, shown.parts, strict=True):
                if chosen.kind in (None, _KINDS[part.span.kind]) and _is_told(part, seconds):
                    yield day, part, seconds


def _is_told(part: SpanPart, seconds: PartSeconds) -> bool:
    """Nothing counted and nothing dropped is no row, unless a hand deleted it."""
    return bool(seconds.counted or any(seconds.dropped) or part.span.edit is Edit.DELETED)


def _title(chosen: rows.SpanChoice, words: _Words) -> str:
    day = chosen.day
    title = words.whole if day is None else f"{day:%A} {day.day} {day:%b}"
    return title if chosen.kind is None else f"{title}, only {_KIND_WORDS[chosen.kind]}"


def _nothing(chosen: rows.SpanChoice, words: _Words) -> str:
    what = "Nothing" if chosen.kind is None else f"No {_KIND_WORDS[chosen.kind]}"
    return f"{what} was counted {words.within if chosen.day is None else 'on this day'}."


def _sums(shown: Sequence[_Shown]) -> str:
    if not shown:
        return ""
    counted = sum(seconds.counted for *_, seconds in shown)
    dropped = sum(sum(seconds.dropped) for *_, seconds in shown)
    sentence = f"{clock_seconds(counted)} counted"
    return f"{sentence}, {clock_seconds(dropped)} not counted" if dropped else sentence


def _span(
    part: SpanPart, seconds: PartSeconds, facts: SpanFacts, *, day: date | None
) -> rows.SpanRow:
    """A row; with its day in a list of several days."""
    span = part.span
    is_robot = any(dropped.rule is DropRule.ROBOT for dropped in part.dropped)
    how = "Robot mail earns nothing" if is_robot else _how(span, facts)
    history = facts.history(span) if span.is_by_hand else (span,)
    hand = by_hand(history)
    return rows.SpanRow(
        # The same for all that becomes of a span: what was chosen stays chosen.
        key=f"{history[0].span_id}/{part.starts_at.isoformat()}",
        item=span.item,
        time_label=f"{day:%a} {part.local_time:%H:%M}" if day else f"{part.local_time:%H:%M}",
        kind=rows.SpanKind.ROBOT if is_robot else _KINDS[span.kind],
        what=f"Talk with {span.label}" if span.kind is SpanKind.TALK else span.label,
        how=f"{how}, {hand.words}" if hand.words else how,
        counted_label=clock_seconds(seconds.counted),
        dropped_line=dropped_line(part, seconds),
        is_by_hand=hand.edit is not None,
        span_id=span.span_id,
        edit=hand.edit,
        before=hand.before,
    )


def _how(span: Span, facts: SpanFacts) -> str:
    match span.kind:
        case SpanKind.READ:
            words = facts.words.get(span.item, 0)
            return f"Read, {words} {'word' if words == 1 else 'words'}" if words else "Read"
        case SpanKind.REPLY:
            return "Writing"
        case SpanKind.TALK:
            return _how_talked(facts.call(span.item))


def _how_talked(call: Call | None) -> str:
    if call is None:
        return "Talk on the phone"
    if call.outcome in (Outcome.CALLED, Outcome.CALLED_BACK):
        return "Your call"
    waited = f" after {clock_seconds(call.wait_seconds)}" if call.wait_seconds >= 1 else ""
    return f"Their call, answered by you{waited}"


# --- twelve weeks ------------------------------------------------------------------------------


def _dots(
    weeks: Sequence[Week | None], *, shown: date, today: date, words: _Words
) -> tuple[rows.WeekDot, ...]:
    """Weeks before the first that holds anything are unknown, never zero. One is known."""
    first = next(week.week_id.moved(-at) for at, week in enumerate(weeks) if week is not None)
    begun = next((at for at, week in enumerate(weeks) if _holds_anything(week)), len(weeks) - 1)
    is_whole = None not in weeks
    dots = []
    for at, week in enumerate(weeks):
        week_id = first.moved(at)
        is_chosen = week_id.from_date == shown
        if week is None or at < begun:
            dots.append(_unknown(week_id, is_chosen=is_chosen, is_read=is_whole))
        else:
            dots.append(_dot(week, today, words, is_chosen=is_chosen))
    return tuple(dots)


def _is_begun(weeks: Sequence[Week | None]) -> bool:
    """The log holds something, or may: not all weeks are read yet."""
    return None in weeks or any(_holds_anything(week) for week in weeks)


def _holds_anything(week: Week | None) -> bool:
    return week is not None and any(day.parts for day in week.days)


def _unknown(week_id: WeekId, *, is_chosen: bool, is_read: bool) -> rows.WeekDot:
    why = "before the log began" if is_read else "not read yet"
    return rows.WeekDot(
        start=week_id.from_date,
        minutes=None,
        is_chosen=is_chosen,
        label="–" if is_read else "",
        accessible_text=f"{week_id.label}: {why}",
    )


def _dot(week: Week, today: date, words: _Words, *, is_chosen: bool) -> rows.WeekDot:
    minutes = None if week.is_off and not week.counted_seconds else week.counted_minutes
    label = "off" if minutes is None else str(whole_minutes(minutes))
    spoken = [f"{label} of {week.goal_minutes:g} minutes"] if minutes is not None else []
    if week.is_off:
        spoken.append(words.with_holiday)
    return rows.WeekDot(
        start=week.from_date,
        minutes=minutes,
        is_current=week.from_date <= today <= week.to_date,
        is_off=week.is_off,
        is_chosen=is_chosen,
        label=label,
        accessible_text=f"{week.week_id.label}: {', '.join(spoken)}",
    )


def _reached(weeks: Sequence[Week | None], words: _Words) -> str:
    if None in weeks:
        return ""
    *past, present = (week for week in weeks if week is not None)
    # As many as there are discs with a tick; only a week that can still reach it, or was off, and
    # has not, falls short of nothing.
    known = [week for week in past if week.is_goal_reached or not week.is_off]
    begun = next((at for at, week in enumerate(known) if week.counted_seconds), len(known))
    counted = known[begun:]
    if not counted:
        return words.first
    if present.is_goal_reached:
        counted.append(present)
    reached = sum(week.is_goal_reached for week in counted)
    return f"{reached} of {len(counted)} reached {counted[-1].goal_minutes:g}"


# --- talk --------------------------------------------------------------------------------------


def talk_card(
    last: Span | None,
    *,
    today: date,
    button: rows.ActionButton | None,
    note: str,
) -> rows.TalkCard:
    """Days since the founder last talked to a customer.

    Args:
        last: The talk; None when the log knows none.
        today: The local day.
        button: The next step, such as calling back the longest missed caller.
        note: What the button is about.
    """
    if last is None:
        sentence = "The log knows of no talk yet. The next waiting call can be yours."
        return rows.TalkCard(days="?", sentence=sentence, button=button, note=note)
    sentence = f"{last.label}, {_when(last, today)}, {clock_seconds(last.counted_seconds)}."
    days = days_since(last, today)
    return rows.TalkCard(
        days=str(days), sentence=sentence, item=last.item, button=button, note=note
    )


def _when(span: Span, today: date) -> str:
    at = span.started_at + span.utc_offset
    if today - at.date() <= timedelta(days=_DATED_DAYS):
        return f"{at:%A %H:%M}"
    year = f" {at.year}" if at.year != today.year else ""
    return f"{at:%A} {at.day} {at:%b}{year}, {at:%H:%M}"
