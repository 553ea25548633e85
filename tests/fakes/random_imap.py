"""An IMAP server that answers with whatever comes to its mind: true lines, bent at random."""

import random
from collections.abc import Sequence

from tests.fakes.imap_server import Answer, ImapPeer

_TEXT = b"From: a@example.org\r\nSubject: x\r\n\r\nhello\r\n"
_TRUE = (
    b"* 3 EXISTS",
    b"* 9 EXISTS",
    b"* 1 EXPUNGE",
    b"* 2 FETCH (FLAGS (\\Seen))",
    b"* 2 FETCH (UID 8 FLAGS (\\Answered) MODSEQ (77))",
    b'* 1 FETCH (UID 7 FLAGS () INTERNALDATE "21-Nov-2026 10:00:00 +0000" RFC822.SIZE 99 ENVELOPE '
    b'("Sat, 21 Nov 2026 10:00:00 +0000" "Hi" (("A" NIL "a" "example.org")) NIL NIL NIL NIL NIL '
    b'NIL "<7@example.org>") BODY[HEADER.FIELDS (X)] "")',
    b"* 1 FETCH (UID 7 BODY[]<0> {%d}\r\n%s)" % (len(_TEXT), _TEXT),
    b'* 1 FETCH (UID 7 BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 7 1))',
    b"* VANISHED 7:8",
    b"* VANISHED (EARLIER) 1:6",
    b"* SEARCH 7 8 9",
    b'* ESEARCH (TAG "S5") UID ALL 7:9',
    b'* STATUS "INBOX" (MESSAGES 3 UIDNEXT 10 UIDVALIDITY 5 HIGHESTMODSEQ 99)',
    b'* LIST (\\Sent) "/" "Sent"',
    b"* OK [UIDNEXT 10] x",
    b"* OK [ALERT] hi",
    b"* CAPABILITY IMAP4rev1 IDLE",
    b"* ENABLED QRESYNC",
    b"+ idling",
    b"* BYE bye",
)
_PIECES = (
    *(b"(", b")", b"[", b"]", b'"', b"NIL", b"{3}\r\n", b"\r\n", b"\x00", b"\xff"),
    *(b"99999999999999999999", b"-1", b"UID 0", b"BODY["),
)
_CAPABILITIES = (b"", b" IDLE", b" IDLE CONDSTORE ENABLE QRESYNC ESEARCH LIST-EXTENDED SPECIAL-USE")
_COMMANDS = ("EXAMINE", "IDLE", "UID", "FETCH", "STATUS", "LIST", "NOOP", "ENABLE", "")


def random_answers(seed: int) -> Sequence[tuple[str, Answer]]:
    """Return a script for `ImapServer`: a good login, and then nothing to rely on."""
    chance = random.Random(seed)
    capability = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN" + chance.choice(_CAPABILITIES)
    return [
        ("CAPABILITY", [capability, b"{tag} OK done"]),
        ("AUTHENTICATE", [b"+ ", b"<", b"{tag} OK in"]),
        *((command, _answer(command, chance)) for command in _COMMANDS),
    ]


def _answer(command: str, chance: random.Random) -> Answer:
    def answer(peer: ImapPeer, tag: str) -> None:
        _say_something(peer, chance)
        if command == "IDLE":
            peer.send(b"+ idling")
            _say_something(peer, chance)
            peer.read_line()
        elif command == "EXAMINE":
            peer.send(
                b"* %d EXISTS" % chance.choice([0, 1, 3, 3, 5_000, 10**9]),
                b"* OK [UIDVALIDITY %d] x" % chance.choice([0, 5, 5, 5, 6]),
                b"* OK [UIDNEXT %d] x" % chance.choice([0, 1, 10, 10, 1 << 32]),
                b"* OK [HIGHESTMODSEQ %d] x" % chance.choice([0, 50, 99]),
            )
        ending = chance.choice([b"OK done"] * 12 + [b"NO no", b"BAD no", b"OK [CAPABILITY X] y"])
        peer.send(tag.encode() + b" " + ending)

    return answer


def _say_something(peer: ImapPeer, chance: random.Random) -> None:
    for _ in range(chance.randrange(6)):
        peer.send(_bent(chance.choice(_TRUE), chance))


def _bent(line: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice([0, 0, 0, 1, 1, 2, 4])):
        at = chance.randrange(len(line) + 1)
        match chance.randrange(4):
            case 0:
                line = line[:at] + bytes([chance.randrange(256)]) + line[at + 1 :]
            case 1:
                line = line[:at] + chance.choice(_PIECES) + line[at:]
            case 2:
                line = line[:at] + line[at + chance.randrange(6) :]
            case _:
                line = line[:at] + line[max(0, at - 9) :]
    return line
