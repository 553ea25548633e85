"""An office that sends without a pause while its app, its server and its wire are killed.

The app is the real one, without a screen. What it has to send was left by a run that was killed
after the time to undo: drafts whose wire form is not yet made, as answers to questions in the
inbox. A wire of our own lies before the submission server, and the server thinks for a moment about
each message that it has already kept, so that many kills come between the dot and its answer.
"""

import imaplib
import random
import re
import sqlite3
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.installation import installation_of
from supportdesk.adapters.storage.answer_table import AnswerTable
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.domain.answers import Draft, DraftId, Recipients
from supportdesk.domain.mail import Mailer, MessageId, mail_key
from supportdesk.domain.sending import Outgoing, SendState
from tests.e2e.answering_app import AnsweringApp, answering_home
from tests.fakes.answers import SUPPORT as ACCOUNT
from tests.fakes.answers import a_draft, an_outgoing
from tests.lab.faulty_smtp import FaultySmtp, SmtpFault, SmtpMoment
from tests.lab.mail import PASSWORD, SUPPORT, DovecotLab
from tests.lab.waiting import patient, wait_until

AT_ONCE = 4
"""So many messages wait at each start."""
SERVER_THINKS_SECONDS = 0.1
LONGEST_LIFE_SECONDS = 1.6
"""Until the next blow; half of it is long enough for most messages."""
_OVER = {"DONE", "DOUBTFUL"}


class Blow(Enum):
    """What is killed."""

    APP = "the app, by SIGKILL"
    SERVER = "the server, by SIGKILL"
    WIRE = "the wire, about the last dot"


_BLOWS = (Blow.APP, Blow.APP, Blow.SERVER, Blow.WIRE)
_AROUND_THE_DOT = (SmtpMoment.TEXT, SmtpMoment.DOT, SmtpMoment.ANSWER, SmtpMoment.ANSWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of one message.

    Attributes:
        arrived: How often the customer's server has got it.
        filed: How many copies lie in Sent.
        is_flagged: Its question is marked as answered.
        is_shown: `supportdesk outbox` names it.
    """

    message_id: str
    state: str
    arrived: int
    filed: int
    is_flagged: bool
    is_shown: bool

    @property
    def is_fair(self) -> bool:
        """It arrived once and all is done, or nobody is left to believe that it did."""
        if self.state == "DONE":
            return self.arrived == self.filed == 1 and self.is_flagged
        return self.arrived <= 1 and self.filed <= 1 and self.is_shown


class SendingOffice:
    """One home, one mailbox. `blows` counts what was killed, `met` in which states that met."""

    def __init__(
        self, lab: DovecotLab, wire: FaultySmtp, home: Path, seed: int, life_seconds: float
    ) -> None:
        self._life_seconds = life_seconds
        self._lab = lab
        self._wire = wire
        self._home = home
        self._chance = random.Random(seed)
        self._count = 0
        self._app = AnsweringApp(home)
        self.blows: Counter[Blow] = Counter()
        self.met: Counter[str] = Counter()

    def send_and_be_hit(self) -> Blow:
        """One run, from its start to a kill of the app; before that another blow may fall."""
        self._leave_letters(AT_ONCE - self._waiting())
        blow = self._chance.choice(_BLOWS)
        if blow is Blow.WIRE:
            self._wire.fail_next(SmtpFault(moment=self._chance.choice(_AROUND_THE_DOT)))
        before = self._states()
        self._app.start()
        wait_until(lambda: self._states() != before, seconds=60, what="something to be sent")
        self._live_on()
        if blow is Blow.SERVER:
            self._lab.kill_server()
            self._note_states()
            self._live_on()
            self._lab.start_server()
            self._live_on()
        elif blow is Blow.WIRE:
            self._live_on()
        self._app.kill()
        self._note_states()
        self.blows[blow] += 1
        return blow

    def come_to_rest(self) -> list[Fate]:
        """A last run, undisturbed: all that can end by itself has ended."""
        self._wire.forget_plan()
        self._app.start()
        try:
            self._wait_for_the_end()
            shown = {one["message_id"] for one in self._app.outbox()["messages"]}
        finally:
            assert self._app.stop() == 0
        return self._fates(shown)

    def close(self) -> None:
        """Whatever happened, nothing goes on."""
        self._app.kill()

    def _wait_for_the_end(self) -> None:
        deadline = time.monotonic() + patient(180)
        settings = self._home / "settings.toml"
        while set(self._states().values()) - _OVER:
            if time.monotonic() > deadline:
                raise AssertionError(f"{self._states()}\n{self._app.errors()}")
            # Whoever saves the settings asks for another try at once.
            settings.write_bytes(settings.read_bytes())
            self._live_on()

    def _live_on(self) -> None:
        pause = self._chance.uniform(0.0, self._life_seconds)
        time.sleep(pause)

    # --- letters -----------------------------------------------------------------------------

    def _leave_letters(self, count: int) -> None:
        if count <= 0:
            return
        numbers = range(self._count, self._count + count)
        self._count += count
        self._lab.deliver(*[_question(number) for number in numbers])
        now = SystemClock().now()
        desk_db = self._home / "desk.db"
        with closing(SqliteDeskStore(desk_db)) as store:
            table = AnswerTable(store.connection, store.path)
            for number in numbers:
                draft = _answer(number)
                table.save_draft(draft, now)
                table.save_outgoing(_row(draft, installation_of(desk_db), now))

    def _waiting(self) -> int:
        return sum(state not in _OVER for state in self._states().values())

    def _states(self) -> dict[str, str]:
        if not (self._home / "desk.db").exists():
            return {}
        try:
            return self._app.sending_states()
        except sqlite3.OperationalError:
            return {}  # before the first run has made its tables

    def _note_states(self) -> None:
        self.met.update(state for state in self._states().values() if state not in _OVER)

    # --- what became of them ------------------------------------------------------------------

    def _fates(self, shown: set[str]) -> list[Fate]:
        arrived = Counter(_message_id(mail.content) for mail in self._lab.sink.messages())
        filed, flagged = self._mailbox()
        return [
            Fate(
                message_id=message_id,
                state=state,
                arrived=arrived[message_id],
                filed=filed[message_id],
                is_flagged=_question_of(message_id) in flagged,
                is_shown=message_id in shown,
            )
            for message_id, state in sorted(self._states().items())
        ]

    def _mailbox(self) -> tuple[Counter[str], set[str]]:
        context = ssl.create_default_context(cafile=str(self._lab.ca_file))
        link = imaplib.IMAP4_SSL("localhost", self._lab.imaps_port, ssl_context=context)
        link.login(SUPPORT, PASSWORD)
        try:
            sent = Counter(_message_id(head) for head, _ in _heads(link, "Sent"))
            asked = {
                _message_id(head) for head, is_answered in _heads(link, "INBOX") if is_answered
            }
            return sent, asked
        finally:
            link.logout()


@contextmanager
def sending_office(
    folder: Path, seed: int, life_seconds: float = LONGEST_LIFE_SECONDS
) -> Iterator[SendingOffice]:
    """With a server, a wire and an app of its own."""
    lab = DovecotLab()
    lab.start()
    lab.sink.reply_after_seconds = SERVER_THINKS_SECONDS
    try:
        with FaultySmtp(lab.submission_port, lab.certificate) as wire:
            home = answering_home(folder, lab, SUPPORT, smtp={"port": wire.port, "security": "tls"})
            office = SendingOffice(lab, wire, home, seed, life_seconds)
            try:
                yield office
            finally:
                office.close()
    finally:
        lab.stop()


def _heads(link: imaplib.IMAP4_SSL, mailbox: str) -> Iterator[tuple[bytes, bool]]:
    """The Message-ID line of each message there, and whether it is flagged as answered."""
    link.select(mailbox, readonly=True)
    answer = link.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]
    for one in answer:
        if isinstance(one, tuple):
            yield one[1], b"\\Answered" in one[0]


def _message_id(content: bytes) -> str:
    found = re.search(rb"(?im)^Message-ID:\s*(<\S+>)", content)
    assert found is not None, content[:500]
    return found.group(1).decode()


def _question_id(number: int) -> MessageId:
    return MessageId(f"<question{number}@customer.example>")


def _question_of(message_id: str) -> str:
    return _question_id(int(re.findall(r"\d+", message_id)[0]))


def _question(number: int) -> bytes:
    return (
        f"From: Customer {number} <customer{number}@customer.example>\r\n"
        f"To: {SUPPORT}\r\nSubject: Question {number}\r\n"
        f"Message-ID: {_question_id(number)}\r\n\r\nWhere is order {number}?\r\n"
    ).encode()


def _answer(number: int) -> Draft:
    key = mail_key(ACCOUNT, _question_id(number))
    customer = Mailer(name=f"Customer {number}", email=f"customer{number}@customer.example")
    return replace(
        a_draft(),
        draft_id=DraftId(f"answer{number}"),
        message_id=MessageId(f"<answer{number}@lab.test>"),
        sender=Mailer(name="Support", email=SUPPORT),
        recipients=Recipients(to=(customer,)),
        subject=f"Re: Question {number}",
        body=f"Order {number} leaves today.",
        answers=key,
        references=(_question_id(number),),
        base=frozenset({key}),
    )


def _row(draft: Draft, installation: str, now: datetime) -> Outgoing:
    return replace(
        an_outgoing(state=SendState.FREEZING, since=now.astimezone(UTC)),
        draft_id=draft.draft_id,
        message_id=draft.message_id,
        answers=draft.answers,
        installation=installation,
        question=None,
    )
