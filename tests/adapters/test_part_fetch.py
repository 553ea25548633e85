"""Pieces of files from servers that lie, or answer what nobody asked."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from supportdesk.adapters.mail.part_download import LEFT, LIES, NO_FILE, SHORT
from supportdesk.domain.events import PartFetched
from supportdesk.domain.health import Hearing
from supportdesk.domain.mail import MessageId, MessagePart
from tests.adapters.imap_account import Account, settings_for
from tests.fakes.imap_server import Answer, ImapPeer, ImapServer

PART = MessagePart(name="a.bin", media_type="a/b", size_bytes=10, section="2", encoding="base64")
TEXT = b'("text" "plain" NIL NIL NIL "7bit" 2 1)'
MAIL = (
    b'* 1 FETCH (UID 7 FLAGS () INTERNALDATE "21-Nov-2026 10:00:00 +0000" RFC822.SIZE 99 '
    b'ENVELOPE ("Sat, 21 Nov 2026 10:00:00 +0000" "Good" (("A" NIL "a" "example.org")) NIL NIL '
    b'NIL NIL NIL NIL "<7@example.org>") BODY[HEADER.FIELDS (X)] "")'
)
OK = b"{tag} OK done"
EXPUNGED = b"{tag} OK [EXPUNGEISSUED] some are gone"


def described(size: int, encoding: bytes = b"7bit") -> Answer:
    part = b'("a" "b" NIL NIL NIL "%s" %d)' % (encoding, size)
    return [b'* 1 FETCH (UID 7 BODYSTRUCTURE (%s%s "mixed"))' % (TEXT, part), OK]


def piece(data: bytes, *, uid: int = 7, section: bytes = b"2") -> bytes:
    return b"* 1 FETCH (UID %d BODY[%s]<0> {%d}\r\n%s)" % (uid, section, len(data), data)


def fetched(
    folder: Path, structure: Answer, *pieces: Sequence[bytes]
) -> tuple[PartFetched, ImapServer, Account]:
    """Ask for part 2; the pieces are answered in turn, the last one again and again."""
    given = list(pieces)

    def answer(peer: ImapPeer, tag: str) -> None:
        lines = given.pop(0) if len(given) > 1 else given[0]
        peer.send(*(line.replace(b"{tag}", tag.encode()) for line in lines))

    answers: list[tuple[str, Answer]] = [
        (
            "EXAMINE",
            [b"* 1 EXISTS", b"* OK [UIDVALIDITY 5] x", b"* OK [UIDNEXT 8] x", OK],
        ),
        ("UID SEARCH", [b"* SEARCH 7", OK]),
        ("UID FETCH 7 (UID BODYSTRUCTURE)", structure),
        ("UID FETCH 7 (UID BODY.PEEK[2]", answer),
        ("UID FETCH 7 (UID BODY.PEEK[]", [OK]),
        ("UID FETCH", [MAIL, OK]),
        ("FETCH", [MAIL, OK]),
    ]
    with ImapServer(answers) as server, Account(settings_for(server.port), folder) as account:
        account.log.wait_until(Hearing.LISTENING)
        account.worker.fetch_part(MessageId("<7@example.org>"), PART)
        account.log.wait_for(lambda: bool(account.log.of(PartFetched)), "the file", 60)
        return account.log.of(PartFetched)[0], server, account


def test_an_honest_server(tmp_path: Path) -> None:
    done, server, _ = fetched(tmp_path, described(8, b"base64"), [piece(b"QUJDRA=="), OK])
    assert Path(done.path).read_bytes() == b"ABCD"
    pieces = [line for line in server.lines if "BODY.PEEK[2]" in line]
    assert pieces == ["UID FETCH 7 (UID BODY.PEEK[2]<0.65536>)"]


@pytest.mark.parametrize(
    ("structure", "pieces", "problem"),
    [
        (described(100), [[piece(b"x" * 65_537), OK]], LIES),
        (described(100), [[piece(b"x" * 65_536), OK]], LIES),
        (described(1_000_000), [[piece(b"x" * 65_536), OK], [piece(b""), OK]], SHORT),
        (described(1_000_000), [[b"* 1 FETCH (UID 7 BODY[2]<0> NIL)", OK]], SHORT),
        (described(100), [[b"{tag} BAD what"]], SHORT),
        (described(100), [[piece(b"x" * 100, uid=8), OK]], LEFT),
        (described(100), [[piece(b"x" * 100, section=b"3"), OK]], LEFT),
        (described(100), [[piece(b"x" * 100), b"{tag} NO it is gone"]], LEFT),
        (described(100), [[piece(b""), EXPUNGED]], LEFT),
        ([b"{tag} NO gone"], [[OK]], LEFT),
        ([b"* 1 FETCH (UID 7 BODYSTRUCTURE %s)" % TEXT, EXPUNGED], [[OK]], LEFT),
        ([OK], [[OK]], LEFT),
        ([b"* 1 FETCH (UID 7 BODYSTRUCTURE %s)" % TEXT, OK], [[OK]], NO_FILE),
    ],
)
def test_what_is_not_true_is_said(
    tmp_path: Path, structure: Answer, pieces: list[list[bytes]], problem: str
) -> None:
    done, _, account = fetched(tmp_path, structure, *pieces)
    assert (done.path, done.problem) == ("", problem)
    health = account.log.health
    assert health is not None
    assert health.problem is None
    assert not [one for one in (tmp_path / "attachments").rglob("*") if one.is_file()]


def test_a_description_that_nobody_can_read_does_not_stop_it(tmp_path: Path) -> None:
    unreadable: Answer = [b"* 1 FETCH (UID 7 BODYSTRUCTURE (((", OK]
    done, _, _ = fetched(tmp_path, unreadable, [piece(b"QUJDREVGR0hJSg=="), OK])
    assert Path(done.path).read_bytes() == b"ABCDEFGHIJ"
