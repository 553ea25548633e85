"""A lift through the whole program: the card over the window, the mail, the thanks, the lesson.

On a real Dovecot, with its own submission server; the app is the one that founders start.
"""

import sqlite3
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.e2e.answering_app import AnsweringApp, answering_home
from tests.e2e.test_lift_by_mail import ANNA, PROVED, QUESTION, letter
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

pytestmark = pytest.mark.dovecot

_LIFT = f'[lift]\noperators = ["{ANNA}"]\nauthserv_id = "mx.lab.test"\n'
_THANKS = "Thank you, here is what I learned"
_LEARNED = "Our form sends an order twice."


def _lessons(home: Path) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(f"file:{home / 'desk.db'}?mode=ro", uri=True)) as desk:
        return desk.execute("SELECT words, item, who FROM lesson").fetchall()


def test_from_the_card_to_the_thanks_and_what_was_learned(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    user = dovecot_lab.new_address()
    up = user.replace("@", "+up@")
    dovecot_lab.deliver(letter(QUESTION, to=user).as_bytes(), to=user)
    other = letter("<other@example.org>", sender="Pavel Kiss <pavel@example.org>", to=user)
    dovecot_lab.deliver(other.as_bytes(), to=user)
    home = answering_home(tmp_path, dovecot_lab, user, more=_LIFT)
    with AnsweringApp(home) as app:
        app.wait_until_listening("Support")
        app.wait_for_people(2)
        app.open("mail/Support/<other@example.org>")
        lift = letter(
            "<up-1@team.example>",
            sender=ANNA,
            to=up,
            subject="Fwd: Flour order",
            body="Worth your ear.",
            proof=PROVED,
            about=QUESTION,
        )
        dovecot_lab.deliver(lift.as_bytes(), to=up)
        app.wait_to_read("Anna Lind lifted this to you")
        app.wait_to_read("Worth your ear")
        app.click("Read")
        app.wait_for_text("Third Friday in a row.")
        app.click(_THANKS)
        app.wait_for_composer()
        assert app.composed()["text"] == f"{_THANKS}:\n\n"
        app.type(_LEARNED)
        app.send()

        def to_anna() -> list[bytes]:
            return [one.content for one in dovecot_lab.sink.messages() if one.sender == user]

        wait_until(to_anna, seconds=60, what="the thanks")
        [raw] = to_anna()
        thanks = message_from_bytes(raw, policy=policy.default)
        assert thanks["To"] == ANNA
        assert thanks["In-Reply-To"] == "<up-1@team.example>"
        plain = thanks.get_body(("plain",))
        assert plain is not None
        written = [line for line in plain.get_content().splitlines() if line]
        assert written[:2] == [f"{_THANKS}:", _LEARNED]
        wait_until(lambda: _lessons(home), seconds=30, what="the lesson")
        key = f"mail/Support/{QUESTION}"
        assert _lessons(home) == [(_LEARNED, key, "Ingrid Solheim")]
        app.open(key)
        app.wait_to_read("You thanked them")
        assert app.stop() == 0
