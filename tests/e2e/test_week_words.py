"""The week in their words, in a real browser whose network is refused: inert, whole, on paper."""

from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.voice_tables import VoiceTables
from supportdesk.adapters.storage.week_page_tables import WeekPageTables
from supportdesk.domain.people import CallNote
from supportdesk.domain.promises import Promise, PromiseState
from supportdesk.domain.voices import Felt
from supportdesk.domain.week import WeekId
from supportdesk.services.call_notes import CallNotes
from supportdesk.services.lessons import Lessons
from supportdesk.services.passage_lines import lines_of
from supportdesk.services.promises import Promises
from supportdesk.services.voices import Voices
from supportdesk.services.week_page import PageSources, WeekPages, words_page
from supportdesk.services.words_html import page_html
from tests.fakes.cards import MemoryCards
from tests.fakes.stores import MemoryDeskStore
from tests.hostile_words import HOSTILE
from tests.lab.chromium import open_page, pages_printed

pytestmark = pytest.mark.chromium

WEEK = WeekId(from_date=date(2026, 11, 16))
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
LONG = (
    "You close at five and I start at three in the morning. So I write to you at the hour nobody"
    " reads, and then I wait until somebody comes back to me with an answer that helps."
)


class _Text(HTMLParser):
    """The words of each element, and which elements there are."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


class Desk:
    """What the founder kept in a week, in a desk.db."""

    def __init__(self, store: SqliteDeskStore) -> None:
        voice_store = VoiceTables(store.connection, store.path)
        self.voices, self.lessons = Voices(voice_store), Lessons(voice_store)
        memory = MemoryDeskStore()
        for number in range(3):
            memory.save_call_note(_note(number))
        notes = CallNotes(memory, str)
        notes.restore()
        self.promises = Promises(_MadePromises(), lambda at: at)
        self.promises.restore()
        sources = PageSources(
            voices=self.voices,
            lessons=self.lessons,
            notes=notes,
            promises=self.promises,
            cards=MemoryCards(),
        )
        pages = WeekPageTables(store.connection, store.path)
        self.pages = WeekPages(sources, pages, lambda at: at)

    def keep(self, words: str, number: int, *, who: str = "Ingrid Solheim", note: str = "") -> str:
        """In turns by mail and call, and of each feeling."""
        item = f"call/Office/{number}" if number % 2 else f"mail/Support/{number}@x"
        quote = self.voices.keep(
            words,
            item=item,
            who=who,
            contact=f"{number}@x.example",
            said_at=NOW - timedelta(days=1),
            now=NOW - timedelta(minutes=number),
            talk_seconds=389.0 if number % 2 else None,
        )
        self.voices.set_felt(quote.key, list(Felt)[number % len(Felt)])
        self.voices.edit_note(quote.key, note)
        return quote.key

    def saved(self, path: Path, *, is_masked: bool = False) -> Path:
        lines = self.pages.lines(WEEK, NOW, is_masked=is_masked)
        page = words_page(WEEK, lines, is_masked=is_masked)
        path.write_text(page_html(page), encoding="utf-8")
        return path


class _MadePromises:
    """Two that were kept, two that are open."""

    def promises(self) -> list[Promise]:
        return [_promise(number) for number in range(4)]

    def save_promise(self, promise: Promise) -> None: ...

    def remove_promise(self, key: str) -> None: ...


def _note(number: int) -> CallNote:
    return CallNote(
        key=f"note/{number}",
        call=f"call/Office/{number}",
        number=f"+47{number}",
        label="Maison Aubry",
        words="Wants the invoice by the order, not by the week. Will ask her accountant.",
        at=NOW - timedelta(hours=number),
    )


def _promise(number: int) -> Promise:
    is_kept = number % 2 == 0
    return Promise(
        key=f"promise/{number}",
        item="",
        words="I'll send the sheet with both shops on it",
        who="Pavel Kiss",
        contact="pavel@x.example",
        made_at=NOW - timedelta(days=2),
        due=NOW + timedelta(days=1),
        state=PromiseState.KEPT if is_kept else PromiseState.OPEN,
        settled_at=NOW if is_kept else None,
    )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(SqliteDeskStore(tmp_path / "desk.db"))


def test_a_full_page_asks_for_nothing_and_prints_on_two_sheets(desk: Desk, tmp_path: Path) -> None:
    keys = [desk.keep(LONG, number, note="She said it twice.") for number in range(10)]
    for key in keys:
        assert desk.pages.choose(WEEK, NOW, key, is_on=True)
    for number in range(5):
        desk.lessons.learn(f"Bakers press a grey button {number} times.", who="Ruth", now=NOW)
    page = desk.saved(tmp_path / "week.html")
    opened = open_page(page, tmp_path)
    assert opened.requests == []
    assert opened.title == "The week in their words"
    told = _Text(opened.document)
    assert told.texts.count(f"“{LONG}”") == 10
    assert "script" not in told.tags
    assert "Promises still open" in told.texts
    assert pages_printed(page, tmp_path) == 2


def test_hostile_quotes_stay_text(desk: Desk, tmp_path: Path) -> None:
    for start in (0, 10):
        shown = HOSTILE[start : start + 10]
        for number, words in enumerate(shown):
            key = desk.keep(words, start + number, who=words, note=words)
            assert desk.pages.choose(WEEK, NOW, key, is_on=True)
        opened = open_page(desk.saved(tmp_path / "week.html"), tmp_path)
        assert opened.requests == []
        assert opened.title == "The week in their words"
        told = _Text(opened.document)
        assert not told.tags & {"script", "img", "svg", "iframe", "a", "base", "link", "form"}
        assert not told.attributes & {"onerror", "onload", "src", "href", "style"}
        for words in shown:
            assert "“" + "\n".join(lines_of(words)) + "”" in told.texts
        for quote in desk.voices.search():
            desk.voices.remove(quote.key)


def test_the_same_words_unescaped_would_have_been_seen(tmp_path: Path) -> None:
    """What the tests above hear nothing of, Chromium tells when it is there."""
    page = tmp_path / "raw.html"
    for number, words in enumerate(HOSTILE[:3]):
        page.write_text(f"<!DOCTYPE html><title>The week</title>{words}", encoding="utf-8")
        opened = open_page(page, tmp_path)
        if number < 2:
            assert opened.title == "owned"
        else:
            assert "http://tracker.example/pixel.gif" in opened.requests
