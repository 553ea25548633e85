"""A look that fails says nothing against a source that our own link hears well."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.silence_looks import SilenceLooks
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import MailSettings, Security
from supportdesk.domain.silence import Look
from tests.fakes.memory_secrets import MemorySecrets
from tests.lab.waiting import free_port

NAME = SourceName("Support")
NO_PASSWORD = "No password is kept for Support"
NO_CACHE = "This computer could not look"
NO_SERVER = "Nothing answers at 127.0.0.1"


class Rig:
    """Looks at an account whose look fails, with an own link that is asked and then says so."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.asked: list[SourceName] = []
        self.is_heard = True
        self.secrets = MemorySecrets()
        self._qtbot = qtbot
        self._parent = QObject()
        self._settings = MailSettings(
            name=NAME,
            address="s@x.example",
            host="127.0.0.1",
            port=free_port(),
            security=Security.NONE,
            user="s",
        )
        self.cache = folder / "mail.db"
        own: Any = SimpleNamespace(check_now=lambda: self.asked.append(NAME))
        sources: Any = SimpleNamespace(fetcher=lambda _name: own)
        self.looks = SilenceLooks(
            sources=sources,
            secrets=self.secrets,
            mail_db=self.cache,
            clock=SystemClock(),
            is_heard=lambda _name: self.is_heard,
            parent=self._parent,
        )

    def begin(self, why: str) -> None:
        if why != NO_PASSWORD:
            self.secrets.set(self._settings.secret_name, "secret")
        if why == NO_SERVER:
            MailCacheWriter(self.cache).close()
        self.looks.begin(self._settings)

    def wait_until_asked(self) -> None:
        self._qtbot.waitUntil(lambda: self.asked == [NAME], timeout=30_000)


@pytest.fixture
def rig(tmp_path: Path, qtbot: QtBot) -> Iterator[Rig]:
    made = Rig(tmp_path, qtbot)
    yield made
    made.looks.stop()


@pytest.mark.parametrize("why", [NO_PASSWORD, NO_CACHE, NO_SERVER])
def test_what_our_own_link_answers_is_well(why: str, rig: Rig, qtbot: QtBot) -> None:
    rig.begin(why)
    rig.wait_until_asked()
    with qtbot.waitSignal(rig.looks.looked) as told:
        rig.looks.own_link_answered(NAME)
    assert told.args == [NAME, Look()]


@pytest.mark.parametrize("why", [NO_PASSWORD, NO_CACHE, NO_SERVER])
def test_what_our_own_link_has_lost_too_is_told(why: str, rig: Rig, qtbot: QtBot) -> None:
    rig.begin(why)
    rig.wait_until_asked()
    with qtbot.waitSignal(rig.looks.looked) as told:
        rig.looks.own_link_lost(NAME)
    assert told.args is not None
    look = told.args[1]
    assert look.problem.title.startswith(why)


def test_one_that_says_itself_that_it_is_deaf_is_not_waited_for(rig: Rig, qtbot: QtBot) -> None:
    rig.is_heard = False
    with qtbot.waitSignal(rig.looks.looked, timeout=30_000) as told:
        rig.begin(NO_PASSWORD)
    assert told.args is not None
    assert told.args[1].problem.title == NO_PASSWORD
