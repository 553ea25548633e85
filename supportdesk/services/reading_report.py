"""A week for other programs and for the terminal: the outer edge of the reading log."""

from collections.abc import Iterator
from datetime import date

from supportdesk.domain.reading import DropRule
from supportdesk.domain.settings import WeekPeriod
from supportdesk.domain.week import WEEKDAYS, Day, SpanPart, Week
from supportdesk.domain.week_figures import (
    SECONDS_A_TENTH,
    PartSeconds,
    WeekFigures,
    figures_of,
    goal_tenths,
    tenths_words,
    whole_seconds,
)
from supportdesk.services.reading_run import minutes_and_seconds

_BAR_COLUMNS = 40
_LEAST_SCALE_SECONDS = 480.0
"""A quiet week is not blown up: a full bar is at least 8 minutes."""
_TEXTURES = "█▒░"
_TITLES = {WeekPeriod.WEEK: "My week", WeekPeriod.LAST_7_DAYS: "My last 7 days"}
_ROLLING_GOAL = "That is the goal of 7 days."
_ROLLING_OFF = "A day off is among them: they fall short of nothing."
_WHEN = {
    DropRule.LOCKED: " at",
    DropRule.ASLEEP: " at",
    DropRule.CLOCK_JUMPED: " at",
    DropRule.UNHEARD: ", the phone was last heard at",
}


def week_as_json(week: Week, period: WeekPeriod = WeekPeriod.WEEK) -> dict[str, object]:
    """The object of `supportdesk week --json` (DESIGN section 12); days sum to the totals."""
    days = [
        {
            "date": day.date.isoformat(),
            "read_seconds": round(day.read_seconds, 3),
            "reply_seconds": round(day.reply_seconds, 3),
            "talk_seconds": round(day.talk_seconds, 3),
        }
        for day in week.days
    ]
    return {
        "period": period.value,
        "from": week.from_date.isoformat(),
        "to": week.to_date.isoformat(),
        "goal_minutes": week.goal_minutes,
        "read_seconds": round(sum(round(day.read_seconds, 3) for day in week.days), 3),
        "reply_seconds": round(sum(round(day.reply_seconds, 3) for day in week.days), 3),
        "talk_seconds": round(sum(round(day.talk_seconds, 3) for day in week.days), 3),
        "days": days,
    }


def week_as_text(
    week: Week, today: date | None = None, period: WeekPeriod = WeekPeriod.WEEK
) -> str:
    """A readable week with a bar a day; days after `today` stay empty."""
    figures = figures_of(week)
    kinds = (figures.read, figures.reply, figures.talk)
    legend = "   ".join(
        f"{texture} {word} {tenths_words(value)}"
        for texture, word, value in zip(_TEXTURES, ("read", "reply", "talk"), kinds, strict=True)
    )
    longest = max(_LEAST_SCALE_SECONDS, *(day.counted_seconds for day in week.days))
    lines = [
        f"{_TITLES[period]}, {week.week_id.label}",
        f"{tenths_words(figures.total)} of {week.goal_minutes:g} minutes with customers."
        f" {_to_go(week, figures, today, period)}",
        "",
        *(
            _day_line(day, shown.total, longest, is_future=today is not None and day.date > today)
            for day, shown in zip(week.days, figures.days, strict=True)
        ),
        "",
        legend,
    ]
    return "\n".join([*lines, *_not_counted(week)])


def dropped_line(part: SpanPart, shown: PartSeconds) -> str:
    """Why a span says less than it took: "2:10 not counted: the screen was locked at 08:59"."""
    sentences = []
    for dropped, seconds in zip(part.dropped, shown.dropped, strict=True):
        if not seconds:
            continue
        words = f"{_length(seconds)} not counted: {dropped.rule.value}"
        if dropped.rule in _WHEN and dropped is part.dropped[0]:
            at = part.span.counted_until + part.span.utc_offset
            words += f"{_WHEN[dropped.rule]} {at:%H:%M}"
        sentences.append(words)
    return "; ".join(sentences)


def _not_counted(week: Week) -> Iterator[str]:
    """By rule, the most first; the parts sum to the whole."""
    by_rule: dict[DropRule, float] = {}
    for day in week.days:
        for lost in day.dropped:
            by_rule[lost.rule] = by_rule.get(lost.rule, 0.0) + lost.seconds
    shares = whole_seconds([seconds / SECONDS_A_TENTH for seconds in by_rule.values()])
    told = sorted(zip(shares, by_rule, strict=True), key=lambda one: -one[0])
    parts = [f"{tenths_words(share)} {rule.value}" for share, rule in told if share]
    if parts:
        whole = tenths_words(sum(shares))
        yield f"{whole} minutes were not counted: {', '.join(parts)}."


def _length(seconds: float) -> str:
    if seconds < 3600.0:
        return minutes_and_seconds(seconds)
    hours, minutes = divmod(int(seconds) // 60, 60)
    return f"{hours} h {minutes:02}"


def _to_go(week: Week, figures: WeekFigures, today: date | None, period: WeekPeriod) -> str:
    is_over = today is not None and week.to_date < today
    if week.is_goal_reached:
        which = "that" if is_over else "this"
        return f"That is {which} week's goal." if period is WeekPeriod.WEEK else _ROLLING_GOAL
    if week.is_off:
        return "A week off." if period is WeekPeriod.WEEK else _ROLLING_OFF
    left = tenths_words(goal_tenths(week) - figures.total)
    return f"{left} short." if is_over else f"{left} to go."


def _day_line(day: Day, total: int, longest: float, *, is_future: bool) -> str:
    name = f"{WEEKDAYS[day.date.weekday()]} {day.date.day:2}"
    if is_future and not total:
        return name
    figure = tenths_words(total) if total else "0"
    return f"{name}  {figure:>5}  {_bar(day, longest)}".rstrip()


def _bar(day: Day, longest: float) -> str:
    """Each kind ends where the running sum says, so the bar is as long as the day."""
    bar = ""
    seconds = 0.0
    parts = (day.read_seconds, day.reply_seconds, day.talk_seconds)
    for texture, part in zip(_TEXTURES, parts, strict=True):
        seconds += part
        bar += texture * (round(seconds / longest * _BAR_COLUMNS) - len(bar))
    return bar
