"""Large mail on real servers reads as if it were small: words at once, attachments by name."""

import base64
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from supportdesk.adapters.mail.message_reader import read_message
from supportdesk.adapters.storage.mail_cache_reader import MailCacheReader
from supportdesk.domain.events import MessageTextFetched
from supportdesk.domain.mail import MessagePart, MessageText
from supportdesk.domain.settings import MailSettings, Security
from tests.e2e.mail_account import NAME, Worker, letter
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.pymap import PymapLab
from tests.lab.waiting import LOOPBACK
from tests.lab.wire import RecordingProxy

PLAIN = 'Content-Type: text/plain; charset="iso-8859-1"\r\n\r\nCaf\xe9 au lait, see the film.'
HTML = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + (
    base64.b64encode("<p>Žluťoučký <b>kůň</b> <img src='cid:logo@x'></p>".encode()).decode()
)
LOGO = (
    "Content-Type: image/png\r\nContent-ID: <logo@x>\r\nContent-Disposition: inline\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(bytes(9000)).decode()
)
INVITATION = (
    "Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n\r\n"
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@x\r\n"
    "SUMMARY:Tasting\r\nDTSTART:20261201T100000Z\r\nDTEND:20261201T110000Z\r\n"
    "ORGANIZER:mailto:ann@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def film(size: int, name: str) -> str:
    data = base64.encodebytes(random.Random(size).randbytes(size)).decode()
    return (
        f"Content-Type: video/quicktime; {name}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment; {name.replace('name', 'filename')}\r\n\r\n"
        + data.replace("\n", "\r\n")
    )


FILM = film(400_000, 'name="harvest \\"2026\\".mov"')
LONG_NAME = film(400_000, "name*0*=utf-8''%C3%BA%C4%8D; name*1*=et%20a.mov")


def mixed(kind: str, *parts: str) -> str:
    boundary = f"b{abs(hash((kind, *parts)))}"
    inner = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n{inner}--{boundary}--'


def forwarded(part: str) -> str:
    head = (
        "From: Bob <bob@example.org>\r\nTo: ann@example.org\r\nSubject: The first order\r\n"
        "Date: Fri, 20 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    )
    return f"Content-Type: message/rfc822\r\n\r\n{head}{part}"


def message(number: int, part: str) -> bytes:
    head, _, body = part.partition("\r\n\r\n")
    plain = letter(number, headers=f"{head}\r\nMIME-Version: 1.0\r\n", body="BODY").decode()
    return plain.replace("BODY", body).encode("latin-1", "replace")


SAMPLES = {
    "one file": mixed("mixed", PLAIN, FILM),
    "both forms": mixed("mixed", mixed("alternative", PLAIN, HTML), FILM, LONG_NAME),
    "a picture in it": mixed("mixed", mixed("related", HTML, LOGO), FILM),
    "words after the film": mixed("mixed", PLAIN, FILM, PLAIN.replace("film", "end")),
    "an invitation": mixed("mixed", mixed("alternative", PLAIN, INVITATION), FILM),
    "a small message in it": mixed("mixed", PLAIN, forwarded(PLAIN), FILM),
    "a large message in it": mixed("mixed", PLAIN, forwarded(mixed("mixed", PLAIN, FILM)), LOGO),
    "a single large one": mixed("mixed", forwarded(mixed("alternative", PLAIN, HTML)), FILM),
    "a film alone": FILM,
    "signed": mixed(
        "signed", mixed("mixed", PLAIN, FILM), "Content-Type: application/pgp-signature\r\n\r\nx"
    ),
}


def over(port: int, user: str) -> MailSettings:
    return MailSettings(
        name=NAME,
        address="support@lab.test",
        host=LOOPBACK,
        port=port,
        user=user,
        security=Security.NONE,
    )


def text_of(account: Worker, number: int) -> MessageText:
    message_id = next(
        one.message_id for one in account.log.arrived if one.subject == f"Question {number}"
    )
    account.worker.fetch_text(message_id)

    def told() -> list[MessageTextFetched]:
        return [one for one in account.log.of(MessageTextFetched) if one.message_id == message_id]

    account.log.wait_for(lambda: bool(told()), "the text", 60)
    text = told()[-1].text
    assert text is not None
    return text


def bare(parts: tuple[MessagePart, ...]) -> list[tuple[str, str, str, str, bool]]:
    return [(one.name, one.media_type, one.section, one.content_id, one.is_inline) for one in parts]


def squeezed(text: str) -> str:
    """Without empty lines: pymap counts the line end before a boundary to the part."""
    return re.sub(r"\n+", "\n", text)


def check_alike(account: Worker, raw: bytes, number: int, of: Callable[[str], str] = str) -> None:
    """What was read in parts is what the whole message says."""
    found = text_of(account, number)
    known = next(one for one in account.log.arrived if one.subject == f"Question {number}")
    whole = read_message(raw, known).text
    assert (of(found.text), found.quoted) == (of(whole.text), whole.quoted)
    assert of(found.html or "") == of(whole.html or "")
    assert bare(found.parts) == bare(whole.parts)
    assert of(repr(found.cards)) == of(repr(whole.cards))
    assert found.notices == whole.notices
    for one, true in zip(found.parts, whole.parts, strict=True):
        assert abs(one.size_bytes - true.size_bytes) <= true.size_bytes // 50 + 100, one.name


@pytest.fixture
def wire(dovecot_lab: DovecotLab) -> Iterator[RecordingProxy]:
    with RecordingProxy(dovecot_lab.imap_port) as proxy:
        yield proxy


@pytest.mark.dovecot
def test_large_mail_reads_like_the_whole_of_it(
    dovecot_lab: DovecotLab, wire: RecordingProxy, tmp_path: Path
) -> None:
    address = dovecot_lab.new_address()
    raws = [message(number, part) for number, part in enumerate(SAMPLES.values())]
    dovecot_lab.deliver(*raws, to=address)
    with Worker(over(wire.port, address), tmp_path) as account:
        account.wait_for_messages(len(raws))
        for number, raw in enumerate(raws):
            check_alike(account, raw, number)
    # Of all the films nothing came but small parts.
    assert len(wire.server_bytes) < 400_000
    assert "BODY[" not in wire.client_bytes.decode().replace("BODY.PEEK[", "")


@pytest.mark.dovecot
def test_fifty_megabytes_open_at_once_and_are_kept(
    dovecot_lab: DovecotLab, wire: RecordingProxy, tmp_path: Path
) -> None:
    address = dovecot_lab.new_address()
    raw = message(1, mixed("mixed", PLAIN, film(50_000_000, 'name="harvest.mov"')))
    dovecot_lab.deliver(raw, to=address)
    with Worker(over(wire.port, address), tmp_path) as account:
        account.wait_for_messages(1)
        text = text_of(account, 1)
        assert len(wire.server_bytes) < 20_000
    assert text.text == "Café au lait, see the film."
    assert [one.name for one in text.parts] == ["harvest.mov"]
    assert text.parts[0].size_bytes == pytest.approx(50_000_000, rel=0.001)
    assert text.notices == ()
    cache = MailCacheReader(account.cache_path)
    kept = cache.text(NAME, text.message_id)
    cache.close()
    assert kept == text


@pytest.mark.dovecot
def test_words_beyond_the_limit_are_cut_and_said(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    address = dovecot_lab.new_address()
    endless = f"Content-Type: text/plain\r\n\r\n{'All work and no play. ' * 4 + chr(13) + chr(10)}"
    long = endless + ("Where is my order?\r\n" * 300_000)
    dovecot_lab.deliver(message(1, mixed("mixed", long, FILM)), to=address)
    with Worker(over(dovecot_lab.imap_port, address), tmp_path) as account:
        account.wait_for_messages(1)
        text = text_of(account, 1)
    assert text.text.startswith("All work")
    assert any("only its beginning" in notice for notice in text.notices)
    assert [one.section for one in text.parts] == ["2"]


@pytest.mark.dovecot
def test_thousands_of_parts_are_read_as_far_as_they_go(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    address = dovecot_lab.new_address()
    small = "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA"
    raw = message(1, mixed("mixed", PLAIN, *[small] * 20_000))
    dovecot_lab.deliver(raw, to=address)
    with Worker(over(dovecot_lab.imap_port, address), tmp_path) as account:
        account.wait_for_messages(1)
        text = text_of(account, 1)
        check_alike(account, raw, 1)
    assert text.text == "Café au lait, see the film."
    assert any("too many parts" in notice for notice in text.notices)


def test_pymap_reads_like_dovecot(tmp_path: Path) -> None:
    raws = [message(number, part) for number, part in enumerate(SAMPLES.values())]
    with PymapLab() as lab:
        lab.deliver(*raws, to=lab.new_address())
        with Worker(over(lab.imap_port, lab.new_address()), tmp_path, secret=PASSWORD) as account:
            account.wait_for_messages(len(raws))
            for number, raw in enumerate(raws):
                check_alike(account, raw, number, squeezed)
