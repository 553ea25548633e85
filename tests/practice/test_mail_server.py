import imaplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from imap_tools import MailBoxUnencrypted

from supportdesk.practice.mail_server import INBOX, SENT, PracticeMailServer
from tests.practice.on_loop import LoopThread, loop_thread

USER, PASSWORD = "support@larder.app", "pa$$ word"
ARRIVED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LATIN1 = (
    b"From: =?utf-8?q?Kov=C3=A1cs?= Eszter <eszter@kovacscukraszda.example>\r\n"
    b"To: support@larder.app\r\n"
    b"Subject: Perch\xe9 =?utf-8?q?l=E2=80=99altra?=\r\n"
    b" volta\r\n"
    b"Date: Fri, 20 Nov 2026 10:30:00 +0100\r\n"
    b"Message-ID: <one@kovacscukraszda.example>\r\n"
    b"In-Reply-To: <zero@larder.app>\r\n"
    b"\r\n"
    b"Jo napot\r\n"
)


def letter(subject: str) -> bytes:
    return f"From: a@b.example\r\nSubject: {subject}\r\n\r\nHello\r\n".encode()


class Post:
    """A running server and a way to deliver into it."""

    def __init__(self, loop: LoopThread, server: PracticeMailServer) -> None:
        self.loop = loop
        self.server = server

    def deliver(self, message: bytes, mailbox: str = INBOX, *flags: str) -> int:
        work = self.server.deliver(mailbox, message, arrived=ARRIVED, flags=set(flags))
        return self.loop.run(work)


@pytest.fixture
def post() -> Iterator[Post]:
    with loop_thread() as loop:
        server = PracticeMailServer(user=USER, password=PASSWORD)
        loop.run(server.start())
        yield Post(loop, server)
        loop.run(server.stop())


@contextmanager
def client(post: Post) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4(post.server.host, post.server.port, timeout=10) as imap:
        imap.login(USER, PASSWORD)
        yield imap


def fetched(imap: imaplib.IMAP4, uid: int, what: str) -> bytes:
    _, data = imap.uid("FETCH", str(uid), f"({what})")
    return b"".join(b"\r\n".join(part) if isinstance(part, tuple) else part for part in data)


def test_wrong_password_and_unknown_user_are_refused(post: Post) -> None:
    for user, password in ((USER, "wrong"), ("nobody@larder.app", PASSWORD)):
        imap = imaplib.IMAP4(post.server.host, post.server.port, timeout=10)
        with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
            imap.login(user, password)
        imap.logout()


def test_auth_plain_works_too(post: Post) -> None:
    with imaplib.IMAP4(post.server.host, post.server.port, timeout=10) as imap:
        token = f"\0{USER}\0{PASSWORD}".encode()
        assert imap.authenticate("PLAIN", lambda _: token)[0] == "OK"


def test_special_uses_are_told_by_list(post: Post) -> None:
    with client(post) as imap:
        _, lines = imap.list()
    assert b'(\\HasNoChildren) "/" INBOX' in lines
    assert b'(\\HasNoChildren \\Sent) "/" Sent' in lines
    assert b'(\\HasNoChildren \\Drafts) "/" Drafts' in lines


def test_envelope_is_the_header_as_it_was_sent(post: Post) -> None:
    uid = post.deliver(LATIN1)
    with client(post) as imap:
        imap.select(INBOX, readonly=True)
        answer = fetched(imap, uid, "ENVELOPE INTERNALDATE")
    assert b'ENVELOPE ("Fri, 20 Nov 2026 10:30:00 +0100" {' in answer
    assert b"Perch\xe9 =?utf-8?q?l=E2=80=99altra?= volta" in answer
    address = b'(("=?utf-8?q?Kov=C3=A1cs?= Eszter" NIL "eszter" "kovacscukraszda.example"))'
    assert answer.count(address) == 3  # From, and Sender and Reply-To by default
    assert b'((NIL NIL "support" "larder.app")) NIL NIL "<zero@larder.app>"' in answer
    assert b'"<one@kovacscukraszda.example>"' in answer
    assert b'INTERNALDATE "20-Nov-2026 09:30:00 +0000"' in answer


def test_a_message_without_headers_has_an_empty_envelope(post: Post) -> None:
    uid = post.deliver(b"\r\njust text\r\n")
    with client(post) as imap:
        imap.select(INBOX, readonly=True)
        assert b"ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)" in fetched(
            imap, uid, "ENVELOPE"
        )


def test_an_address_without_domain_is_told_as_it_is(post: Post) -> None:
    uid = post.deliver(b"From: root\r\n\r\nx\r\n")
    with client(post) as imap:
        imap.select(INBOX, readonly=True)
        assert b'((NIL NIL "root" ""))' in fetched(imap, uid, "ENVELOPE")


def test_body_structure_counts_the_body_alone(post: Post) -> None:
    uid = post.deliver(LATIN1)
    with client(post) as imap:
        imap.select(INBOX, readonly=True)
        assert b'("text" "plain" NIL NIL NIL "7BIT" 10 ' in fetched(imap, uid, "BODYSTRUCTURE")
        assert b"Jo na" in fetched(imap, uid, "BODY.PEEK[1]<0.5>")


def test_reading_leaves_no_trace(post: Post) -> None:
    uid = post.deliver(letter("one"))
    with client(post) as imap:
        imap.select(INBOX, readonly=True)
        fetched(imap, uid, "BODY.PEEK[]")
        assert b"FLAGS (\\Seen)" not in fetched(imap, uid, "FLAGS")


def test_uids_rise_and_stay(post: Post) -> None:
    uids = [post.deliver(letter(name)) for name in "abc"]
    assert uids == sorted(set(uids))
    validities = []
    for _ in range(2):
        with client(post) as imap:
            imap.select(INBOX, readonly=True)
            validities.append(imap.untagged_responses["UIDVALIDITY"])
            assert imap.uid("SEARCH", "ALL")[1] == [" ".join(map(str, uids)).encode()]
    assert validities[0] == validities[1]


def test_idle_tells_a_delivery_and_a_flag(post: Post) -> None:
    first = post.deliver(letter("first"))
    with client(post) as imap:
        imap.select(INBOX, readonly=True)
        imap.send(b"i1 IDLE\r\n")
        assert imap.readline().startswith(b"+")
        post.deliver(letter("second"))
        assert imap.readline() == b"* 2 EXISTS\r\n"
        assert imap.readline() == b"* 2 FETCH (FLAGS ())\r\n"
        post.loop.run(post.server.add_flag(INBOX, first, "\\Answered"))
        assert imap.readline() == b"* 1 FETCH (FLAGS (\\Answered))\r\n"
        imap.send(b"DONE\r\n")
        assert imap.readline().startswith(b"i1 OK")


def test_a_flag_for_a_message_that_is_gone_is_no_error(post: Post) -> None:
    post.loop.run(post.server.add_flag(INBOX, 4711, "\\Answered"))


def test_keywords_are_kept(post: Post) -> None:
    uid = post.deliver(letter("claimed"))
    with client(post) as imap:
        imap.select(INBOX)
        imap.uid("STORE", str(uid), "+FLAGS", "($SD-claim-anna)")
        assert b"$SD-claim-anna" in fetched(imap, uid, "FLAGS")


def test_append_copy_and_move_keep_raw_envelopes(post: Post) -> None:
    uid = post.deliver(LATIN1)
    with client(post) as imap:
        imap.select(INBOX)
        imap.append(SENT, "(\\Seen)", None, LATIN1)
        imap.uid("COPY", str(uid), "Archive")
        imap.uid("MOVE", str(uid), "Trash")
        for mailbox in (SENT, "Archive", "Trash"):
            imap.select(mailbox, readonly=True)
            _, uids = imap.uid("SEARCH", "ALL")
            answer = fetched(imap, int(uids[0]), "ENVELOPE")
            assert b"Perch\xe9" in answer, mailbox


def test_moving_and_copying_what_is_not_there_does_nothing(post: Post) -> None:
    with client(post) as imap:
        imap.select(INBOX)
        assert imap.uid("COPY", "4711", "Archive")[0] == "OK"
        assert imap.uid("MOVE", "4711", "Archive")[0] == "OK"


def test_imap_tools_reads_it(post: Post) -> None:
    post.deliver(letter("one"), INBOX, "\\Seen")
    post.deliver(letter("two"))
    with MailBoxUnencrypted(post.server.host, post.server.port).login(USER, PASSWORD) as mailbox:
        subjects = [m.subject for m in mailbox.fetch(mark_seen=False, bulk=True)]
        flags = [m.flags for m in mailbox.fetch(mark_seen=False)]
    assert subjects == ["one", "two"]
    assert "\\Seen" in flags[0]
    assert "\\Seen" not in flags[1]


def test_stopping_ends_idle_politely_and_stops_listening(post: Post) -> None:
    with client(post) as imap:
        imap.select(INBOX, readonly=True)
        imap.send(b"i1 IDLE\r\n")
        imap.readline()
        post.loop.run(post.server.stop())
        assert imap.readline().startswith(b"* BYE")
        assert imap.readline() == b""
        imap.shutdown()
        imap.state = "LOGOUT"
    post.loop.run(post.server.stop())
    with pytest.raises(ConnectionRefusedError):
        imaplib.IMAP4(post.server.host, post.server.port, timeout=10)


def test_a_client_that_vanishes_is_no_trouble(post: Post) -> None:
    imap = imaplib.IMAP4(post.server.host, post.server.port, timeout=10)
    imap.login(USER, PASSWORD)
    imap.select(INBOX, readonly=True)
    imap.send(b"i1 IDLE\r\n")
    imap.readline()
    imap.shutdown()
    post.deliver(letter("after"))
    with client(post) as other:
        other.select(INBOX, readonly=True)
        assert other.uid("SEARCH", "ALL")[0] == "OK"


def test_idle_tells_the_last_of_many_quick_deliveries(post: Post) -> None:
    with client(post) as imap:
        imap.select(INBOX, readonly=True)
        imap.send(b"i1 IDLE\r\n")
        imap.readline()
        for number in range(50):
            post.deliver(letter(str(number)))
        told = b""
        while told != b"* 50 EXISTS\r\n":
            told = imap.readline()
        imap.send(b"DONE\r\n")
        while not told.startswith(b"i1 OK"):
            told = imap.readline()
