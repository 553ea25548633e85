"""`export quotes` and `export all` as a user calls them."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.promise_tables import PromiseTables
from supportdesk.adapters.storage.voice_tables import VoiceTables
from supportdesk.domain.promises import Promise
from supportdesk.domain.voices import Lesson, Quote
from tests.adapters.desk_examples import call, span
from tests.e2e.running import command, make_home

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
QUOTE = Quote(
    key="quote/1",
    words="It *saved* my Friday",
    item="mail/Support/<1@x>",
    who="Eva",
    said_at=NOON,
    kept_at=NOON,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = make_home(tmp_path, "")
    with closing(SqliteDeskStore(made / "desk.db")) as store:
        voices = VoiceTables(store.connection, store.path)
        voices.save_quote(QUOTE)
        voices.save_quote(replace(QUOTE, key="quote/2", words="Twice"))
        voices.save_lesson(Lesson(key="lesson/1", words="Say it sooner", at=NOON))
        PromiseTables(store.connection, store.path).save_promise(
            Promise(
                key="promise/1",
                item=QUOTE.item,
                words="Send the plan",
                who="Eva",
                contact="",
                made_at=NOON,
                due=NOON,
            )
        )
        store.save_call(call())
        store.append_span(span())
    return made


def test_kept_words_as_files(home: Path, tmp_path: Path) -> None:
    answer = command(home, "export", "quotes", "--to", str(tmp_path))
    markdown, as_json = tmp_path / "kept-words.md", tmp_path / "kept-words.json"
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == f"2 quotes, 1 lesson and 1 promise: in {markdown} and {as_json}.\n"
    assert markdown.stat().st_mode & 0o777 == 0o600
    assert "> “It \\*saved\\* my Friday”" in markdown.read_text(encoding="utf-8")
    found = json.loads(as_json.read_text(encoding="utf-8"))
    assert [one["words"] for one in found["quotes"]] == ["It *saved* my Friday", "Twice"]
    before = markdown.read_bytes(), as_json.read_bytes()
    again = command(home, "export", "quotes", "--to", str(tmp_path))
    assert "An earlier export was replaced: kept-words.md and kept-words.json." in again.stdout
    assert (markdown.read_bytes(), as_json.read_bytes()) == before


def test_a_file_of_the_founders_own_stays(home: Path, tmp_path: Path) -> None:
    (tmp_path / "kept-words.md").write_text("# My words\n")
    answer = command(home, "export", "quotes", "--to", str(tmp_path), "--format", "csv")
    assert answer.returncode == 1
    assert "supportdesk has not written it" in answer.stderr
    assert (tmp_path / "kept-words.md").read_text() == "# My words\n"


def test_all_of_it(home: Path, tmp_path: Path) -> None:
    answer = command(home, "export", "all", "--to", str(tmp_path), "--format", "json")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert {path.name for path in tmp_path.glob("*.json")} == {
        "calls.json",
        "kept-words.json",
        "reading-log.json",
    }
    assert not list(tmp_path.glob("*.md"))


def test_only_calls_have_days(home: Path, tmp_path: Path) -> None:
    answer = command(home, "export", "all", "--to", str(tmp_path), "--from", "2026-11-01")
    assert answer.returncode == 2
    assert "Calls alone are exported of some days" in answer.stderr
