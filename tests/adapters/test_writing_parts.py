"""What the writing connection may say, marks that a crash left, and the files on their way out."""

import threading
from pathlib import Path

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.imap_login import log_in_as
from supportdesk.adapters.mail.outgoing_files import Envelope, OutgoingFiles
from supportdesk.adapters.mail.sending_mark import SeenMarks, mark_of
from supportdesk.adapters.mail.transport import Transport, Waker
from supportdesk.adapters.mail.writing_link import WritingLink
from supportdesk.domain.answers import DraftId
from supportdesk.domain.errors import StoreError
from supportdesk.domain.mail import MessageAddress
from supportdesk.protocols.imap_responses import Response
from tests.adapters.imap_account import settings_for
from tests.fakes.imap_server import ImapServer

FORBIDDEN = (
    "EXPUNGE",
    "UID EXPUNGE 1",
    "CLOSE",
    "UNSELECT",
    'UID MOVE 1 "Archive"',
    'UID COPY 1 "Archive"',
    'DELETE "INBOX"',
    'RENAME "INBOX" "Other"',
    'CREATE "Other"',
    'SUBSCRIBE "INBOX"',
    r"UID STORE 1 +FLAGS.SILENT (\Seen)",
    r"UID STORE 1 +FLAGS.SILENT (\Deleted)",
    r"UID STORE 1 -FLAGS.SILENT (\Answered)",
    r"UID STORE 1:* +FLAGS.SILENT (\Answered)",
    "UID STORE 1 FLAGS.SILENT ($SD-sending-a-b)",
    "UID STORE 1 +FLAGS.SILENT ($Important)",
    'SELECT "INBOX"\r\nS9 EXPUNGE',
    "NOOP\r\nS9 EXPUNGE",
    "UID FETCH 1 (BODY[])",
    'APPEND "Sent" {1}',
)
ALLOWED = (
    'SELECT "INBOX"',
    'EXAMINE "INBOX"',
    r"UID STORE 7 +FLAGS.SILENT (\Answered)",
    "UID STORE 7 +FLAGS.SILENT ($SD-sending-anna-1a2b)",
    "UID STORE 7 (UNCHANGEDSINCE 12) -FLAGS.SILENT ($SD-claim-anna)",
    'CREATE "Supportdesk/Claims"',
    'CREATE "INBOX.Supportdesk.Notes"',
)


def test_only_a_short_list_of_commands_can_be_sent() -> None:
    waker = Waker()
    transport = Transport(waker, SystemClock(), threading.Event().is_set)
    heard: list[Response] = []
    with ImapServer() as server:
        link = log_in_as(WritingLink, transport, settings_for(server.port), "secret", 60.0)
        for command in FORBIDDEN:
            with pytest.raises(ValueError, match="trace"):
                link.run(command, heard.append)
        before = server.command_count
        for command in ALLOWED:
            assert link.run(command, heard.append).is_ok
        assert server.lines[before:] == list(ALLOWED)
        link.close()
    waker.close()


def test_a_mark_is_a_keyword_whatever_the_name() -> None:
    assert mark_of("Anna", "1a2b3c") == "$SD-sending-anna-1a2b"
    assert mark_of("Jörg  Müller (Büro)", "FF00FF") == "$SD-sending-j-rg-m-ller-b-ro-ff00"
    assert mark_of("Łukasz", "") == "$SD-sending-ukasz-0"
    assert mark_of("名前", "12") == "$SD-sending-somebody-12"
    assert len(mark_of("x" * 500, "1234")) < 50


def test_a_mark_that_stays_for_longer_than_any_sending_was_left_behind() -> None:
    seen = SeenMarks()
    place = MessageAddress(mailbox="INBOX", uidvalidity=1, uid=1)
    other = MessageAddress(mailbox="INBOX", uidvalidity=1, uid=2)
    marks = frozenset({"$sd-sending-ben-1"})
    assert seen.fresh(place, marks, 0.0) == marks
    assert seen.fresh(place, marks, 899.0) == marks
    assert seen.fresh(other, marks, 899.0) == marks
    assert seen.fresh(place, marks, 900.0) == frozenset()
    assert seen.fresh(place, frozenset(), 901.0) == frozenset()
    assert seen.fresh(place, marks, 902.0) == marks  # taken back, and set anew


def test_what_is_on_its_way_out_is_kept_with_whom_it_is_for(tmp_path: Path) -> None:
    files = OutgoingFiles(tmp_path / "outgoing")
    draft, other = DraftId("a"), DraftId("b")
    envelope = Envelope(sender="us@lab.test", recipients=("ann@example.org", "bcc@example.org"))
    for one in (draft, other):
        files.save_envelope(one, envelope)
        files.wire(one).write_bytes(b"x")
    assert files.envelope(draft) == envelope
    files.attached.mkdir()
    for name in ("kept", "left"):
        (files.attached / name).write_bytes(b"x")
    files.keep_only([draft], ["kept"])
    assert sorted(one.name for one in (tmp_path / "outgoing").iterdir()) == [
        "a.eml",
        "a.json",
        "files",
    ]
    assert [one.name for one in files.attached.iterdir()] == ["kept"]
    (tmp_path / "outgoing" / "a.json").write_text("{")
    with pytest.raises(StoreError, match="cannot be read"):
        files.envelope(draft)
    files.remove(draft)
    with pytest.raises(StoreError, match="cannot be read"):
        files.envelope(draft)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "outgoing").write_text("a file in its place")
    files = OutgoingFiles(tmp_path / "outgoing")
    with pytest.raises(StoreError, match="cannot be written"):
        files.save_envelope(DraftId("a"), Envelope(sender="us@lab.test", recipients=()))
