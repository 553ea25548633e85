"""The decoder reads every field of the test set right; others are measured over the same set."""

import email
import email.policy
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from imap_tools import MailMessage

from supportdesk.adapters.mail.message_reader import MessageContent, read_message
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import Mailer, MessageAddress, MessageId, MessageSummary
from tests.adapters.decoding import (
    attachment_cases,
    body_cases,
    date_cases,
    header_cases,
    packed_cases,
    quote_cases,
    structure_cases,
)
from tests.adapters.decoding.case import ARRIVED, Case, words_of

CASES = [
    case
    for module in (
        header_cases,
        date_cases,
        body_cases,
        structure_cases,
        attachment_cases,
        packed_cases,
        quote_cases,
    )
    for case in module.cases()
]
Fields = dict[str, object]


def read(case: Case) -> MessageContent:
    known = MessageSummary(
        account=SourceName("Support"),
        message_id=MessageId("<case@example.org>"),
        address=MessageAddress(mailbox="INBOX", uidvalidity=1, uid=1),
        sender=Mailer(name="", email=""),
        sent_at=ARRIVED,
        arrived_at=ARRIVED,
        size_bytes=len(case.raw),
    )
    return read_message(case.raw, known)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_field_is_right(case: Case) -> None:
    content = read(case)
    text, summary = content.text, content.summary
    assert summary.subject == case.subject
    assert (summary.sender.name, summary.sender.email) == case.sender
    assert tuple((one.name, one.email) for one in summary.recipients) == case.people
    assert summary.sent_at == case.date
    assert summary.sent_at.tzinfo is UTC
    assert text.text == case.text
    assert text.quoted == case.quoted
    assert (text.html is None) == (case.html is None)
    assert words_of(text.html) == (case.html or "")
    assert tuple(part.name for part in text.parts) == case.attachments
    assert text.cards == case.cards
    assert text.notices == case.notices


def test_the_set_is_large_enough() -> None:
    assert len(CASES) >= 200
    assert len({case.name for case in CASES}) == len(CASES)


def test_others_over_the_same_set(capsys: pytest.CaptureFixture[str]) -> None:
    """Say how many fields others get right; ours are all right by the tests above."""
    shares = {"ours": _share(_ours), "imap-tools": _share(_imap_tools), "email": _share(_standard)}
    with capsys.disabled():
        fields = sum(len(_expected(case)) for case in CASES)
        lines = [f"decoding: {len(CASES)} messages, {fields} fields"]
        for name, (share, by_field, raised) in shares.items():
            wrong = ", ".join(f"{field} {count}" for field, count in by_field.most_common())
            lines.append(
                f"  {name}: {share:.1%} right, raised on {raised}; wrong: {wrong or 'none'}"
            )
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    assert shares["ours"][0] == 1


def _share(decoder: Callable[[Case], Fields]) -> tuple[float, Counter[str], int]:
    right = total = raised = 0
    wrong: Counter[str] = Counter()
    for case in CASES:
        expected = _expected(case)
        total += len(expected)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = decoder(case)
        except Exception:  # noqa: BLE001 - a decoder that raises gets no field right
            raised += 1
            wrong.update(list(expected))
            continue
        for field, value in expected.items():
            right += found[field] == value
            wrong[field] += found[field] != value
    return right / total, +wrong, raised


def _expected(case: Case) -> Fields:
    """What any decoder could find; nobody is asked what only the mailbox knows."""
    fields: Fields = {
        "subject": case.subject,
        "people": (case.sender, case.people),
        "html": case.html or "",
        "attachments": sorted(name for name in case.attachments),
    }
    if case.date != ARRIVED:
        fields["date"] = case.date
    if case.is_plain and not case.cards:
        fields["text"] = _plain(case.text, case.quoted)
    return fields


def _plain(*texts: str) -> str:
    return " ".join(sorted(" ".join(texts).replace("-- \n", " ").split()))


def _ours(case: Case) -> Fields:
    content = read(case)
    summary, text = content.summary, content.text
    return {
        "subject": summary.subject,
        "people": (
            (summary.sender.name, summary.sender.email),
            tuple((one.name, one.email) for one in summary.recipients),
        ),
        "html": words_of(text.html),
        "attachments": sorted(part.name for part in text.parts),
        "date": summary.sent_at,
        "text": _plain(text.text, text.quoted),
    }


def _imap_tools(case: Case) -> Fields:
    message = MailMessage.from_bytes(case.raw)
    sender = message.from_values
    return {
        "subject": " ".join(message.subject.split()),
        "people": (
            (sender.name, sender.email) if sender else ("", ""),
            tuple((one.name, one.email) for one in (*message.to_values, *message.cc_values)),
        ),
        "html": words_of(message.html),
        "attachments": sorted(part.filename for part in message.attachments),
        "date": _aware(message.date),
        "text": _plain(message.text),
    }


def _standard(case: Case) -> Fields:
    message = email.message_from_bytes(case.raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    plain = message.get_body(("plain",))
    page = message.get_body(("html",))
    people = [
        (one.display_name, one.addr_spec)
        for name in ("to", "cc")
        for field in message.get_all(name, [])
        for one in field.addresses
    ]
    senders = [(one.display_name, one.addr_spec) for one in message["from"].addresses]
    return {
        "subject": " ".join(str(message["subject"] or "").split()),
        "people": (senders[0] if senders else ("", ""), tuple(people)),
        "html": words_of(page.get_content() if page else ""),
        "attachments": sorted(part.get_filename() or "" for part in message.iter_attachments()),
        "date": _aware(message["date"].datetime) if message["date"] else None,
        "text": _plain(plain.get_content() if plain else ""),
    }


def _aware(date: datetime | None) -> datetime | None:
    if date is None or date.tzinfo is not None:
        return date
    return date.replace(tzinfo=UTC)
