"""The whole app: put off by its keys, awake on time by the wall clock, also when nothing ran."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, mail_key
from tests.e2e.answering_app import AnsweringApp, answering_home
from tests.e2e.mail_account import letter
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot

KEY = mail_key(SourceName("Support"), MessageId("<0@example.org>"))


@pytest.fixture
def user(dovecot_lab: DovecotLab) -> str:
    user = dovecot_lab.new_address()
    dovecot_lab.deliver(letter(0), letter(1), to=user)
    return user


@pytest.fixture
def app(dovecot_lab: DovecotLab, user: str, tmp_path: Path) -> Iterator[AnsweringApp]:
    with AnsweringApp(answering_home(tmp_path, dovecot_lab, user)) as app:
        app.wait_until_listening("Support")
        app.wait_for_people(2)
        yield app


def put_off(app: AnsweringApp) -> None:
    app.open(KEY)
    app.press("z", "Return")
    app.wait_for_people(1)
    app.wait_to_read("Put off until")


def until_soon(app: AnsweringApp, seconds: float) -> None:
    """As if it had been chosen so that its time comes in so many seconds."""
    at = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="microseconds")
    with closing(sqlite3.connect(app.home / "desk.db")) as desk, desk:
        changed = desk.execute("UPDATE snoozed SET until = ?", (at,)).rowcount
    assert changed == 1


def test_its_time_comes_while_nothing_runs(app: AnsweringApp) -> None:
    put_off(app)
    app.stop()
    until_soon(app, -60)
    app.start()
    app.wait_for_people(2)
    app.open(KEY)
    app.wait_to_read("You wanted to see this again now")


def test_its_time_comes_while_it_runs(app: AnsweringApp) -> None:
    put_off(app)
    app.stop()
    until_soon(app, 8)
    app.start()
    app.wait_for_people(2)


def test_the_customers_next_mail_wakes_it(
    app: AnsweringApp, dovecot_lab: DovecotLab, user: str
) -> None:
    put_off(app)
    more = (
        b"From: Customer 0 <c0@example.org>\r\nTo: support@lab.test\r\nSubject: Re: more\r\n"
        b"Message-ID: <more@example.org>\r\nIn-Reply-To: <0@example.org>\r\n"
        b"References: <0@example.org>\r\n\r\nAnd one more thing\r\n"
    )
    dovecot_lab.deliver(more, to=user)
    app.wait_for_people(2)
    app.open(mail_key(SourceName("Support"), MessageId("<more@example.org>")))
    app.wait_to_read("They wrote again")
    app.click("Same time again")
    app.wait_for_people(1)


def test_a_note_half_typed_outlives_a_kill(app: AnsweringApp) -> None:
    app.open(KEY)
    app.press("n")
    app.type("wants a ref")
    wait_until(lambda: "wants a ref" in _notes(app), seconds=30, what="the note on disk")
    app.kill()
    app.start()
    app.open(KEY)
    app.wait_to_read("wants a ref")


def _notes(app: AnsweringApp) -> list[str]:
    with closing(sqlite3.connect(app.home / "desk.db")) as desk:
        return [str(words) for (words,) in desk.execute("SELECT words FROM mail_note")]
