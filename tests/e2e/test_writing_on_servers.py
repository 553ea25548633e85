"""Marks, copies and flags on four kinds of mail server: what each keeps, and that none is twice."""

from dataclasses import replace
from pathlib import Path

from supportdesk.domain.send_events import (
    AnswerFlagged,
    CopyFiled,
    SendFailed,
    SendMarked,
    SendMoved,
    SendUnmarked,
)
from supportdesk.domain.settings import Security, SmtpSettings
from tests.e2e.mail_account import letter
from tests.e2e.mail_servers import Office
from tests.e2e.sending_desk import SendingDesk

QUESTION = "<1@example.org>"


def test_what_an_answer_writes(office: Office, tmp_path: Path) -> None:
    """All of it but the sending itself, which no IMAP server does."""
    office.deliver(letter(1), letter(2))
    nowhere = SmtpSettings(host="127.0.0.1", port=1, security=Security.NONE)
    settings = replace(office.settings(), smtp=nowhere)
    with (
        SendingDesk(settings, tmp_path / "anna") as anna,
        SendingDesk(settings, tmp_path / "ben", claim_as="ben") as ben,
    ):
        outgoing = anna.frozen(QUESTION)
        marked = anna.step(anna.senders.mark, outgoing)
        assert isinstance(marked, SendMarked), marked
        other = ben.step(ben.senders.mark, ben.frozen(QUESTION))
        assert isinstance(other, SendMarked), other
        assert marked.mark
        assert other.others == ("anna",)
        first = anna.step(anna.senders.file, outgoing)
        assert isinstance(first, CopyFiled), first
        again = anna.step(anna.senders.file, outgoing)
        assert isinstance(again, CopyFiled)
        assert again.place is not None
        flagged = anna.step(anna.senders.flag, outgoing)
        assert isinstance(flagged, AnswerFlagged)
        assert flagged.is_marked
        unmarked = anna.step(anna.senders.unmark, replace(outgoing, mark=marked.mark))
        assert isinstance(unmarked, SendUnmarked)
        assert not [one for one in anna.log.of(SendMoved) if isinstance(one, SendFailed)]
    with office.colleague() as link:
        link.select("INBOX", readonly=True)
        _, lines = link.fetch("1:2", "(FLAGS)")
        assert "\\\\Answered" in str(lines[0])
        assert "\\\\Answered" not in str(lines[1])
        assert "\\\\Seen" not in str(lines)
        assert "sending" not in str(lines).lower()
        link.select(again.place.mailbox, readonly=True)
        _, found = link.search(None, "ALL")
        assert len(found[0].split()) == 1
