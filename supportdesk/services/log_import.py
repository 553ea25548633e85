"""A reading log out of text, row by row: what can be believed is taken, the rest is named.

Rows go to the log as a union (`log_union`), so files may come in any order, and more than once.
"""

import csv
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, islice

from supportdesk.domain.errors import SupportDeskError
from supportdesk.domain.reading import Span
from supportdesk.services.log_rows import (
    COLUMNS,
    FORMAT,
    VERSION,
    ReadRow,
    doubt_about,
    span_of_cells,
    span_of_object,
)
from supportdesk.services.log_union import JoinedSpans
from supportdesk.services.wording import count

Join = Callable[[Sequence[Span]], JoinedSpans]

ROWS_AT_ONCE = 50
"""So many are joined in a few milliseconds, on the thread of the window."""
_MOST_SENTENCES = 1000
_SEPARATORS = (",", ";", "\t")
_COMMA = ","
# What Excel writes, and wants to read, above a file with another separator than its own.
_SEPARATOR_LINE = "sep="
_NUMBERS = ("counted_seconds", "dropped_seconds", "dropped_seconds_by_rule")
_MOST_TORN_LINES = 50
"""Nobody breaks a line more often within one cell: then a quotation mark is missing."""
_MOST_DIGITS = 1000
"""Python makes no int of many more."""
_SPANS_BEGIN = '"spans": ['
_SPANS_END = "]}"


class LogUnreadable(SupportDeskError):
    """A file that is no reading log, or one that this version cannot read."""

    is_for_founder = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LogImported:
    """What an import came to.

    Attributes:
        refused: A sentence for each row that was left out; the first thousand.
        overlapping: How many of the rows taken lie over other time of the log.
        caution: A sentence about the file as a whole; empty when it is as it should be.
    """

    new: int = 0
    grown: int = 0
    known: int = 0
    refused_count: int = 0
    refused: tuple[str, ...] = ()
    overlapping: int = 0
    caution: str = ""

    @property
    def words(self) -> str:
        """What a notice says."""
        sentences = [f"{count(self.new, 'new span', 'new spans')}, {self.known} known already."]
        if self.grown:
            spans = count(self.grown, "span", "spans")
            sentences.append(f"{spans} went on for longer than was known here.")
        if self.overlapping:
            spans = count(self.overlapping, "span lies", "spans lie")
            sentences.append(
                f"{spans} over time that is logged already: your weeks count that time once."
            )
        if self.refused_count:
            sentences.append(f"{count(self.refused_count, 'row was', 'rows were')} left out.")
        if self.caution:
            sentences.append(self.caution)
        return " ".join(sentences)


# --- reading -------------------------------------------------------------------------------------


def read_csv(lines: Iterable[str], now: datetime) -> Iterator[ReadRow]:
    """Our CSV, perhaps saved again by a spreadsheet. Raises LogUnreadable."""
    numbered = iter(enumerate(lines, start=1))
    first = next(numbered, (1, ""))[1]
    if first.removeprefix("\ufeff").strip(' "\r\n').lower().startswith(_SEPARATOR_LINE):
        first = next(numbered, (2, ""))[1]
    separator, names = _header(first)
    for number, line in _untorn(numbered, separator, len(names)):
        if line.replace(separator, "").replace('"', "").strip():
            yield _row(f"Line {number}", partial(_csv_span, line, separator, names), now)


def read_json(lines: Iterable[str], now: datetime) -> Iterator[ReadRow]:
    """Our JSON, a row a line; any other layout of it is read whole. Raises LogUnreadable."""
    left = iter(lines)
    head: list[str] = []
    for line in left:
        head.append(line)
        if line.rstrip().endswith(_SPANS_BEGIN):
            break
    first = next(left, "")
    if first.strip() in ("", "{"):
        yield from _read_entries(_loaded("".join([*head, first, *left])), now)
        return
    _check_header(_loaded("".join([*head, _SPANS_END])))
    yield from _read_lines(enumerate(chain([first], left), start=len(head) + 1), now)


def _read_lines(numbered: Iterable[tuple[int, str]], now: datetime) -> Iterator[ReadRow]:
    is_whole = False
    for number, line in numbered:
        text = line.strip()
        if text == _SPANS_END:
            is_whole = True
        elif text:
            yield _row(f"Line {number}", partial(_json_span, text.removesuffix(",")), now)
    if not is_whole:
        yield ReadRow(place="The end", why="it is missing, so the file has been cut off")


def checked(row: ReadRow, now: datetime) -> ReadRow:
    """A row of another source, under the same rules."""
    doubt = doubt_about(row.span, now) if row.span is not None else ""
    return ReadRow(place=row.place, why=doubt) if doubt else row


def _row(place: str, read: Callable[[], Span], now: datetime) -> ReadRow:
    try:
        span = read()
    except (ValueError, csv.Error) as error:
        return ReadRow(place=place, why=str(error))
    return checked(ReadRow(place=place, span=span), now)


def _header(line: str) -> tuple[str, list[str]]:
    text = line.removeprefix("\ufeff").strip()
    for separator in _SEPARATORS:
        names = [name.strip().strip('"') for name in text.split(separator)]
        if "span_id" in names:
            missing = [column for column in COLUMNS if column not in names]
            if missing:
                raise LogUnreadable(
                    f"This reading log has no column {missing[0]}",
                    f"Its first line must name {', '.join(COLUMNS)}. Export it again.",
                )
            return separator, names
    raise _no_log()


def _untorn(
    numbered: Iterable[tuple[int, str]], separator: str, width: int
) -> Iterator[tuple[int, str]]:
    """Without the lines that a line break in a quoted cell made: the row is its first line.

    A quotation mark that is never closed spoils its own line, not all that follow.
    """
    torn: list[tuple[int, str]] = []
    for number, line in numbered:
        ends_quoted = line.count('"') % 2 == 1
        if not torn and not ends_quoted:
            yield number, line
        elif torn and ends_quoted and _is_row([*(one for _, one in torn), line], separator, width):
            yield torn[0]
            torn = []
        elif torn and (len(torn) == _MOST_TORN_LINES or _is_row([line], separator, width)):
            yield from torn
            torn = []
            yield number, line
        else:
            torn.append((number, line))
    yield from torn


def _is_row(lines: Sequence[str], separator: str, width: int) -> bool:
    try:
        return len(next(csv.reader(lines, delimiter=separator, strict=True))) == width
    except csv.Error:
        return False


def _csv_span(line: str, separator: str, names: list[str]) -> Span:
    if line.count('"') % 2:
        raise ValueError("a quoted cell of it does not end on this line, and a row is one line")
    cells = next(csv.reader([line], delimiter=separator, strict=True))
    if len(cells) != len(names):
        raise ValueError(f"it has {len(cells)} cells instead of {len(names)}")
    named = dict(zip(names, cells, strict=True))
    if separator != _COMMA:  # as where one writes 41,5
        named |= {name: named[name].replace(",", ".") for name in _NUMBERS}
    return span_of_cells(named)


def _json_span(text: str) -> Span:
    try:
        found = json.loads(text, parse_int=_whole_number)
    except (ValueError, RecursionError) as error:
        raise ValueError("it is no JSON") from error
    return _entry_span(found)


def _entry_span(found: object) -> Span:
    if not isinstance(found, dict):
        raise ValueError("it is no object")
    return span_of_object(found)


def _whole_number(digits: str) -> float:
    """One number without end spoils its own row."""
    return int(digits) if len(digits) <= _MOST_DIGITS else math.inf


def _loaded(text: str) -> Mapping[str, object]:
    try:
        found = json.loads(text.removeprefix("\ufeff"), parse_int=_whole_number)
    except (ValueError, RecursionError) as error:
        raise _no_log() from error
    if not isinstance(found, dict):
        raise _no_log()
    return found


def _check_header(found: Mapping[str, object]) -> None:
    if found.get("format") != FORMAT:
        raise _no_log()
    version = found.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise LogUnreadable(
            "This reading log was written by a newer supportdesk, which this one cannot read",
            "Update supportdesk on this computer, then import it again.",
        )


def _read_entries(found: Mapping[str, object], now: datetime) -> Iterator[ReadRow]:
    _check_header(found)
    entries = found.get("spans")
    if not isinstance(entries, list):
        raise _no_log()
    for number, entry in enumerate(entries, start=1):
        yield _row(f"Entry {number}", partial(_entry_span, entry), now)


def _no_log() -> LogUnreadable:
    return LogUnreadable(
        "That is no reading log of supportdesk",
        "Choose a reading-log.csv or reading-log.json that it exported, or a desk.db.",
    )


# --- joining -------------------------------------------------------------------------------------


class LogImport:
    """Carries rows into the log, some at a time, and remembers what came of them.

    Args of the constructor:
        join: Joins some spans to the log, wherever that is.
    """

    def __init__(self, join: Join) -> None:
        self._join = join
        self._new = self._grown = self._known = self._refused_count = 0
        self._refused: list[str] = []
        self.taken: set[str] = set()

    def take(self, rows: Iterable[ReadRow]) -> None:
        """Raises what `rows` and `join` raise; what was taken until then stays."""
        left = iter(rows)
        while some := list(islice(left, ROWS_AT_ONCE)):
            for row in some:
                if row.span is None:
                    self._refuse(row, row.why)
            self._take([row for row in some if row.span is not None])

    def result(self, *, overlapping: int = 0, caution: str = "") -> LogImported:
        return LogImported(
            new=self._new,
            grown=self._grown,
            known=self._known,
            refused_count=self._refused_count,
            refused=tuple(self._refused),
            overlapping=overlapping,
            caution=caution,
        )

    def _take(self, rows: Sequence[ReadRow]) -> None:
        spans = [row.span for row in rows if row.span is not None]
        joined = self._join(spans) if spans else JoinedSpans()
        for one in joined.refused:
            self._refuse(rows[one.place], one.why)
        self._new += len(joined.new)
        self._grown += len(joined.grown)
        self._known += joined.known
        self.taken.update(joined.new, joined.grown)

    def _refuse(self, row: ReadRow, why: str) -> None:
        self._refused_count += 1
        if len(self._refused) < _MOST_SENTENCES:
            self._refused.append(f"{row.place} is left out: {why}.")


def overlapping(all_spans: Callable[[], Iterable[Span]], taken: set[str]) -> int:
    """How many spans among those taken lie over others that count; they come oldest first.

    What one clock saw lies over itself only where the wall clock was set back, and what was
    corrected does not count any more.
    """
    corrected = {span.corrects for span in all_spans()}
    found: set[str] = set()
    furthest: dict[str, Span] = {}
    for span in all_spans():
        if not span.counted_seconds or span.span_id in corrected:
            continue
        furthest = {
            clock: one for clock, one in furthest.items() if one.counted_until > span.started_at
        }
        beside = [one for clock, one in furthest.items() if not clock or clock != span.clock]
        found.update(one.span_id for one in (*beside, span) if beside)
        known = furthest.get(span.clock)
        if known is None or known.counted_until < span.counted_until:
            furthest[span.clock] = span
    return len(found & taken)
