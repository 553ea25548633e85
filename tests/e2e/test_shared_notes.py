"""Two whole apps that share notes: what Anna noted stands above the mail in Ben's window."""

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


def founder(folder: Path, lab: DovecotLab, user: str, name: str) -> AnsweringApp:
    folder = folder / name
    folder.mkdir()
    more = f'claim_as = "{name}"\nshare_notes = true'
    return AnsweringApp(answering_home(folder, lab, user, more=more))


def test_what_one_notes_the_other_reads(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    user = dovecot_lab.new_address()
    dovecot_lab.deliver(letter(0), to=user)
    with founder(tmp_path, dovecot_lab, user, "anna") as anna:
        anna.wait_until_listening("Support")
        anna.wait_for_people(1)
        anna.open(KEY)
        anna.press("n")
        anna.type("do not offer a refund")
        anna.press("Return")
        anna.wait_to_read("your team sees it")
        wait_until(
            lambda: any("APPEND" in one and "Notes" in one for one in dovecot_lab.imap_commands()),
            seconds=30,
            what="the note on the server",
        )
        with founder(tmp_path, dovecot_lab, user, "ben") as ben:
            ben.wait_until_listening("Support")
            ben.wait_for_people(1)
            ben.open(KEY)
            ben.wait_to_read("Internal note, Anna")
            ben.wait_to_read("do not offer a refund")
            assert "Remove" not in ben.names(), "it is Anna's"
            ben.begin_answer(KEY)
            assert "refund" not in ben.composed()["text"]
