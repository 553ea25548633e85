"""Two founders on one mailbox who press Send at the same moment: one answer, never two.

Both are whole but for the window: the real reading worker tells what others did, the real outbox
worker marks, sends and files. Looking into Sent before sending lets two out of three such pairs
send twice; this is what the mark is for.
"""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from supportdesk.domain.events import MessagesArrived
from supportdesk.domain.mail import MessageId
from supportdesk.domain.send_events import CopyFiled, SendAccepted, SendMarked, ThreadChecked
from supportdesk.protocols.mailbox_sync import ListeningRules
from tests.e2e.mail_account import Worker, client, letter
from tests.e2e.sending_desk import SendingDesk, sending_settings
from tests.lab.mail import DovecotLab

pytestmark = pytest.mark.dovecot

QUESTIONS = 30
TRIES = 100
# What is told was asked for.
PATIENT = ListeningRules(look_around_seconds=3600, catch_up_seconds=3600)


class Founder:
    """Reads and sends."""

    def __init__(self, lab: DovecotLab, address: str, folder: Path, name: str) -> None:
        settings = sending_settings(lab, address)
        folder.mkdir()
        self.desk = SendingDesk(settings, folder, claim_as=name)
        self.reader = Worker(settings, folder, rules=PATIENT)
        self.sent: list[str] = []
        self.held: list[str] = []

    def answer(self, question: str) -> None:
        """As the outbox does it: mark, look, send, file, take the mark back."""
        outgoing = self.desk.frozen(question)
        senders = self.desk.senders
        for attempt in range(TRIES):
            marked = self.desk.step(senders.mark, outgoing)
            assert isinstance(marked, SendMarked), marked
            if marked.others:
                threading.Event().wait(random.uniform(0.01, 0.1))
                continue
            assert marked.mark
            if self.is_answered(question, f"{question}{attempt}"):
                self.desk.step(senders.unmark, outgoing)
                self.held.append(question)
                return
            assert isinstance(self.desk.send(outgoing), SendAccepted)
            assert isinstance(self.desk.step(senders.file, outgoing), CopyFiled)
            self.desk.step(senders.unmark, outgoing)
            self.sent.append(question)
            return
        raise AssertionError(f"never came to an end with {question}")

    def is_answered(self, question: str, token: str) -> bool:
        self.reader.worker.check_thread(token)
        log = self.reader.log

        def answers() -> list[ThreadChecked]:
            return [one for one in log.of(ThreadChecked) if one.token == token]

        log.wait_for(lambda: bool(answers()), "the check of the thread", 60)
        assert answers()[0].problem is None
        return any(
            MessageId(question) in message.references
            for event in log.of(MessagesArrived)
            for message in event.messages
        )


def test_of_two_who_send_at_once_one_is_held(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    address = dovecot_lab.new_address()
    dovecot_lab.deliver(*[letter(number) for number in range(QUESTIONS)], to=address)
    founders = [Founder(dovecot_lab, address, tmp_path / name, name) for name in ("anna", "ben")]
    anna, ben = founders
    with anna.desk, anna.reader, ben.desk, ben.reader:
        for founder in founders:
            founder.reader.wait_for_messages(QUESTIONS)
        for number in range(QUESTIONS):
            _race(founders, f"<{number}@example.org>")
    sent, held = Counter(anna.sent + ben.sent), Counter(anna.held + ben.held)
    questions = {f"<{number}@example.org>" for number in range(QUESTIONS)}
    assert sent == Counter(questions)
    assert held == Counter(questions)
    link = client(dovecot_lab, address)
    link.select("INBOX", readonly=True)
    _, lines = link.fetch("1:*", "(FLAGS)")
    link.logout()
    assert "sending" not in str(lines)


def _race(founders: list[Founder], question: str) -> None:
    start = threading.Barrier(len(founders))

    def run(founder: Founder) -> None:
        start.wait()
        threading.Event().wait(random.choice((0.0, random.uniform(0, 0.2))))
        founder.answer(question)

    with ThreadPoolExecutor(len(founders)) as both:
        for ended in [both.submit(run, founder) for founder in founders]:
            ended.result()
