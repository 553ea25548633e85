"""Answers through the real workers and a real Dovecot, without a desk: each step when it is told.

What the outbox does between the steps (`services/outbox`) is done here in its simplest form.
"""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.answer_senders import AnswerSenders
from supportdesk.domain.answers import AnswerKind, Draft, DraftId, Recipients
from supportdesk.domain.mail import Mailer, MessageAddress, MessageId, mail_key
from supportdesk.domain.send_events import (
    CopyFiled,
    SendAccepted,
    SendFrozen,
    SendMoved,
    SendPoised,
)
from supportdesk.domain.sending import Outgoing, SendState
from supportdesk.domain.settings import (
    AnsweringSettings,
    KeepsSent,
    MailSettings,
    Security,
    Settings,
    SmtpSettings,
)
from tests.e2e.mail_account import NAME, settings_for
from tests.fakes.event_log import EventLog
from tests.fakes.memory_secrets import MemorySecrets
from tests.lab.mail import PASSWORD, DovecotLab

CUSTOMER = Mailer(name="Ann Customer", email="ann@example.org")


def sending_settings(
    lab: DovecotLab,
    address: str,
    *,
    keeps_sent: KeepsSent = KeepsSent.AUTO,
    smtp_port: int = 0,
    **changes: object,
) -> MailSettings:
    smtp = SmtpSettings(
        host="localhost",
        port=smtp_port or lab.submissions_port,
        security=Security.TLS,
        user=address,
        ca_file=str(lab.ca_file),
        keeps_sent=keeps_sent,
    )
    return settings_for(lab, address, smtp=smtp, **changes)


class SendingDesk:
    """One founder's outbox; `claim_as` is their name in marks."""

    def __init__(
        self,
        settings: MailSettings,
        folder: Path,
        *,
        claim_as: str = "anna",
        keeps_sent: bool | None = None,
        rest_seconds: float = 60.0,
    ) -> None:
        self.log = EventLog()
        self.settings = settings
        self.outgoing_dir = folder / "outgoing"
        self.senders = AnswerSenders(
            secrets=MemorySecrets({settings.secret_name: PASSWORD}),
            cache_path=folder / "mail.db",
            outgoing_dir=self.outgoing_dir,
            installation=f"{claim_as}0000",
            keeps_sent=lambda _account: keeps_sent,
            publisher=self.log,
            clock=SystemClock(),
            rest_seconds=rest_seconds,
        )
        self.senders.follow(
            Settings(mail=(settings,), answering=AnsweringSettings(claim_as=claim_as))
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.senders.stop(60)

    def draft(self, question: str = "", body: str = "Tomorrow.") -> Draft:
        token = uuid.uuid4().hex
        return Draft(
            draft_id=DraftId(token),
            kind=AnswerKind.REPLY if question else AnswerKind.NEW,
            account=NAME,
            message_id=MessageId(f"<{token}@lab.test>"),
            sender=Mailer(name="Support", email=self.settings.address),
            changed_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
            answers=mail_key(NAME, MessageId(question)) if question else "",
            references=(MessageId(question),) if question else (),
            recipients=Recipients(to=(CUSTOMER,)),
            subject="Re: Question",
            body=body,
        )

    def outgoing(self, draft: Draft, question: MessageAddress | None = None) -> Outgoing:
        return Outgoing(
            draft_id=draft.draft_id,
            account=draft.account,
            message_id=draft.message_id,
            state=SendState.WAITING,
            since=draft.changed_at,
            installation="test",
            answers=draft.answers,
            question=question,
        )

    def frozen(self, question: str = "", place: MessageAddress | None = None) -> Outgoing:
        """A new answer whose wire form is on the disk."""
        draft = self.draft(question)
        self.senders.freeze(draft)
        told = self.next_of(draft.draft_id, 0)
        assert isinstance(told, SendFrozen), told
        return self.outgoing(draft, place)

    def steps(self, draft_id: DraftId) -> list[SendMoved]:
        return [one for one in self.log.of(SendMoved) if one.draft_id == draft_id]

    def next_of(self, draft_id: DraftId, after: int) -> SendMoved:
        """What is told of it after so many steps."""
        self.log.wait_for(lambda: len(self.steps(draft_id)) > after, "the next step", 60)
        return self.steps(draft_id)[after]

    def step(self, act: Callable[[Outgoing], None], outgoing: Outgoing) -> SendMoved:
        """Ask for a step and wait for its event."""
        before = len(self.steps(outgoing.draft_id))
        act(outgoing)
        return self.next_of(outgoing.draft_id, before)

    def send(self, outgoing: Outgoing) -> SendMoved:
        """All of the sending, with the dot."""
        told = self.step(self.senders.send, outgoing)
        if not isinstance(told, SendPoised):
            return told
        before = len(self.steps(outgoing.draft_id))
        self.senders.go_on(outgoing.draft_id)
        return self.next_of(outgoing.draft_id, before)

    def send_and_file(self, outgoing: Outgoing) -> CopyFiled:
        assert isinstance(sent := self.send(outgoing), SendAccepted), sent
        filed = self.step(self.senders.file, outgoing)
        assert isinstance(filed, CopyFiled), filed
        return filed
