"""Drafts and outgoing messages for tests."""

from dataclasses import replace
from datetime import UTC, datetime

from supportdesk.domain.answers import AnswerKind, Draft, DraftId
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import Mailer, MessageAddress, MessageId, mail_key
from supportdesk.domain.sending import Outgoing, SendState

SUPPORT = SourceName("Support")
AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
HERE = "here"
QUESTION = MessageId("<question@customer.example>")
SUPPORT_ADDRESS = Mailer(name="Support of Acme", email="support@example.com")
CUSTOMER = Mailer(name="Jana Nováková", email="jana@customer.example")


def a_draft(name: str = "one", body: str = "Good morning", at: datetime = AT) -> Draft:
    """An answer to `QUESTION`."""
    draft = Draft(
        draft_id=DraftId(name),
        kind=AnswerKind.REPLY,
        account=SUPPORT,
        message_id=MessageId(f"<{name}@example.com>"),
        sender=SUPPORT_ADDRESS,
        changed_at=at,
        answers=mail_key(SUPPORT, QUESTION),
        references=(MessageId("<first@customer.example>"), QUESTION),
        subject="Re: Where is my order?",
        body=body,
        cursor=len(body),
        base=frozenset({mail_key(SUPPORT, QUESTION)}),
    )
    return replace(draft, recipients=replace(draft.recipients, to=(CUSTOMER,)))


def an_outgoing(
    name: str = "one", state: SendState = SendState.WAITING, since: datetime = AT
) -> Outgoing:
    """What is kept of `a_draft` of that name once it is sent."""
    return Outgoing(
        draft_id=DraftId(name),
        account=SUPPORT,
        message_id=MessageId(f"<{name}@example.com>"),
        state=state,
        since=since,
        installation=HERE,
        answers=mail_key(SUPPORT, QUESTION),
        question=MessageAddress(mailbox="INBOX", uidvalidity=7, uid=42),
    )
