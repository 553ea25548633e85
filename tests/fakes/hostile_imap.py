"""Ways in which an IMAP server can be wrong, or mean: scripts for `ImapServer`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.fakes.imap_server import Answer, ImapPeer

Answers = Sequence[tuple[str, Answer]]
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostility:
    """One script.

    Attributes:
        answers: What is answered to which command; the rest is polite.
        says: Words of the problem that the account has to show; empty when it can be listened to
            in spite of it.
        subjects: What has to be told of the mailbox all the same.
    """

    answers: Answers = ()
    greeting: bytes | None = b"* OK hello"
    says: str = ""
    subjects: tuple[str, ...] = ()


def _examine(exists: int, uidnext: int, *more: bytes, uidvalidity: int = 5) -> tuple[str, Answer]:
    return (
        "EXAMINE",
        [
            b"* %d EXISTS" % exists,
            b"* OK [UIDVALIDITY %d] x" % uidvalidity,
            b"* OK [UIDNEXT %d] x" % uidnext,
            *more,
            b"{tag} OK done",
        ],
    )


def _mail(seq: int, uid: int | bytes, subject: bytes = b"Good") -> bytes:
    number = uid if isinstance(uid, bytes) else b"%d" % uid
    return (
        b'* %d FETCH (UID %s FLAGS () INTERNALDATE "21-Nov-2026 10:00:00 +0000" RFC822.SIZE 99 '
        b'ENVELOPE ("Sat, 21 Nov 2026 10:00:00 +0000" "%s" (("A" NIL "a" "example.org")) NIL NIL '
        b'NIL NIL NIL NIL "<%s-%s@example.org>") BODY[HEADER.FIELDS (X)] "")'
    ) % (seq, number, subject, subject, number)


def _once(first: Callable[[ImapPeer, str], None]) -> Answer:
    """Be mean to the first command of the kind, and polite to the others as to IDLE."""
    count = [0]

    def answer(peer: ImapPeer, tag: str) -> None:
        count[0] += 1
        if count[0] == 1:
            first(peer, tag)
        else:
            peer.send(b"+ idling")
            peer.read_line()
            peer.send(f"{tag} OK done".encode())

    return answer


def _in_idle(*lines: bytes) -> Answer:
    def first(peer: ImapPeer, tag: str) -> None:
        peer.send(b"+ idling", *lines)
        peer.read_line()
        peer.send(f"{tag} OK done".encode())

    return _once(first)


def _raw(*pieces: bytes) -> Answer:
    """Send bytes as they are; `TAG` in them is the tag."""

    def answer(peer: ImapPeer, tag: str) -> None:
        for piece in pieces:
            peer.send_raw(piece.replace(b"TAG", tag.encode()))

    return answer


def _endless_line(peer: ImapPeer, _tag: str) -> None:
    peer.send_raw(b"* OK ")
    while True:
        peer.send_raw(b"x" * _PIECE)


def _endless_lines(peer: ImapPeer, _tag: str) -> None:
    while True:
        peer.send_raw(b"* 7 EXISTS\r\n* 7 RECENT\r\n" * 2000)


def _drip(peer: ImapPeer, _tag: str) -> None:
    for byte in b"* OK " + b"x" * 10_000:
        peer.send_raw(bytes([byte]))
        peer.rest(0.2)


def _many_mailboxes(peer: ImapPeer, tag: str) -> None:
    for first in range(0, 100_000, 1000):
        lines = [b'* LIST () "/" "m%d"' % number for number in range(first, first + 1000)]
        peer.send(*lines)
    peer.send(b'* LIST (\\Sent) "/" "Sent"', f"{tag} OK done".encode())


_ONE = (_examine(1, 8), ("UID FETCH 7", [b"{tag} OK done"]))
_EXISTS_FLOOD = [b"* %d EXISTS" % number for number in range(1, 100_001)]
_FETCH_FLOOD = [b"* %d FETCH (FLAGS (\\Seen))" % number for number in range(1, 100_001)]
_BODY = ("UID FETCH 7 (UID BODY", [b"{tag} OK done"])
_ALL = [b"* SEARCH 7", b"{tag} OK done"]


def _described(answer: Answer) -> Answers:
    """A mailbox of one message, which is described by this answer whatever the question."""
    return [_examine(1, 8), ("UID SEARCH", _ALL), ("UID FETCH", answer), ("FETCH", answer)]


# Never silent and never at an end: given up when a command has taken longer than any may.
ENDLESS: dict[str, Hostility] = {
    "one byte at a time": Hostility(answers=[("EXAMINE", _drip)], says="does not answer"),
    "lines without end": Hostility(answers=[("NOOP", _endless_lines)], says="does not answer"),
    "lines without end in IDLE": Hostility(
        answers=[("IDLE", _endless_lines)], says="does not answer"
    ),
}

HOSTILE: dict[str, Hostility] = {
    "a literal longer than what comes": Hostility(
        answers=_described(_raw(b"* 1 FETCH (UID 7 BODY[] {500}\r\nabc)\r\nTAG OK done\r\n")),
        says="does not answer",
    ),
    "a literal shorter than what comes": Hostility(
        answers=_described(_raw(b"* 1 FETCH (UID 7 BODY[] {2}\r\nabcdef)\r\nTAG OK done\r\n"))
    ),
    "a negative literal": Hostility(
        answers=_described(_raw(b"* 1 FETCH (UID 7 BODY[] {-5}\r\nabc)\r\nTAG OK done\r\n"))
    ),
    "a literal of 9 GB": Hostility(
        answers=_described(_raw(b"* 1 FETCH (UID 7 BODY[] {9999999999}\r\nabc")),
        says="a string without end",
    ),
    "a literal of a number too long": Hostility(
        answers=_described(
            _raw(b"* 1 FETCH (UID 7 BODY[] {%s}\r\nabc)\r\nTAG OK x\r\n" % (b"9" * 90))
        )
    ),
    "a flood of EXISTS": Hostility(answers=[("IDLE", _in_idle(*_EXISTS_FLOOD))]),
    "a flood of FETCH": Hostility(answers=[("IDLE", _in_idle(*_FETCH_FLOOD))]),
    "a flood of EXPUNGE": Hostility(answers=[("IDLE", _in_idle(*([b"* 1 EXPUNGE"] * 100_000)))]),
    "a line without end": Hostility(
        answers=[("STATUS", _endless_line), ("NOOP", _endless_line)], says="without end"
    ),
    "a line without end in IDLE": Hostility(answers=[("IDLE", _endless_line)], says="without end"),
    "a line without end at the login": Hostility(
        answers=[("AUTHENTICATE", _endless_line)], says="a line without end"
    ),
    "lines without end at the login": Hostility(
        answers=[("AUTHENTICATE", _endless_lines)], says="talks without end"
    ),
    "one byte at a time at the login": Hostility(
        answers=[("CAPABILITY", _drip)], says="does not answer"
    ),
    "uid 0": Hostility(answers=_described([_mail(1, 0), b"{tag} OK done"])),
    "uid 2^32": Hostility(answers=_described([_mail(1, 1 << 32), b"{tag} OK done"])),
    "uid 10^19": Hostility(answers=_described([_mail(1, 10**19), b"{tag} OK done"])),
    "a uid that is none": Hostility(answers=_described([_mail(1, b"x"), b"{tag} OK done"])),
    "the same uid thrice": Hostility(
        answers=_described([_mail(1, 7)] * 3 + [b"{tag} OK done"]), subjects=("Good",)
    ),
    "descending uids": Hostility(
        answers=[
            _examine(3, 10),
            ("FETCH 1:*", [_mail(1, 9), _mail(2, 8), _mail(3, 7), b"{tag} OK done"]),
        ],
        subjects=("Good", "Good", "Good"),
    ),
    "another uid for the same message": Hostility(
        answers=_described([_mail(1, 7), _mail(1, 6), b"{tag} OK done"])
    ),
    "a message nobody asked for": Hostility(
        answers=[("IDLE", _in_idle(_mail(4_294_967_295, 77), b"* 0 FETCH (FLAGS ())"))]
    ),
    "NIL everywhere": Hostility(
        answers=[
            _examine(1, 8, b"* LIST NIL NIL NIL", b"* STATUS NIL NIL", b"* SEARCH NIL"),
            ("UID SEARCH", _ALL),
            (
                "UID FETCH",
                [b"* 1 FETCH (UID NIL FLAGS NIL ENVELOPE NIL BODY[] NIL)", b"{tag} OK done"],
            ),
            ("FETCH", [b"* 1 FETCH NIL", b"* NIL FETCH NIL", b"{tag} OK done"]),
            ("LIST", [b"* LIST NIL NIL NIL", b"{tag} OK done"]),
            ("STATUS", [b"* STATUS NIL NIL", b"{tag} OK done"]),
        ]
    ),
    "an EXPUNGE of what is not there": Hostility(
        answers=[("IDLE", _in_idle(b"* 999 EXPUNGE", b"* 0 EXPUNGE", b"* VANISHED 1:9"))]
    ),
    "VANISHED of all there could be": Hostility(
        answers=[("IDLE", _in_idle(b"* VANISHED 1:4294967295", b"* VANISHED (EARLIER) NIL"))]
    ),
    "a SEARCH of all there could be": Hostility(
        answers=[
            _examine(9, 8),
            ("UID SEARCH", [b"* ESEARCH (TAG x) UID ALL 1:4294967295", b"{tag} OK done"]),
        ],
        says="an endless set of numbers",
    ),
    "UIDNEXT going backwards": Hostility(
        answers=[_examine(1, 8), ("FETCH 1:*", [_mail(1, 4_000), b"{tag} OK done"])],
        subjects=("Good",),
    ),
    "UIDVALIDITY 0": Hostility(
        answers=[_examine(1, 8, uidvalidity=0), ("FETCH 1:*", [_mail(1, 7), b"{tag} OK done"])],
        subjects=("Good",),
    ),
    "numbers of a mailbox that are none": Hostility(
        answers=[
            (
                "EXAMINE",
                [
                    b"* 99999999999999999999 EXISTS",
                    b"* -1 EXISTS",
                    b"* OK [UIDNEXT 99999999999999999999999]",
                    b"* OK [UIDVALIDITY x]",
                    b"* OK [HIGHESTMODSEQ 18446744073709551616]",
                    b"{tag} OK done",
                ],
            )
        ]
    ),
    "100,000 mailboxes": Hostility(answers=[("LIST", _many_mailboxes)]),
    "names in no alphabet": Hostility(
        answers=[
            (
                "LIST",
                [
                    b'* LIST (\\Sent) "/" "&AAA"',
                    b'* LIST () "/" "&!!-"',
                    b'* LIST () "/" "\xff\xfe&-\x80"',
                    b"* LIST () NIL {3}",
                    b"&\xc3-",
                    b"{tag} OK done",
                ],
            )
        ]
    ),
    "other capabilities than before": Hostility(
        answers=[
            (
                "NOOP",
                [b"* CAPABILITY LOGINDISABLED", b"* OK [CAPABILITY NOTHING]", b"{tag} OK done"],
            )
        ]
    ),
    "tagged answers to nothing": Hostility(
        answers=[("IDLE", _in_idle(b"S999 OK done", b"S1 NO again", b"X BAD what", b"* OK"))]
    ),
    "IDLE ended by the server": Hostility(
        answers=[("IDLE", [b"+ idling", b"{tag} OK that was all", b"<"])]
    ),
    "words after BYE": Hostility(
        answers=[("IDLE", [b"+ idling", b"* BYE", b"* 5 EXISTS", _mail(1, 7)])],
        says="ended the connection",
    ),
    "BAD to everything": Hostility(
        answers=[("CAPABILITY", [b"{tag} BAD no"]), ("", [b"{tag} BAD no"])], says="does not speak"
    ),
    "BAD to everything after the login": Hostility(
        answers=[("EXAMINE", [b"{tag} BAD no"])], says="does not open the mailbox"
    ),
    "NO to every FETCH": Hostility(
        answers=[_examine(3, 9), ("UID", [b"{tag} NO no"]), ("FETCH", [b"{tag} NO no"])],
        says="refused to list messages",
    ),
    "a literal in IDLE": Hostility(
        answers=[("IDLE", _in_idle(b"* 1 FETCH (FLAGS {12}", b"* 9 EXISTS\r\n)", b"* 0 EXISTS"))]
    ),
    "letters of no charset": Hostility(
        answers=_described(
            [_mail(1, 7, bytes(range(128, 256)).replace(b'"', b"")), b"{tag} OK \xff\xfe\x80"]
        ),
        greeting=b"* OK \xff\xfe\x80\x00",
    ),
    "control characters": Hostility(
        answers=_described([_mail(1, 7, b"a\x00b\x1b[31m\x07\x7f"), b"{tag} OK \x00\x1b"]),
        greeting=b"* OK \x00\x1b[2J",
    ),
    "lists nested without end": Hostility(
        answers=_described([b"* 1 FETCH " + b"(" * 100_000, b"{tag} OK done"])
    ),
    "garbage instead of an answer": Hostility(
        answers=[("EXAMINE", _raw(bytes(range(256)) * 40, b"\r\n" * 50, b"TAG OK done\r\n"))]
    ),
}
