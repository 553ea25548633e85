"""Each part that we number is what a real server gives under that number, byte for byte."""

import imaplib
import re
from collections.abc import Iterator

import pytest

from supportdesk.adapters.mail.mime_tree import Part, parse_mime
from tests.adapters.decoding.test_decoding_set import CASES
from tests.lab.mail import PASSWORD, DovecotLab

pytestmark = pytest.mark.dovecot

_LITERAL = re.compile(rb"BODY\[([\d.]+)\] \{\d+\}$")
_EMPTY = re.compile(rb'BODY\[([\d.]+)\] (?:""|NIL)')
# Where this server reads a broken message in another way: its file cannot be had by itself, and
# the download says so. We still show the words.
_READ_DIFFERENTLY = {
    "empty line before the header",
    "no empty line after the header",
    "control characters",
    "multipart: boundary without an end quote",
    "multipart: no boundary named",
    "multipart: another boundary than the one named",
    "multipart: no empty line on the text",
    "multipart: words that look like a boundary",
    "multipart: nothing but a preamble",
    "multipart: a boundary that never comes",
    "nested: encoded against the rules",
}


@pytest.fixture
def client(dovecot_lab: DovecotLab) -> Iterator[imaplib.IMAP4]:
    address = dovecot_lab.new_address()
    client = imaplib.IMAP4("127.0.0.1", dovecot_lab.imap_port, timeout=60)
    try:
        client.login(address, PASSWORD)
        yield client
    finally:
        client.shutdown()


def test_parts_are_numbered_as_the_server_does(client: imaplib.IMAP4) -> None:
    for case in CASES:
        assert client.append("INBOX", "", "", case.raw)[0] == "OK", case.name
    assert client.select("INBOX", readonly=True)[0] == "OK"
    different: dict[str, str] = {}
    compared = 0
    for number, case in enumerate(CASES, 1):
        parts = {part.section: part for part in _numbered(parse_mime(_crlf(case.raw)).root)}
        given = _given(client, number, list(parts))
        for section, part in parts.items():
            compared += 1
            if given.get(section) != bytes(part.body):
                different[case.name] = f"{section}: {given.get(section)!r} != {bytes(part.body)!r}"
    assert compared > len(CASES)
    assert {name: why for name, why in different.items() if name not in _READ_DIFFERENTLY} == {}


def _crlf(raw: bytes) -> bytes:
    """As the server keeps it."""
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _numbered(root: Part) -> Iterator[Part]:
    return (part for part in root.walk_all() if part.section and not part.children)


def _given(client: imaplib.IMAP4, number: int, sections: list[str]) -> dict[str, bytes]:
    items = " ".join(f"BODY.PEEK[{section}]" for section in sections)
    status, answer = client.fetch(str(number), f"({items})")
    assert status == "OK"
    found: dict[str, bytes] = {}
    for piece in answer:
        head = piece[0] if isinstance(piece, tuple) else piece
        assert isinstance(head, bytes)
        found.update((one.decode(), b"") for one in _EMPTY.findall(head))
        if isinstance(piece, tuple) and (named := _LITERAL.search(head)):
            found[named[1].decode()] = piece[1]
    return found
