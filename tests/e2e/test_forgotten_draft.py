"""Somebody is forgotten while an answer to them is being written: nothing of it comes back."""

from pathlib import Path

import pytest

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, mail_key
from tests.adapters.forgotten_home import bytes_found
from tests.e2e.answered_mail import question
from tests.e2e.answering_app import AnsweringApp, answering_home
from tests.e2e.running import command
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

EMAIL, NAME = "jana.novotna@customer.example", "Jana Novotna"
ASKED = MessageId("<order-17@mailer.example>")
OTHERS = MessageId("<other@mailer.example>")
SECRETS = (EMAIL, NAME, "zebrastripes", "marzipan", "quagmire")


@pytest.fixture
def mail() -> DovecotLab:
    return DovecotLab()


def _deliver(mail: DovecotLab, user: str) -> None:
    theirs = question(
        ASKED, sender=f"{NAME} <{EMAIL}>", to=user, subject="The zebrastripes", text="Where?"
    )
    others = question(
        OTHERS, sender="Bob <bob@other.example>", to=user, subject="Thunder", text="Why?"
    )
    mail.deliver(theirs, others, to=user)


def test_what_is_being_written_to_them_goes_for_good(tmp_path: Path, mail: DovecotLab) -> None:
    with mail:
        user = mail.new_address()
        _deliver(mail, user)
        home = answering_home(tmp_path, mail, user)
        with AnsweringApp(home) as app:
            app.wait_until_listening("Support")
            app.wait_for_people(2)
            app.begin_answer(mail_key(SourceName("Support"), ASKED))
            app.type("Dear marzipan, ")
            wait_until(
                lambda: any("marzipan" in body for body in app.drafts().values()),
                seconds=30,
                what="the words to be kept",
            )
            # The rest is still on its way to the disk.
            app.type("quagmire")
            answer = command(home, "forget", EMAIL, "--yes")
            assert answer.returncode == 0, answer.stderr
            assert "1 draft or sent answer" in answer.stdout
            assert app.drafts() == {}
            # Somebody else is answered as if nothing had been.
            app.begin_answer(mail_key(SourceName("Support"), OTHERS))
            app.type("Hello")
            wait_until(
                lambda: [body for body in app.drafts().values() if "Hello" in body],
                seconds=30,
                what="the other draft",
            )
            assert len(app.drafts()) == 1
            app.stop()
        assert bytes_found(home, *SECRETS) == []


def test_an_answer_under_way_keeps_them_here(tmp_path: Path, mail: DovecotLab) -> None:
    with mail:
        user = mail.new_address()
        _deliver(mail, user)
        home = answering_home(tmp_path, mail, user, undo_seconds=120)
        with AnsweringApp(home) as app:
            app.wait_until_listening("Support")
            app.wait_for_people(2)
            app.begin_answer(mail_key(SourceName("Support"), ASKED))
            app.type("Dear marzipan")
            app.send()
            app.wait_for_state("COUNTING")
            answer = command(home, "forget", EMAIL, "--yes")
            assert answer.returncode == 1
            assert f"An answer that names {NAME} ({EMAIL}) is not sent yet" in answer.stderr
            assert any("marzipan" in body for body in app.drafts().values())
            app.stop()
