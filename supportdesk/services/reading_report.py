"""A week for other programs and for the terminal: the outer edge of the reading log."""

from collections.abc import Sequence
from datetime import date

from supportdesk.domain.reading import DropRule
from supportdesk.domain.week import WEEKDAYS, Day, SpanPart, Week
from supportdesk.services.reading_run import minutes_and_seconds

_BAR_COLUMNS = 40
_LEAST_SCALE_SECONDS = 480.0
"""A quiet week is not blown up: a full bar is at least 8 minutes."""
_TEXTURES = "█▒░"
_DATED_RULES = (DropRule.LOCKED, DropRule.ASLEEP, DropRule.CLOCK_JUMPED)


def week_as_json(week: Week) -> dict[str, object]:
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
        "from": week.from_date.isoformat(),
        "to": week.to_date.isoformat(),
        "goal_minutes": week.goal_minutes,
        "read_seconds": round(sum(round(day.read_seconds, 3) for day in week.days), 3),
        "reply_seconds": round(sum(round(day.reply_seconds, 3) for day in week.days), 3),
        "talk_seconds": round(sum(round(day.talk_seconds, 3) for day in week.days), 3),
        "days": days,
    }


def week_as_text(week: Week, today: date | None = None) -> str:
    """A readable week with a bar a day; days after `today` stay empty."""
    kinds = tenths([week.read_seconds, week.reply_seconds, week.talk_seconds])
    totals = tenths([day.counted_seconds for day in week.days])
    legend = "   ".join(
        f"{texture} {word} {_minutes(value)}"
        for texture, word, value in zip(_TEXTURES, ("read", "reply", "talk"), kinds, strict=True)
    )
    longest = max(_LEAST_SCALE_SECONDS, *(day.counted_seconds for day in week.days))
    lines = [
        f"My week, {week.week_id.label}",
        f"{_minutes(sum(totals))} of {week.goal_minutes:g} minutes with customers. {_to_go(week)}",
        "",
        *(
            _day_line(day, total, longest, is_future=today is not None and day.date > today)
            for day, total in zip(week.days, totals, strict=True)
        ),
        "",
        legend,
    ]
    if week.dropped_seconds:
        lines.append(f"{week.dropped_seconds / 60:.1f} minutes were not counted.")
    return "\n".join(lines)


def dropped_line(part: SpanPart) -> str:
    """Why a span says less than it took: "2:10 not counted: the screen was locked at 08:59"."""
    sentences = []
    for dropped in part.dropped:
        words = f"{_length(dropped.seconds)} not counted: {dropped.rule.value}"
        if dropped.rule in _DATED_RULES and dropped is part.dropped[0]:
            words += f" at {part.span.counted_until + part.span.utc_offset:%H:%M}"
        sentences.append(words)
    return "; ".join(sentences)


def tenths(seconds: Sequence[float]) -> list[int]:
    """Tenths of a minute, rounded so that they sum to what their sum rounds to."""
    exact = [value / 6.0 for value in seconds]
    rounded = [int(value) for value in exact]
    missing = round(sum(exact)) - sum(rounded)
    by_remainder = sorted(
        range(len(exact)), key=lambda index: exact[index] - rounded[index], reverse=True
    )
    for index in by_remainder[:missing]:
        rounded[index] += 1
    return rounded


def _length(seconds: float) -> str:
    if seconds < 3600.0:
        return minutes_and_seconds(seconds)
    hours, minutes = divmod(int(seconds) // 60, 60)
    return f"{hours} h {minutes:02}"


def _minutes(value: int) -> str:
    return f"{value // 10}.{value % 10}"


def _to_go(week: Week) -> str:
    if week.is_off:
        return "A week off."
    if week.is_goal_reached:
        return "That is this week's goal."
    return f"{week.goal_minutes - week.counted_minutes:.1f} to go."


def _day_line(day: Day, total: int, longest: float, *, is_future: bool) -> str:
    name = f"{WEEKDAYS[day.date.weekday()]} {day.date.day:2}"
    if is_future and not total:
        return name
    figure = _minutes(total) if total else "0"
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
