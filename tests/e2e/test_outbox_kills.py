"""The app, the server and the wire are killed while answers go out: none twice, none lost.

`python -m tests.bench outbox_kills` does the same two hundred times and prints what became of them.
"""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.answering_app import AnsweringApp, answering_home
from tests.e2e.sending_kills import LONGEST_LIFE_SECONDS, sending_office
from tests.lab.mail import SUPPORT, DovecotLab
from tests.lab.waiting import wait_until

KILLS = 40
pytestmark = pytest.mark.dovecot
QUESTION = b"From: Jana <jana@customer.example>\r\nTo: support@lab.test\r\nSubject: Order\r\n"
KEY = "mail/Support/<order@customer.example>"


def test_of_forty_kills_none_sends_twice_and_nothing_is_lost(tmp_path: Path) -> None:
    seed = int.from_bytes(os.urandom(4))
    with sending_office(tmp_path, seed, LONGEST_LIFE_SECONDS / 2) as office:
        for _ in range(KILLS):
            office.send_and_be_hit()
        fates = office.come_to_rest()
    unfair = [fate for fate in fates if not fate.is_fair]
    assert not unfair, f"seed {seed}: {unfair}"
    states = Counter(fate.state for fate in fates)
    assert states["DONE"], f"seed {seed}: none was sent: {states}"
    assert office.met.keys() - {"FREEZING", "WAITING"}, f"seed {seed}: none was met: {office.met}"


def test_who_is_killed_or_ends_while_it_counts_down_has_sent_nothing(tmp_path: Path) -> None:
    lab = DovecotLab()
    lab.start()
    try:
        lab.deliver(QUESTION + b"Message-ID: <order@customer.example>\r\n\r\nWhere is it?\r\n")
        home = answering_home(tmp_path, lab, SUPPORT, undo_seconds=120)
        with AnsweringApp(home) as app:
            app.wait_for_people(1)
            app.begin_answer(KEY)
            app.type("It leaves today.")
            app.send()
            app.wait_for_state("COUNTING")
            app.kill()
            app.start()
            assert _told(app) == [
                ("writing", "Not sent: supportdesk ended within the time to undo")
            ]
            app.begin_answer(KEY)
            assert "It leaves today." in app.composed()["text"]
            app.send()
            app.wait_for_state("COUNTING")
            assert app.stop() == 0
            app.start()
            assert _told(app) == [
                ("writing", "Not sent: the session ended within the time to undo")
            ]
        assert lab.sink.messages() == []
    finally:
        lab.stop()


def _told(app: AnsweringApp) -> list[tuple[str, str]]:
    told = wait_until(lambda: app.outbox()["messages"], seconds=30, what="the message to be told")
    return [(one["state"], one["title"]) for one in told]
