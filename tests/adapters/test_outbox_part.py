"""The outbox on "Is it working?"."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.installation import installation_of
from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.answer_table import AnswerTable
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.core import Core
from supportdesk.diagnosis.outbox_part import outbox_health
from supportdesk.domain.health import CheckState
from supportdesk.domain.sending import SendState
from supportdesk.services.outbox_words import LATE_AFTER
from tests.fakes.answers import a_draft, an_outgoing
from tests.fakes.memory_secrets import MemorySecrets

MAIL = """
[[mail]]
name = "Support"
address = "support@example.org"
host = "127.0.0.1"
port = 9
user = "support"
"""
SMTP = """
[mail.smtp]
host = "127.0.0.1"
port = 9
"""


class Desk:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.cores: list[Core] = []

    def left_behind(self, name: str, state: SendState, age: timedelta) -> None:
        """By a run that was killed."""
        with_rows = SqliteDeskStore(self.home / "desk.db")
        table = AnswerTable(with_rows.connection, with_rows.path)
        now = SystemClock().now()
        table.save_draft(a_draft(name), now)
        row = an_outgoing(name, state, since=now - age)
        table.save_outgoing(replace(row, installation=installation_of(with_rows.path)))
        with_rows.close()

    def start(self, settings: str) -> Core:
        (self.home / "settings.toml").write_text(settings)
        secrets = MemorySecrets()
        secrets.set("mail/Support", "secret")
        core = Core(Places.under(self.home), secrets=secrets)
        self.cores.append(core)
        core.start()
        return core


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    for core in desk.cores:
        core.stop()


def test_where_nothing_can_be_sent_there_is_no_outbox_to_speak_of(desk: Desk) -> None:
    assert outbox_health(desk.start(MAIL)) == ()


def test_an_empty_outbox_is_good(desk: Desk) -> None:
    (part,) = outbox_health(desk.start(MAIL + SMTP))
    assert (part.is_good, part.words) == (True, "Nothing waits to be sent.")


def test_what_waits_for_an_account_that_cannot_send_is_named(desk: Desk) -> None:
    desk.left_behind("one", SendState.WAITING, timedelta())
    core = desk.start(MAIL)
    (part,) = outbox_health(core)
    assert not part.is_good
    (check,) = part.checks
    assert check.name == "To Jana Nováková: Re: Where is my order?"
    assert check.state is CheckState.BROKEN
    assert check.words == "Support has no server to send through in the settings."
    assert part.problem == core.problems["outbox"]


def test_what_cannot_be_sent_for_a_quarter_of_an_hour_is_a_problem(desk: Desk) -> None:
    desk.left_behind("one", SendState.WAITING, timedelta())
    core = desk.start(MAIL + SMTP)
    (part,) = outbox_health(core)
    assert (part.is_good, part.problem, part.checks[0].words) == (True, None, "On its way.")
    core.stop()
    desk.left_behind("two", SendState.WAITING, LATE_AFTER)
    (part,) = outbox_health(desk.start(MAIL + SMTP))
    assert part.words.startswith("2 messages not sent yet, the oldest of ")
    assert part.problem is not None
    assert part.problem.title.startswith("1 message to Jana Nováková not sent since ")
    assert not part.is_good
