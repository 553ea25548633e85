"""Where the page of a week goes, in the app: a real file, the key store, a real chat's hook."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.places import Places
from supportdesk.app_words_page import AppWordsPage
from supportdesk.core import Core
from supportdesk.domain.errors import Problem, SupportDeskError
from supportdesk.domain.words_page import Passage, Section, WordsPage
from supportdesk.services.chat_message import SECRET, chat_message
from supportdesk.services.week_page_store import Starter
from supportdesk.services.words_html import page_html
from tests.fakes.chat_server import ChatServer
from tests.fakes.memory_secrets import MemorySecrets
from tests.fakes.presenter import RecordingPresenter
from tests.fakes.web_server import says
from tests.hostile_words import HOSTILE

PAGE = WordsPage(
    title="The week in their words",
    subtitle="",
    sections=(Section(title="In their words", passages=(Passage(words=HOSTILE[0]),)),),
)


class Outside:
    """The acts of an app without a window; each is done before the next line of a test."""

    def __init__(self, home: Path) -> None:
        self.secrets = MemorySecrets()
        self.threads: list[str] = []
        self.told: list[tuple[str, Problem | None]] = []
        places = Places.under(home)
        self.core = Core(places, presenter=RecordingPresenter(), secrets=self.secrets)
        self.page = AppWordsPage(self.core, self._in_thread)

    def done(self, words: str, problem: Problem | None) -> None:
        self.told.append((words, problem))

    def _in_thread(
        self,
        name: str,
        work: Callable[[], str],
        done: Callable[[str, Problem | None], None],
    ) -> None:
        ended: list[tuple[str, Problem | None]] = []

        def run() -> None:
            try:
                ended.append((work(), None))
            except SupportDeskError as error:
                ended.append(("", error.problem))

        self.threads.append(name)
        thread = threading.Thread(target=run, name=name)
        thread.start()
        thread.join()
        done(*ended[0])


@pytest.fixture
def outside(tmp_path: Path, qtbot: QtBot) -> Iterator[Outside]:
    made = Outside(tmp_path / "home")
    yield made
    made.core.stop()


def test_a_page_is_saved_whole(outside: Outside, tmp_path: Path) -> None:
    target = tmp_path / "week.html"
    target.write_text("what was there")
    outside.page.save(str(target), page_html(PAGE), outside.done)
    assert target.read_text(encoding="utf-8") == page_html(PAGE)
    assert outside.told == [("The page is saved as week.html.", None)]


def test_where_it_cannot_be_saved_what_was_there_stays(outside: Outside, tmp_path: Path) -> None:
    outside.page.save(str(tmp_path / "none" / "week.html"), "text", outside.done)
    ((words, problem),) = outside.told
    assert words == ""
    assert problem is not None
    assert problem.title == "The page cannot be saved as week.html"
    assert "No such file or directory" in problem.advice


def test_the_hook_is_a_secret_that_can_be_forgotten(outside: Outside) -> None:
    outside.page.chat_url(outside.done)
    outside.secrets.kept[SECRET] = "https://chat.example/hooks/1"
    outside.page.chat_url(outside.done)
    outside.page.forget_chat_url(outside.done)
    assert [words for words, _problem in outside.told] == [
        "",
        "https://chat.example/hooks/1",
        "The hook is forgotten.",
    ]
    assert outside.secrets.kept == {}


def test_a_key_store_that_is_away_is_said(outside: Outside) -> None:
    outside.secrets.is_there = False
    outside.page.chat_url(outside.done)
    ((_words, problem),) = outside.told
    assert problem is not None
    assert problem.title == "There is no key store"


def test_a_message_is_taken_or_refused_by_a_real_hook(outside: Outside) -> None:
    chat = ChatServer()
    message = chat_message(chat.url, PAGE)
    outside.page.post(message, outside.done)
    chat.answer = says("410 Gone")
    outside.page.post(message, outside.done)
    (first, _), (_, problem) = outside.told
    assert first == "The page is in the chat: 127.0.0.1 took it."
    assert problem is not None
    assert problem.title == "127.0.0.1 did not take the page (410)"
    assert chat.bodies == [message.body, message.body]
    chat.close()


def test_choices_and_starters_lie_in_desk_db(outside: Outside) -> None:
    day = outside.core.local_now().date()
    outside.page.store.save_starter(Starter(day=day, quote="quote/1"))
    rows = outside.core.kept_in.connection.execute("SELECT day, quote FROM starter").fetchall()
    assert rows == [(day.isoformat(), "quote/1")]
