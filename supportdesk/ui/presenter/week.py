"""My week: bars, spans of the chosen day, twelve weeks; every sum is made of its parts."""

from collections.abc import Sequence
from datetime import date, datetime

from supportdesk.domain.reading import DropRule, SpanKind
from supportdesk.domain.week import Day, SpanPart, Week
from supportdesk.ui import rows
from supportdesk.ui.presenter.words import clock_seconds, whole_minutes

_KINDS = {
    SpanKind.READ: rows.SpanKind.READ,
    SpanKind.REPLY: rows.SpanKind.REPLY,
    SpanKind.TALK: rows.SpanKind.TALK,
}
_HOW = {SpanKind.READ: "Read", SpanKind.REPLY: "Writing", SpanKind.TALK: "Talk on the phone"}


def week_view(
    week: Week,
    last_weeks: Sequence[Week],
    *,
    chosen: date,
    today: date,
    talk: rows.TalkCard | None,
) -> rows.WeekView:
    day = next((day for day in week.days if day.date == chosen), week.days[0])
    return rows.WeekView(
        bounds_label=week.week_id.label,
        total_minutes=week.counted_minutes,
        total_label=str(whole_minutes(week.counted_minutes)),
        goal_minutes=week.goal_minutes,
        sentence=_sentence(week, today),
        days=tuple(_bar(day, today) for day in week.days),
        chosen_day=day.date,
        chosen_title=f"{day.date:%A} {day.date.day} {day.date:%b}",
        chosen_sentence=_day_sentence(day),
        spans=tuple(_span(part) for part in reversed(day.parts)),
        twelve_weeks=_dots(last_weeks, today),
        twelve_weeks_sentence=_reached(last_weeks),
        talk=talk,
        has_later_week=week.to_date < today,
    )


def _sentence(week: Week, today: date) -> str:
    left = week.goal_minutes - week.counted_minutes
    if left <= 0:
        return "That is the week's goal. The rest is for the pleasure of it."
    if week.to_date < today:
        return f"{_left(left)} short. That week is over."
    return f"{_left(left)} to go."


def _left(minutes: float) -> str:
    """Rounded up, so that it and the full minutes shown beside it make the goal."""
    return str(-whole_minutes(-minutes)) if minutes >= 1 else "Less than one minute"


def _bar(day: Day, today: date) -> rows.DayBar:
    return rows.DayBar(
        day=day.date,
        weekday=f"{day.date:%a}",
        number=str(day.date.day),
        read_minutes=day.read_seconds / 60,
        reply_minutes=day.reply_seconds / 60,
        talk_minutes=day.talk_seconds / 60,
        is_future=day.date > today,
    )


def _day_sentence(day: Day) -> str:
    if not day.parts:
        return ""
    # What the rows below show, so that the sum is theirs to the second.
    counted = sum(int(part.counted_seconds) for part in day.parts)
    dropped = sum(int(each.seconds) for part in day.parts for each in part.dropped)
    sentence = f"{clock_seconds(counted)} counted"
    return f"{sentence}, {clock_seconds(dropped)} not counted" if dropped else sentence


def _span(part: SpanPart) -> rows.SpanRow:
    span = part.span
    is_robot = any(dropped.rule is DropRule.ROBOT for dropped in part.dropped)
    how = f"{_HOW[span.kind]}, entered by hand" if span.is_by_hand else _HOW[span.kind]
    return rows.SpanRow(
        key=span.item,
        time_label=f"{part.local_time:%H:%M}",
        kind=rows.SpanKind.ROBOT if is_robot else _KINDS[span.kind],
        what=f"Talk with {span.label}" if span.kind is SpanKind.TALK else span.label,
        how=f"{how}: {span.reason}" if span.reason else how,
        counted_label=clock_seconds(part.counted_seconds),
        dropped_line=", ".join(
            f"{clock_seconds(dropped.seconds)} not counted: {dropped.rule.value}"
            for dropped in part.dropped
            if dropped.seconds >= 1
        ),
    )


def _dots(weeks: Sequence[Week], today: date) -> tuple[rows.WeekDot, ...]:
    """Weeks before the first that holds anything are unknown, never zero."""
    begun = next((i for i, week in enumerate(weeks) if _holds_anything(week)), len(weeks) - 1)
    unknown = tuple(
        rows.WeekDot(start=week.from_date, minutes=None, label="–") for week in weeks[:begun]
    )
    return (*unknown, *(_dot(week, today) for week in weeks[begun:]))


def _holds_anything(week: Week) -> bool:
    return week.is_off or any(day.parts for day in week.days)


def _dot(week: Week, today: date) -> rows.WeekDot:
    is_current = week.from_date <= today <= week.to_date
    minutes = None if week.is_off and not week.counted_seconds else week.counted_minutes
    label = "off" if minutes is None else str(whole_minutes(minutes))
    return rows.WeekDot(start=week.from_date, minutes=minutes, is_current=is_current, label=label)


def _reached(weeks: Sequence[Week]) -> str:
    past = [week for week in weeks[:-1] if not week.is_off]
    begun = next((i for i, week in enumerate(past) if week.counted_seconds), len(past))
    counted = past[begun:]
    if not counted:
        return "your first week"
    reached = sum(week.is_goal_reached for week in counted)
    return f"{reached} of {len(counted)} reached {counted[-1].goal_minutes:g}"


def talk_card(
    last: tuple[str, datetime, float] | None,
    *,
    today: date,
    button: rows.ActionButton | None,
    note: str,
) -> rows.TalkCard:
    """Days since the founder last talked to a customer.

    Args:
        last: With whom, when it began, and its seconds; None when the log knows none.
        today: The local day.
        button: The next step, such as calling back the longest missed caller.
        note: What the button is about.
    """
    if last is None:
        sentence = "The log knows of no talk yet. The next waiting call can be yours."
        return rows.TalkCard(days="?", sentence=sentence, button=button, note=note)
    who, at, seconds = last
    local = at.astimezone()
    days = (today - local.date()).days
    sentence = f"{who}, {local:%A %H:%M}, {clock_seconds(seconds)}."
    return rows.TalkCard(days=str(days), sentence=sentence, button=button, note=note)
