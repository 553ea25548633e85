"""Makes RFC 5322 messages of letters: threads, quotes, signatures, robots' headers.

Message-IDs carry a token of this run and the lap of the day, so that a mail which comes again on
the next lap or in the next practice is a new mail for the program that watches.
"""

import html
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from supportdesk.domain.mail import Mailer
from supportdesk.practice.company import Company, Correspondent
from supportdesk.practice.letters import Attachment, Invite, Letter, LetterKind
from supportdesk.practice.mail_server import INBOX, SENT
from supportdesk.services.quoting import quote_of

_SUBJECT_MARK = "practice-subject"

_ROBOT_HEADERS: dict[LetterKind, tuple[tuple[str, str], ...]] = {
    LetterKind.PERSON: (),
    LetterKind.ALERT: (("Auto-Submitted", "auto-generated"), ("Precedence", "bulk")),
    LetterKind.RECEIPT: (("Auto-Submitted", "auto-generated"),),
    LetterKind.NEWSLETTER: (
        ("List-Id", "The Crumb Report <report.crumbreport.example>"),
        ("List-Unsubscribe", "<https://crumbreport.example/bye?u=9f21>"),
        ("Precedence", "bulk"),
    ),
    LetterKind.AUTO_REPLY: (
        ("Auto-Submitted", "auto-replied"),
        ("X-Auto-Response-Suppress", "All"),
        ("Precedence", "auto_reply"),
    ),
    LetterKind.BOUNCE: (("Auto-Submitted", "auto-replied"),),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message that exists: what a later letter needs to answer it."""

    message_id: str
    references: tuple[str, ...]
    writer: str
    text: str
    sent_at: datetime
    mailbox: str
    raw: bytes


class PostOffice:
    """Turns letters into messages and remembers them for the answers."""

    def __init__(self, company: Company, *, token: str) -> None:
        self._company = company
        self._token = token
        self._posted: dict[tuple[str, int], Posted] = {}

    def post(self, letter: Letter, *, at: datetime, lap: int = 0) -> Posted:
        posted = self._make(letter, self.find(letter.replies_to, lap), at=at, lap=lap)
        self._posted[letter.key, lap] = posted
        return posted

    def find(self, key: str, lap: int) -> Posted | None:
        """The message a letter became on this lap, or before the day began."""
        return self._posted.get((key, lap)) or self._posted.get((key, 0))

    def answer_to(self, letter: Letter, parent: Posted, *, at: datetime) -> Posted:
        """A letter that answers a message which is none of ours (the founder's own)."""
        return self._make(letter, parent, at=at, lap=0)

    def _make(self, letter: Letter, parent: Posted | None, *, at: datetime, lap: int) -> Posted:
        company = self._company
        colleague = company.team.get(letter.sender)
        person = company.correspondents.get(letter.to if colleague else letter.sender)
        if person is None:
            raise KeyError(f"{letter.key}: nobody has the key {letter.to or letter.sender}")
        writer = colleague.name if colleague else person.display
        body = _body(letter, person, parent, is_ours=colleague is not None)
        domain = company.address.partition("@")[2] if colleague else _domain(person)
        message_id = f"<{letter.key}.{self._token}.{lap}@{domain}>"
        references = (*parent.references, parent.message_id) if parent else ()
        message = EmailMessage(policy=SMTP)
        ours = formataddr((writer if colleague else company.name, company.address))
        theirs = formataddr((person.display, person.address))
        if not colleague:
            _add_trace(message, letter, person, company.address, at)
        message["From"] = ours if colleague else theirs
        message["To"] = theirs if colleague else company.address
        message["Subject"] = _SUBJECT_MARK if letter.raw_latin1_subject else letter.subject
        message["Date"] = format_datetime(at.astimezone(person.zone))
        message["Message-ID"] = message_id
        if parent:
            message["In-Reply-To"] = parent.message_id
            message["References"] = " ".join(references)
        for name, value in _ROBOT_HEADERS[letter.kind]:
            message[name] = value
        _fill(message, letter, body, at)
        return Posted(
            message_id=message_id,
            references=references,
            writer=writer,
            text=body,
            sent_at=at,
            mailbox=SENT if colleague else INBOX,
            raw=_raw(message, letter),
        )


def _domain(person: Correspondent) -> str:
    return person.address.partition("@")[2]


def _body(letter: Letter, person: Correspondent, parent: Posted | None, *, is_ours: bool) -> str:
    parts = [letter.text]
    if person.signature and not is_ours and letter.kind is LetterKind.PERSON:
        parts.append(person.signature)
    if letter.quotes and parent is not None:
        language = "en" if is_ours else person.language
        at = parent.sent_at.astimezone(person.zone)
        writer = Mailer(name=parent.writer, email="")
        parts.append(quote_of(writer, at, parent.text, language=language))
    return "\n\n".join(parts) + "\n"


def _add_trace(
    message: EmailMessage, letter: Letter, person: Correspondent, to: str, at: datetime
) -> None:
    sender = "" if letter.kind is LetterKind.BOUNCE else person.address
    message["Return-Path"] = f"<{sender}>"
    domain = _domain(person)
    stamp = format_datetime(at)
    message["Received"] = (
        f"from mail.{domain} (mail.{domain} [192.0.2.25]) by mx.larder.app with ESMTPS"
        f" for <{to}>; {stamp}"
    )


def _fill(message: EmailMessage, letter: Letter, body: str, at: datetime) -> None:
    if letter.html and not letter.text:
        message.set_content(letter.html, subtype="html", charset=letter.charset)
        return
    transfer = "8bit" if letter.charset != "utf-8" else "quoted-printable"
    message.set_content(body, charset=letter.charset, cte=transfer)
    if letter.html or letter.also_html:
        message.add_alternative(letter.html or _as_html(body), subtype="html")
    if letter.attachment:
        _attach(message, letter.attachment)
    if letter.invite:
        _invite(message, letter.invite, at)


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    maintype, _, subtype = attachment.content_type.partition("/")
    content = attachment.text.strip().replace("\n", "\r\n").encode()
    message.add_attachment(content, maintype=maintype, subtype=subtype, filename=attachment.name)


def _invite(message: EmailMessage, invite: Invite, at: datetime) -> None:
    begins = at + timedelta(minutes=invite.in_minutes)
    ends = begins + timedelta(minutes=invite.lasts_minutes)
    stamp = "%Y%m%dT%H%M%SZ"
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Moulins Fournier//Agenda//FR",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        f"UID:{at:%Y%m%d}-tarifs@moulinsfournier.example",
        f"DTSTAMP:{at.strftime(stamp)}",
        f"DTSTART:{begins.strftime(stamp)}",
        f"DTEND:{ends.strftime(stamp)}",
        f"SUMMARY:{invite.summary}",
        "ORGANIZER;CN=Amélie Fournier:mailto:amelie@moulinsfournier.example",
        "ATTENDEE;RSVP=TRUE:mailto:support@larder.app",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    message.add_alternative(
        "\r\n".join(lines), subtype="calendar", charset="utf-8", params={"method": "REQUEST"}
    )


def _as_html(body: str) -> str:
    paragraphs = html.escape(body.strip()).split("\n\n")
    inside = "".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>\n" for paragraph in paragraphs)
    return f"<html><body>\n{inside}</body></html>\n"


def _raw(message: EmailMessage, letter: Letter) -> bytes:
    raw = message.as_bytes()
    if letter.raw_latin1_subject:
        # What old clients send: bytes of Latin-1 in a header, with no encoded word around them.
        raw = raw.replace(_SUBJECT_MARK.encode(), letter.subject.encode("iso-8859-1"), 1)
    return raw
