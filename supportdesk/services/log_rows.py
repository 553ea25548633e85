"""A span as a row of a file: the columns, their units, and what a row must be to be believed.

A CSV cell is text that a spreadsheet may open: one that begins like a formula is made harmless by
an apostrophe in front, and what would break the line is spelled out with a backslash. Both are
taken back when the file is read, so that what comes in is what went out.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from supportdesk.domain.reading import (
    DroppedTime,
    DropRule,
    Edit,
    Span,
    SpanKind,
    impossible_start,
)
from supportdesk.domain.week import FURTHEST_OFFSET, LONGEST_SPAN

FORMAT = "supportdesk reading log"
VERSION = 1
COLUMNS = (
    "span_id",
    "kind",
    "started_at_local",
    "counted_seconds",
    "dropped_seconds",
    "dropped_seconds_by_rule",
    "label",
    "item",
    "edit",
    "reason",
    "corrects",
    "act",
    "clock",
)
UNITS = {
    "started_at_local": "ISO 8601, local time with its offset from UTC",
    "counted_seconds": "seconds",
    "dropped_seconds": "seconds",
    "dropped_seconds_by_rule": "seconds",
}
_TEXTS = ("label", "item", "reason", "corrects", "act", "clock")
_LONGEST_SECONDS = LONGEST_SPAN.total_seconds()
# What a file says in two ways may differ by this much.
_TOLERANCE_SECONDS = 0.001
# The clock of another computer need not agree with ours to the second.
_AHEAD = timedelta(minutes=5)
_LONGEST_ID = 200
_MUCH_TEXT = 2_000
_LONGEST_ROW = 32_000
"""Characters of JSON: a row fits into one request of the running app."""

# https://owasp.org/www-community/attacks/CSV_Injection, and the apostrophe that is our own mark.
_FORMULA_BEGINS = tuple("=+-@\t\r\n'＝＋－＠")
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\\]")
_SPELLED = re.compile(r"\\(\\|n|r|t|u[0-9a-f]{4})")
_BROKEN = re.compile("[\ud800-\udfff]")
_SHORT = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_PLAIN = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """What a row of a file came to.

    Attributes:
        place: As a person finds it: "Line 12", "Entry 3".
        span: None when the row cannot be believed.
        why: Then why, as a clause: "it counts -60 seconds".
    """

    place: str
    span: Span | None = None
    why: str = ""


# --- out -----------------------------------------------------------------------------------------


def cells_of(span: Span) -> list[str]:
    """In the order of COLUMNS. Numbers are as exact as they are kept."""
    by_rule = ((one.rule.name.lower(), one.seconds) for one in span.dropped)
    values = {
        "span_id": cell_of(span.span_id),
        "kind": span.kind.value,
        "started_at_local": _local(span),
        "counted_seconds": _number(span.counted_seconds),
        "dropped_seconds": _number(span.dropped_seconds),
        "dropped_seconds_by_rule": "; ".join(f"{rule} {_number(lost)}" for rule, lost in by_rule),
        "edit": "" if span.edit is None else span.edit.value,
        **{name: cell_of(getattr(span, name)) for name in _TEXTS},
    }
    return [values[column] for column in COLUMNS]


def object_of(span: Span) -> dict[str, object]:
    """The same as an object of JSON."""
    return {
        "span_id": span.span_id,
        "kind": span.kind.value,
        "started_at_local": _local(span),
        "counted_seconds": span.counted_seconds,
        "dropped_seconds": span.dropped_seconds,
        "dropped_seconds_by_rule": [
            [dropped.rule.name.lower(), dropped.seconds] for dropped in span.dropped
        ],
        "edit": "" if span.edit is None else span.edit.value,
        **{name: getattr(span, name) for name in _TEXTS},
    }


def cell_of(text: str) -> str:
    """A text as a cell that is one line and no formula."""
    told = _UNSPEAKABLE.sub(lambda found: _spelled(found[0]), text)
    return f"'{told}" if text.startswith(_FORMULA_BEGINS) else told


def _spelled(char: str) -> str:
    return _SHORT.get(char) or f"\\u{ord(char):04x}"


def _local(span: Span) -> str:
    zone = timezone(span.utc_offset)
    return span.started_at.astimezone(zone).isoformat(timespec="microseconds")


def _number(seconds: float) -> str:
    """The shortest text that is read as the same number."""
    return repr(seconds).removesuffix(".0")


# --- in ------------------------------------------------------------------------------------------


def text_of(cell: str) -> str:
    """What `cell_of` was given."""
    return _SPELLED.sub(lambda found: _read_out(found[1]), cell.removeprefix("'"))


def _read_out(spelled: str) -> str:
    return _PLAIN.get(spelled) or chr(int(spelled[1:], 16))


def span_of_cells(cells: Mapping[str, str]) -> Span:
    """Raises ValueError with a clause."""
    fields: dict[str, object] = {name: text_of(cells[name]) for name in ("span_id", *_TEXTS)}
    fields |= {name: cells[name].strip() for name in ("kind", "edit", "started_at_local")}
    for name in ("counted_seconds", "dropped_seconds"):
        fields[name] = _number_in(cells[name], name)
    fields["dropped_seconds_by_rule"] = list(_rules_in(cells["dropped_seconds_by_rule"]))
    return span_of_object(fields)


def span_of_object(fields: Mapping[str, object]) -> Span:
    """Raises ValueError with a clause."""
    started_at = _started_at(fields.get("started_at_local"))
    return Span(
        span_id=_text(fields, "span_id"),
        kind=_kind(fields.get("kind")),
        item=_text(fields, "item"),
        label=_text(fields, "label"),
        started_at=started_at.astimezone(UTC),
        utc_offset=_whole_seconds(_offset(started_at)),
        counted_seconds=_seconds(fields.get("counted_seconds"), "counts"),
        dropped=_dropped(fields),
        corrects=_text(fields, "corrects"),
        reason=_text(fields, "reason"),
        clock=_text(fields, "clock"),
        edit=_edit(fields.get("edit")),
        act=_text(fields, "act"),
    )


def doubt_about(span: Span, now: datetime) -> str:
    """Why this span cannot be true, as a clause; empty when it can."""
    length = span.counted_seconds + span.dropped_seconds
    if not span.span_id or len(span.span_id) > _LONGEST_ID:
        return "it has no id by which it could be known"
    if span.corrects == span.span_id:
        return "it says that it corrects itself"
    if length > _LONGEST_SECONDS + _TOLERANCE_SECONDS:
        return f"it is {length / 3600.0:.1f} hours long, and no span is longer than 24"
    if doubt := impossible_start(span.started_at, now):
        return doubt
    if span.started_at + timedelta(seconds=length) > now + _AHEAD:
        return f"it lies in the future ({_local(span)[:16]})"
    texts = sum(len(getattr(span, name)) for name in _TEXTS)
    if texts > _MUCH_TEXT and len(json.dumps(object_of(span))) > _LONGEST_ROW:
        return "its texts are too long"
    return ""


def _started_at(value: object) -> datetime:
    try:
        if not isinstance(value, str):
            raise ValueError("it is no text")
        started_at = datetime.fromisoformat(value.strip())
        if started_at.tzinfo is None:
            raise ValueError("it names no zone")
        if abs(_offset(started_at)) > FURTHEST_OFFSET:
            raise ValueError("no zone is so far from UTC")
        started_at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(
            f"its start is “{_shown(value)}”, which is no time with an offset like "
            "2026-11-16T09:00:00+01:00"
        ) from error
    return started_at


def _offset(at: datetime) -> timedelta:
    return at.utcoffset() or timedelta()


def _whole_seconds(offset: timedelta) -> timedelta:
    return timedelta(seconds=round(offset.total_seconds()))


def _kind(value: object) -> SpanKind:
    for kind in SpanKind:
        if kind.value == value:
            return kind
    known = ", ".join(kind.value for kind in SpanKind)
    raise ValueError(f"its kind is “{_shown(value)}” and none of {known}")


def _edit(value: object) -> Edit | None:
    """One of a newer version is a correction all the same."""
    return next((edit for edit in Edit if edit.value == value), None)


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise ValueError(f"its {name} is no text")
    if _BROKEN.search(value):
        raise ValueError(f"its {name} is not UTF-8")
    return value


def _number_in(cell: str, name: str) -> float:
    try:
        return float(cell)
    except ValueError as error:
        raise ValueError(f"its {name} are “{_shown(cell)}”, which is no number") from error


def _rules_in(cell: str) -> Iterator[list[object]]:
    for entry in filter(None, (part.strip() for part in cell.split(";"))):
        rule, _, seconds = entry.rpartition(" ")
        yield [rule, _number_in(seconds, "dropped_seconds_by_rule")]


def _seconds(value: object, verb: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"it {verb} “{_shown(value)}”, which is no number of seconds")
    # An int may be too large for a float: it is compared before it is made one.
    if not 0 <= value < math.inf:
        raise ValueError(f"it {verb} {_shown(value)} seconds")
    if value > _LONGEST_SECONDS:
        raise ValueError(f"it {verb} {_shown(value)} seconds, which is more than a day")
    return float(value)


def _dropped(fields: Mapping[str, object]) -> tuple[DroppedTime, ...]:
    entries = fields.get("dropped_seconds_by_rule")
    dropped: list[DroppedTime] = []
    for entry in entries if isinstance(entries, list) else [entries]:
        match entry:
            case [str(rule), value]:
                known = DropRule.__members__.get(rule.upper(), DropRule.OTHER)
                dropped.append(DroppedTime(rule=known, seconds=_seconds(value, "dropped")))
            case _:
                raise ValueError(f"it says “{_shown(entry)}” about what was dropped")
    told = _seconds(fields.get("dropped_seconds"), "dropped")
    total = sum(one.seconds for one in dropped)
    if abs(told - total) > _TOLERANCE_SECONDS:
        raise ValueError(f"it dropped {told:g} seconds, and by rule {total:g}")
    return tuple(one for one in dropped if one.seconds)


def _shown(value: object) -> str:
    try:
        return str(value)[:60]
    except RecursionError:
        return "…"
