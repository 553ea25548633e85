"""The disk is full while an answer is written: it is said, nothing is sent, no word is lost."""

from pathlib import Path

import pytest

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, mail_key
from tests.e2e.answered_mail import question, read, text_of
from tests.e2e.answering_app import AnsweringApp, answering_home
from tests.e2e.small_disk import ONLY_ROOT, small_disk
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

pytestmark = [pytest.mark.dovecot, ONLY_ROOT]

ASKED = MessageId("<full@example.org>")
_FULL = "The disk is full, so desk.db cannot be written"
_LONG = "It leaves the house today. " * 60


def test_the_text_stays_and_goes_out_once_when_there_is_room(tmp_path: Path) -> None:
    with DovecotLab() as mail, small_disk(tmp_path) as disk:
        user = mail.new_address()
        asked = question(
            ASKED, sender="Jana <jana@full.example>", to=user, subject="Full", text="Where?"
        )
        mail.deliver(asked, to=user)
        with AnsweringApp(answering_home(disk.folder, mail, user)) as app:
            app.wait_until_listening("Support")
            app.wait_for_people(1)
            app.begin_answer(mail_key(SourceName("Support"), ASKED))
            app.type("Dear Jana, ")
            wait_until(
                lambda: any("Dear Jana" in body for body in app.drafts().values()),
                seconds=30,
                what="the first words to be kept",
            )
            disk.fill()
            app.type(_LONG)
            app.wait_to_read(_FULL)
            app.send()
            app.wait_to_read(_FULL)
            assert app.composed()["text"].startswith(f"Dear Jana, {_LONG[:200]}")
            assert set(app.sending_states().values()) <= {"WRITING"}
            disk.make_room()
            wait_until(
                lambda: any(_LONG.strip() in body for body in app.drafts().values()),
                seconds=60,
                what="all words to be kept",
            )
            assert mail.sink.messages() == []
            wait_until(
                lambda: not any(_FULL in name for name in app.names()),
                seconds=60,
                what="the sentence to go",
            )
            app.send()
            app.wait_for_state("DONE")
            (sent,) = mail.sink.messages()
            assert text_of(read(sent.content)).startswith("Dear Jana, It leaves the house today.")
            app.stop()
