"""A draft as it is begun: to whom, from which address, with what below it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from supportdesk.domain.answers import AnswerKind, Draft, DraftId, Recipients, ReplyHead
from supportdesk.domain.mail import Mailer, MessageSummary, MessageText
from supportdesk.domain.mail_addresses import address_key
from supportdesk.domain.reply_rules import (
    message_id_of,
    own_address_of,
    references_of,
    reply_subject,
    who_gets_it,
)
from supportdesk.domain.settings import MailSettings
from supportdesk.services.quoting import forwarded, quote_of

_SIGNATURE = "\n\n-- \n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What a draft is begun of.

    Attributes:
        head: As the server has it; None while it has not said.
        text: Its text, for the quote; None while it is not here.
        selection: What was selected of it.
    """

    kind: AnswerKind
    message: MessageSummary
    settings: MailSettings
    head: ReplyHead | None = None
    text: MessageText | None = None
    selection: str = ""

    @property
    def known_head(self) -> ReplyHead:
        """What the list knows of the head, until the server has said all of it."""
        if self.head is not None:
            return self.head
        message = self.message
        return ReplyHead(
            message_id=message.message_id,
            sender=message.sender,
            to=message.recipients,
            subject=message.subject,
            references=message.references,
            date=message.sent_at,
        )


def new_draft(begun: Begun, seen: frozenset[str], now: datetime) -> Draft:
    """A draft with nothing written yet but the signature.

    Args:
        begun: What it answers, and what is known of that.
        seen: Keys of the conversation that its writer has in sight.
        now: When it is begun.
    """
    token = uuid4().hex
    sender = own_address_of(begun.known_head, begun.settings)
    plain = Draft(
        draft_id=DraftId(token),
        kind=begun.kind,
        account=begun.message.account,
        message_id=message_id_of(token, sender),
        sender=sender,
        changed_at=now,
        answers=begun.message.key,
        body=empty_body(begun.settings),
        base=seen,
    )
    return readdressed(plain, begun)


def new_message(
    settings: MailSettings, to: Recipients, *, subject: str, words: str, now: datetime
) -> Draft:
    """A message that answers none."""
    token = uuid4().hex
    sender = Mailer(name=settings.name_in_from, email=settings.address)
    return Draft(
        draft_id=DraftId(token),
        kind=AnswerKind.NEW,
        account=settings.name,
        message_id=message_id_of(token, sender),
        sender=sender,
        changed_at=now,
        recipients=to,
        subject=subject,
        body=words + empty_body(settings),
        cursor=len(words),
    )


def readdressed(draft: Draft, begun: Begun) -> Draft:
    """The same with whom it goes to, its subject and its quote made anew; its text stays."""
    head = begun.known_head
    return replace(
        draft,
        sender=own_address_of(head, begun.settings),
        recipients=who_gets_it(head, begun.kind, begun.settings.own_addresses),
        subject=reply_subject(head.subject, begun.kind),
        # A forward that names the question would count as its answer once it lies in Sent.
        references=() if begun.kind is AnswerKind.FORWARD else references_of(head),
        quote=_quote(begun),
    )


def with_all(draft: Draft, begun: Begun) -> Draft:
    """The same to everybody whom an answer to all goes to; who stands there already stays there."""
    everybody = who_gets_it(begun.known_head, AnswerKind.REPLY_ALL, begun.settings.own_addresses)
    known = {address_key(one.email) for one in draft.recipients}
    more = tuple(one for one in everybody if address_key(one.email) not in known)
    cc = (*draft.recipients.cc, *more)
    return replace(draft, kind=AnswerKind.REPLY_ALL, recipients=replace(draft.recipients, cc=cc))


def _quote(begun: Begun) -> str:
    """What stands below: words of an answer's question, or all of what is forwarded."""
    head, text = begun.known_head, begun.text
    if text is None:
        return ""
    at = (head.date or begun.message.sent_at).astimezone()
    if begun.kind is AnswerKind.FORWARD:
        whole = "\n\n".join(part for part in (text.text, text.quoted) if part)
        return forwarded(head.sender, at, head.subject, head.to, whole)
    return quote_of(head.sender, at, text.text, begun.selection)


def empty_body(settings: MailSettings) -> str:
    """What stands there before anything is written."""
    signature = settings.signature.strip("\n")
    return f"{_SIGNATURE}{signature}" if signature else ""


def is_untouched(draft: Draft, settings: MailSettings | None) -> bool:
    """Nothing was written and nothing attached: nobody would miss it.

    Whom a forward goes to was written, too.
    """
    if draft.kind is AnswerKind.FORWARD and len(draft.recipients):
        return False
    empty = empty_body(settings) if settings is not None else ""
    return not draft.files and draft.body.strip() == empty.strip()
