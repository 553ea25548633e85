"""The page of a week while it is being made, in words."""

from collections.abc import Sequence
from itertools import pairwise

from supportdesk.domain.week import WeekId
from supportdesk.domain.words_page import WordsPage, page_seconds
from supportdesk.services.week_lines import LineKind, PageLine
from supportdesk.services.week_page import ALOUD_SECONDS, MOST
from supportdesk.services.wording import count
from supportdesk.ui.rows import Notice
from supportdesk.ui.rows.week_words import WeekBanner, WeekLine, WeekPart, WeekWordsView

_SHOWN_LETTERS = 400
_SHOWN_LINES = 4
_COUNTED = {
    LineKind.QUOTE: ("quote", "quotes"),
    LineKind.NOTE: ("call note", "call notes"),
    LineKind.LESSON: ("thing learned", "things learned"),
    LineKind.KEPT: ("promise kept", "promises kept"),
    LineKind.OPEN: ("promise open", "promises open"),
}
_NOTHING = (
    "Nothing was kept in this week. Select words in a mail and press q, or type what a caller said:"
    " it may stand here."
)
_ALOUD_FROM_NOW = "too long to read aloud in three: leave some lines out"


def week_banner(lines: Sequence[PageLine], *, is_masked: bool) -> WeekBanner | None:
    """What is on the page; None for a week of which nothing could be."""
    if not lines:
        return None
    on = [line.kind for line in lines if line.is_on]
    parts = [count(on.count(kind), *words) for kind, words in _COUNTED.items() if kind in on]
    if not parts:
        return WeekBanner(words="Nothing is on the page yet. Open it to choose from this week.")
    names = "names left out" if is_masked else "with names"
    return WeekBanner(words=f"{', '.join(parts)}. One page, {names}, to copy, save or read aloud.")


def week_words_view(
    week: WeekId,
    lines: Sequence[PageLine],
    page: WordsPage,
    *,
    is_masked: bool,
    has_later: bool,
    notice: Notice | None,
) -> WeekWordsView:
    is_empty = not page.written
    return WeekWordsView(
        week=week.label,
        aloud="" if is_empty else _aloud_words(page_seconds(page)),
        parts=tuple(_parts(lines)),
        nothing="" if lines else _NOTHING,
        is_masked=is_masked,
        has_later=has_later,
        is_empty=is_empty,
        notice=notice,
    )


def page_is_full(kind: LineKind) -> str:
    """Why one more line cannot be on it."""
    most = MOST[kind]
    _one, many = _COUNTED[kind]
    return f"There is room for {most} {many}: leave another one out first."


def _parts(lines: Sequence[PageLine]) -> list[WeekPart]:
    parts = []
    for kind in LineKind:
        of_kind = [line for line in lines if line.kind is kind]
        if of_kind:
            parts.append(
                WeekPart(
                    title=kind.value,
                    caption=f"{MOST[kind]} at most" if kind in MOST else "",
                    lines=tuple(_rows(of_kind)),
                )
            )
    return parts


def _rows(lines: Sequence[PageLine]) -> list[WeekLine]:
    rises = [False, *(True for _ in pairwise(lines))]
    sinks = [*(True for _ in pairwise(lines)), False]
    return [
        _row(line, may_rise=rise, may_sink=sink)
        for line, rise, sink in zip(lines, rises, sinks, strict=True)
    ]


def _row(line: PageLine, *, may_rise: bool, may_sink: bool) -> WeekLine:
    passage = line.passage
    words = _shown(passage.words)
    return WeekLine(
        key=line.key,
        words=f"“{words}”" if line.kind is LineKind.QUOTE else words,
        source=", ".join(part for part in (passage.by, passage.about) if part),
        felt=passage.felt,
        is_on=line.is_on,
        open_words="Show where it was said" if line.item else "",
        may_rise=may_rise,
        may_sink=may_sink,
    )


def _shown(words: str) -> str:
    """Enough to know them by; on the page they are whole."""
    lines = [line.strip() for line in words[: 2 * _SHOWN_LETTERS].strip().splitlines()]
    shown = "\n".join([line for line in lines if line][:_SHOWN_LINES])[:_SHOWN_LETTERS]
    is_whole = len(shown.split()) == len(words.split())
    return shown if is_whole else f"{shown.rstrip()} …"


def _aloud_words(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    words = f"About {minutes} min read aloud"
    if seconds > ALOUD_SECONDS * 1.25:
        return f"{words}, {_ALOUD_FROM_NOW}."
    return f"{words}."
