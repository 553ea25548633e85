"""The spell check with a real dictionary, in a real process."""

import io
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.spelling import Spelling
from supportdesk.adapters.spelling_process import serve

PATIENCE_MS = 30_000


def served(language: str, *questions: dict[str, Any]) -> list[dict[str, Any]]:
    asked = io.StringIO("".join(f"{json.dumps(one)}\n" for one in questions))
    answers = io.StringIO()
    serve(language, asked, answers)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_words_are_looked_up_and_mended() -> None:
    looked = ["jumped", "jumpd", "日本", "Grüße"]
    first, answer, meant, foreign = served(
        "en_US", {"look": looked}, {"suggest": "recieve"}, {"suggest": "日本"}
    )
    assert first == {"why": ""}
    assert answer["looked"] == looked
    assert "jumpd" in answer["wrong"]
    assert not {"jumped", "日本"} & set(answer["wrong"])
    assert meant["words"][0] == "receive"
    assert len(meant["words"]) <= 6
    assert foreign == {"suggest": "日本", "words": []}


def test_a_kin_of_the_language_serves_and_a_foreign_one_does_not() -> None:
    assert served("en_NZ") == [{"why": ""}]
    assert served("xx_YY", {"look": ["a"]}) == [{"why": "unknown"}]


class Heard:
    """What was told, and how often."""

    def __init__(self, spelling: Spelling) -> None:
        self.times = 0
        self.failures: list[tuple[str, str]] = []
        spelling.listen(self._heard, lambda title, advice: self.failures.append((title, advice)))

    def is_beyond(self, times: int) -> bool:
        return self.times > times

    def _heard(self) -> None:
        self.times += 1


@pytest.fixture
def spelling(qtbot: QtBot) -> Iterator[Spelling]:
    made = Spelling("en_US")
    yield made
    made.stop()


def test_what_is_wrong_is_known_a_moment_later(spelling: Spelling, qtbot: QtBot) -> None:
    heard = Heard(spelling)
    assert spelling.wrong(["jumpd"]) == frozenset()
    spelling.begin()
    spelling.begin()
    assert spelling.wrong(["jumpd", "jumped", "isn’t"]) == frozenset()
    qtbot.waitUntil(lambda: heard.times > 0, timeout=PATIENCE_MS)
    assert spelling.wrong(["jumpd", "jumped", "isn’t"]) == {"jumpd"}
    meant: list[str] = []
    spelling.suggest("recieve", meant.extend)
    qtbot.waitUntil(lambda: bool(meant), timeout=PATIENCE_MS)
    assert meant[0] == "receive"


def test_the_process_is_there_only_while_somebody_writes(spelling: Spelling, qtbot: QtBot) -> None:
    heard = Heard(spelling)
    for told_before, word in enumerate(("jumpd", "wlked")):
        spelling.begin()
        spelling.wrong([word])
        qtbot.waitUntil(partial(heard.is_beyond, told_before), timeout=PATIENCE_MS)
        spelling.end()
        spelling.end()
        qtbot.waitUntil(lambda: not spelling.is_running, timeout=PATIENCE_MS)
    assert spelling.wrong(["jumpd", "wlked"]) == {"jumpd", "wlked"}
    spelling.wrong(["nothin"])
    spelling.suggest("nothin", lambda _words: None)
    assert heard.failures == []


def test_a_language_without_a_dictionary_is_said_once(qtbot: QtBot) -> None:
    spelling = Spelling("xx_YY")
    heard = Heard(spelling)
    spelling.begin()
    qtbot.waitUntil(lambda: bool(heard.failures), timeout=PATIENCE_MS)
    spelling.begin()
    assert not spelling.is_running or heard.failures
    ((title, advice),) = heard.failures
    assert title == "Spelling is not checked"
    assert "no dictionary for xx_YY" in advice
    spelling.stop()
