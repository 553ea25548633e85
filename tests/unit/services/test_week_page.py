from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from supportdesk.domain.errors import StoreError
from supportdesk.domain.people import CallNote
from supportdesk.domain.promises import Promise, PromiseState
from supportdesk.domain.voices import Felt, Lesson, Quote
from supportdesk.domain.week import WeekId
from supportdesk.domain.words_page import page_seconds
from supportdesk.services.week_lines import LineKind, PageLine
from supportdesk.services.week_page import (
    ALOUD_SECONDS,
    MOST,
    TITLE,
    PageSources,
    WeekPages,
    words_page,
)
from tests.fakes.cards import MemoryCards
from tests.fakes.week_page_store import MemoryWeekPageStore

WEEK = WeekId(from_date=date(2026, 11, 16))
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
EAST = timezone(timedelta(hours=1))


class Words:
    """All sources in one, filled by hand."""

    def __init__(self) -> None:
        self.quotes: list[Quote] = []
        self.notes: list[CallNote] = []
        self.lessons: list[Lesson] = []
        self.promises: list[Promise] = []
        self.store = MemoryWeekPageStore()
        sources = PageSources(
            voices=_Voices(self),
            lessons=_Lessons(self),
            notes=_Notes(self),
            promises=_Promises(self),
            cards=MemoryCards(),
        )
        self.pages = WeekPages(sources, self.store, lambda at: at.astimezone(EAST))

    def keep(self, words: str, **given: object) -> None:
        number = len(self.quotes)
        values: dict[str, object] = {
            "key": f"quote/{number:02}",
            "words": words,
            "who": f"Person {number}",
            "contact": f"{number}@x.example",
            "said_at": NOW,
            "kept_at": NOW - timedelta(minutes=number),
        }
        self.quotes.append(Quote(**{**values, **given}))  # type: ignore[arg-type] # by name

    def lines(self, week: WeekId = WEEK) -> tuple[PageLine, ...]:
        return self.pages.lines(week, NOW, is_masked=False)

    def on(self, kind: LineKind = LineKind.QUOTE) -> list[str]:
        return [one.passage.words for one in self.lines() if one.is_on and one.kind is kind]


class _Voices:
    def __init__(self, words: Words) -> None:
        self._words = words

    def search(self, *, since: datetime, until: datetime) -> tuple[Quote, ...]:
        return tuple(one for one in self._words.quotes if since <= one.kept_at < until)


class _Lessons:
    def __init__(self, words: Words) -> None:
        self._words = words

    def between(self, since: datetime, until: datetime) -> tuple[Lesson, ...]:
        return tuple(one for one in self._words.lessons if since <= one.at < until)


class _Notes:
    def __init__(self, words: Words) -> None:
        self._words = words

    def between(self, since: datetime, until: datetime) -> tuple[CallNote, ...]:
        return tuple(one for one in self._words.notes if since <= one.at < until)


class _Promises:
    def __init__(self, words: Words) -> None:
        self._words = words

    def of_week(self, since: datetime, until: datetime) -> tuple[Promise, ...]:
        return tuple(self._words.promises)


def note(number: int, at: datetime = NOW) -> CallNote:
    return CallNote(
        key=f"note/{number}",
        call=f"call/Office/{number}",
        number=f"+47{number}",
        label="Vega",
        words=f"note {number}",
        at=at + timedelta(minutes=number),
    )


def promise(number: int, state: PromiseState, settled_at: datetime | None = None) -> Promise:
    return Promise(
        key=f"promise/{number}",
        item="",
        words=f"promise {number}",
        who="Vega",
        contact="v@x.example",
        made_at=NOW - timedelta(days=1),
        due=NOW,
        state=state,
        settled_at=settled_at,
    )


@pytest.fixture
def words() -> Words:
    return Words()


def test_a_week_holds_what_was_kept_on_its_local_days(words: Words) -> None:
    words.keep("Sunday, 23:30 here", kept_at=datetime(2026, 11, 15, 22, 30, tzinfo=UTC))
    words.keep("Monday, 00:30 here", kept_at=datetime(2026, 11, 15, 23, 30, tzinfo=UTC))
    words.keep("Sunday, 23:30 here", kept_at=datetime(2026, 11, 22, 22, 30, tzinfo=UTC))
    words.keep("Monday after", kept_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    words.notes += [note(1), note(2, NOW + timedelta(days=7))]
    words.lessons += [
        Lesson(key="lesson/1", words="this week", at=NOW),
        Lesson(key="lesson/2", words="last week", at=NOW - timedelta(days=7)),
    ]
    assert {one.passage.words for one in words.lines()} == {
        "Monday, 00:30 here",
        "Sunday, 23:30 here",
        "note 1",
        "this week",
    }
    assert words.on() == ["Monday, 00:30 here", "Sunday, 23:30 here"]


def test_words_are_grouped_by_what_was_felt(words: Words) -> None:
    words.keep("not said")
    words.keep("let down", felt=Felt.LET_DOWN)
    words.keep("delighted later", felt=Felt.DELIGHTED)
    words.keep("delighted first", felt=Felt.DELIGHTED)
    assert words.on() == ["delighted first", "delighted later", "let down", "not said"]


def test_the_suggestion_hears_many_people_and_ends_after_three_minutes(words: Words) -> None:
    for number in range(6):
        words.keep(f"again {number}", contact="a@x.example")
    words.keep("once", contact="b@x.example", kept_at=NOW - timedelta(hours=3))
    words.keep("long " * 500, contact="c@x.example")
    words.keep("medium " * 200, contact="d@x.example")
    words.notes += [note(number) for number in range(5)]
    on = words.on()
    assert "once" in on
    assert "again 0" in on
    assert len(on) == 8
    assert ("long " * 500) not in on
    assert words.on(LineKind.NOTE) == ["note 2", "note 3", "note 4"]
    page = words_page(WEEK, words.lines(), is_masked=False)
    assert page_seconds(page) < ALOUD_SECONDS + 20


def test_promises_are_all_there_kept_and_open(words: Words) -> None:
    words.promises += [
        promise(1, PromiseState.OPEN),
        promise(2, PromiseState.KEPT, NOW),
        promise(3, PromiseState.DROPPED, NOW),
        promise(4, PromiseState.KEPT, NOW - timedelta(days=7)),
        promise(5, PromiseState.KEPT),
    ]
    assert words.on(LineKind.OPEN) == ["promise 1"]
    assert words.on(LineKind.KEPT) == ["promise 2", "promise 5"]
    last_week = words.pages.lines(WEEK.moved(-1), NOW, is_masked=True)
    assert [one.passage.words for one in last_week] == ["promise 4"]


def test_the_founder_picks_and_orders_and_it_stays(words: Words) -> None:
    for text in ("one", "two", "three"):
        words.keep(text)
    first, second, third = (line.key for line in words.lines())
    assert words.on() == ["three", "two", "one"]
    assert words.pages.choose(WEEK, NOW, second, is_on=False)
    assert words.pages.move(WEEK, NOW, third, -1)
    assert words.pages.move(WEEK, NOW, third, -1)
    assert not words.pages.move(WEEK, NOW, third, -1)
    assert words.on() == ["one", "three"]
    assert not words.pages.move(WEEK, NOW, second, 1)
    assert not words.pages.move(WEEK, NOW, "quote/gone", 1)
    words.keep("new", felt=Felt.DELIGHTED)
    assert words.on() == ["one", "three", "new"]
    assert words.pages.choose(WEEK, NOW, second, is_on=True)
    assert words.on() == ["one", "three", "two", "new"]
    assert first == "quote/02"


def test_a_line_moves_among_its_kind_only(words: Words) -> None:
    words.keep("one")
    words.notes.append(note(1))
    assert not words.pages.move(WEEK, NOW, "quote/00", 1)
    assert not words.pages.move(WEEK, NOW, "note/1", -1)
    assert not words.pages.move(WEEK, NOW, "note/1", 1)
    assert words.store.kept == {}


def test_a_page_holds_ten_quotes_and_three_notes(words: Words) -> None:
    for number in range(12):
        words.keep(f"{number}")
    words.notes += [note(number) for number in range(4)]
    off = [one.key for one in words.lines() if not one.is_on and one.kind is LineKind.QUOTE]
    assert len(off) == 4
    assert words.pages.choose(WEEK, NOW, off[0], is_on=True)
    assert words.pages.choose(WEEK, NOW, off[1], is_on=True)
    assert not words.pages.choose(WEEK, NOW, off[2], is_on=True)
    assert len(words.on()) == MOST[LineKind.QUOTE]
    assert not words.pages.choose(WEEK, NOW, "note/0", is_on=True)
    assert words.pages.choose(WEEK, NOW, off[0], is_on=True), "it is on already"


def test_what_is_gone_can_not_be_chosen_and_nothing_breaks(words: Words) -> None:
    words.keep("one")
    assert words.pages.choose(WEEK, NOW, "quote/gone", is_on=True)
    words.quotes.clear()
    assert words.lines() == ()


def test_a_full_disk_is_said(words: Words) -> None:
    words.keep("one")
    words.store.is_full = True
    with pytest.raises(StoreError):
        words.pages.choose(WEEK, NOW, "quote/00", is_on=False)


def test_the_page_to_be_written_has_what_is_on_it(words: Words) -> None:
    words.keep("one", who="Ingrid Solheim")
    words.lessons.append(Lesson(key="lesson/1", words="learned", at=NOW))
    masked = words_page(WEEK, words.pages.lines(WEEK, NOW, is_masked=True), is_masked=True)
    assert (masked.title, masked.subtitle) == (TITLE, "Mon 16 – Sun 22 Nov")
    assert masked.footer == "The names of these customers are left out, as far as they are known."
    assert [section.title for section in masked.written] == ["In their words", "What we learned"]
    assert masked.written[0].passages[0].by == "I. S."
    assert masked.written[0].are_quotes
    assert not masked.written[1].are_quotes
    assert words_page(WEEK, words.lines(), is_masked=False).footer == ""
