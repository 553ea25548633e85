"""A promise noted of a mail on real Dovecot: due, over a kill, kept by a key, and for good."""

from pathlib import Path

import pytest

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, mail_key
from tests.e2e.answered_mail import question
from tests.e2e.answering_app import AnsweringApp, answering_home
from tests.e2e.running import command
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

ASKED = MessageId("<order-17@mailer.example>")


@pytest.fixture
def mail() -> DovecotLab:
    return DovecotLab()


def wait_for_promises(app: AnsweringApp, count: int) -> None:
    wait_until(lambda: app.status().get("promises_due") == count, seconds=30, what=f"{count} due")


def test_a_promise_waits_for_the_founder_until_it_is_kept(tmp_path: Path, mail: DovecotLab) -> None:
    key = mail_key(SourceName("Support"), ASKED)
    with mail:
        user = mail.new_address()
        asked = question(
            ASKED, sender="Jana <jana@out.example>", to=user, subject="Flour", text="Where?"
        )
        mail.deliver(asked, to=user)
        home = answering_home(tmp_path, mail, user)
        with AnsweringApp(home) as app:
            app.wait_until_listening("Support")
            app.wait_for_people(1)
            app.open(key)
            app.wait_for_text("Where?")
            app.press("n")
            app.wait_to_read("Internal note about Jana")
            app.type("I send it in 0 min !")
            app.press("Return")
            app.wait_to_read("Promise due since")
            assert app.status()["promises_due"] == 0, "who waits anyway is not counted twice"
            app.press("x")
            app.wait_for_people(0)
            wait_for_promises(app, 1)
            app.kill()
            app.start()
            app.wait_until_listening("Support")
            wait_for_promises(app, 1)
            assert "promises due: 1" in command(home, "status").stdout
            app.open(key)
            app.wait_to_read("Promise due since")
            app.press("y")
            wait_for_promises(app, 0)
            app.wait_to_read("Kept: ")
            app.press("u")
            wait_for_promises(app, 1)
            app.wait_to_read("Promise due since")
            app.press("y")
            wait_for_promises(app, 0)
            app.stop()
        (tmp_path / "words").mkdir()
        exported = command(home, "export", "quotes", "--to", str(tmp_path / "words"))
        assert exported.returncode == 0, exported.stderr
        assert "1 promise" in exported.stdout
