"""The practice desk on a morning: fourteen mails of a day, and four calls once they are asked for.

The customers ring when the test says so: what a program that is still starting does not hear, the
phones keep for themselves.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from supportdesk.practice.desk import PracticeAddresses, PracticeDesk
from supportdesk.practice.mail_sink import SentMail
from supportdesk.practice.script import DayScript, Due, MailIsPosted, MemberUnpauses, SomebodyCalls
from tests.e2e.running import make_home

MAILS, CALLS, ROBOTS = 14, 4, 3
_OVERNIGHT = (
    *("levain-second-shop", "hannah-thanks", "eszter-christmas"),
    *("linde-scales", "rosalind-thanksgiving", "mikael-comma"),
)
"""Of the letters that lie there already, eight are of the last day and by people."""
_CALLS = (
    SomebodyCalls(customer="aubry", patience_seconds=2),
    SomebodyCalls(customer="pavel", answered_by="anna", answer_seconds=1, talk_seconds=3),
    SomebodyCalls(number="+441614960990", patience_seconds=2),
    SomebodyCalls(customer="noor", answered_by="priya", answer_seconds=1, talk_seconds=2),
)
_ROUND_SECONDS = 0.2
_SETTINGS = """
[[mail]]
name = "Support"
address = "{mail.address}"
host = "{mail.imap_host}"
port = {mail.imap_port}
security = "none"
user = "{mail.imap_user}"
signature = "Ada"
[mail.smtp]
host = "{mail.smtp_host}"
port = {mail.smtp_port}
security = "none"
user = "{mail.smtp_user}"

[[phone]]
name = "Office"
kind = "asterisk"
host = "{mail.ami_host}"
port = {mail.ami_port}
user = "{mail.ami_user}"
queues = ["{mail.queue}"]
founder = "{mail.founder}"
context = "{mail.context}"

[answering]
undo_seconds = 0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning(DayScript):
    """Rings only once `may_ring` is set."""

    may_ring: threading.Event = field(default_factory=threading.Event)

    def from_start(self) -> Iterator[Due]:
        yield from self.opening
        at = self.opening_seconds
        while not self.may_ring.is_set():
            at += _ROUND_SECONDS
            # Nobody pauses: it only lets time pass.
            yield Due(at=at, happening=MemberUnpauses(who="anna"))
        for call in _CALLS:
            at += 1.0
            yield Due(at=at, happening=call)


class PracticeMorning:
    """The desk and a home that is connected to it."""

    def __init__(self, folder: Path) -> None:
        opening = tuple(
            Due(at=0.1 + number / 10, happening=MailIsPosted(letter=key))
            for number, key in enumerate(_OVERNIGHT)
        )
        self._script = Morning(
            begins=0, opening=opening, lap=(), opening_seconds=1.0, lap_seconds=0.0
        )
        self._desk = PracticeDesk(datetime.now(UTC), script=self._script)
        self._folder = folder
        self.home = folder

    def __enter__(self) -> Self:
        places: PracticeAddresses = self._desk.start()
        secrets = {
            "mail/Support": places.imap_password,
            "smtp/Support": places.smtp_password,
            "phone/Office": places.ami_secret,
        }
        self.home = make_home(self._folder, _SETTINGS.format(mail=places), secrets)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._desk.stop()

    def ring(self) -> None:
        """Four customers call, one after the other."""
        self._script.may_ring.set()

    def sent(self) -> tuple[SentMail, ...]:
        return self._desk.sent_mail()
