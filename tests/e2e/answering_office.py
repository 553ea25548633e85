"""The real app on a mailbox of its own, with what can be seen of it from outside."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, mail_key
from tests.e2e.answered_mail import TeamMailbox, question, read
from tests.e2e.answering_app import AnsweringApp, answering_home
from tests.lab.mail import DovecotLab
from tests.lab.smtp_sink import SentMail

NAME = SourceName("Support")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The app on a mailbox of its own, and what can be seen of it from outside."""

    app: AnsweringApp
    lab: DovecotLab
    user: str

    @property
    def mailbox(self) -> TeamMailbox:
        return TeamMailbox(self.lab, self.user)

    def sent_with(self, subject: str) -> list[SentMail]:
        """What the customers got under a subject, which each test has to itself."""
        kept = self.lab.sink.messages()
        return [mail for mail in kept if read(mail.content)["Subject"] == subject]

    def asked(
        self, message_id: str, *, sender: str, subject: str, to: str = "", **more: str
    ) -> str:
        """A mail comes in; its key."""
        text = more.pop("text", "Hello,\nwhere is it?")
        mail = question(
            message_id, sender=sender, to=to or self.user, subject=subject, text=text, **more
        )
        return self.asked_raw(message_id, mail)

    def asked_raw(self, message_id: str, mail: bytes) -> str:
        """A mail comes in as it is; its key."""
        self.lab.deliver(mail, to=self.user)
        self.app.wait_for_people(1)
        return mail_key(NAME, MessageId(message_id))

    def attach(self, *files: Path) -> None:
        """Paste files into the answer, and wait until they belong to it."""
        self.app.hands("paste", files=[str(file) for file in files])
        for file in files:
            self.app.wait_to_read(f"Do not send {file.name}")

    def wait_until_done(self, subject: str) -> EmailMessage:
        """The answer is at the customer and its copy in Sent; return that copy."""
        self.app.wait_for_people(0)
        self.app.wait_for_unsent(0)
        (copy,) = self.mailbox.wait_for_copies(subject)
        return copy


@contextmanager
def open_office(
    lab: DovecotLab, folder: Path, *, smtp_port: int = 0, **smtp: str | int
) -> Iterator[Office]:
    """It sends by TLS, through whatever listens at that port."""
    user = lab.new_address()
    home = answering_home(
        folder,
        lab,
        user,
        also={"aliases": ["medovniky@müller.example", f"help+{user}"]},
        smtp={"port": smtp_port or lab.submissions_port, "security": "tls", **smtp},
    )
    try:
        with AnsweringApp(home) as app:
            app.wait_until_listening(NAME)
            yield Office(app=app, lab=lab, user=user)
    finally:
        lab.sink.refuse_nobody()
