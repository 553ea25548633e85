"""Files of mail on a real Dovecot: in pieces, resumed, given up, found again; nothing is marked."""

import base64
import hashlib
import imaplib
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from supportdesk.adapters.attachment_store import AttachmentStore
from supportdesk.domain.events import MessageGone, MessagesArrived, PartFetched, PartProgressed
from supportdesk.domain.mail import MessageId, MessagePart, packed_section
from supportdesk.domain.settings import MailSettings, Security
from supportdesk.protocols.mailbox_sync import ListeningRules
from tests.adapters.decoding import tnef_writer as tnef
from tests.e2e.mail_account import NAME, Worker, client, letter, settings_for
from tests.lab.mail import DovecotLab
from tests.lab.waiting import LOOPBACK
from tests.lab.wire import RecordingProxy

pytestmark = pytest.mark.dovecot

OFTEN = ListeningRules(look_around_seconds=0.3)
LARGE = 50_000_000
FILM = MessagePart(name="harvest.mov", media_type="video/quicktime", size_bytes=LARGE, section="2")
HEAD = 'Content-Type: multipart/mixed; boundary="b"\r\nMIME-Version: 1.0\r\n'


def content(size: int) -> bytes:
    """Bytes that do not repeat, so that a piece in the wrong place is seen."""
    return b"".join(hashlib.sha256(b"%d" % at).digest() for at in range(size // 32 + 1))[:size]


def with_file(number: int | str, data: bytes, *, name: str = "harvest.mov") -> bytes:
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nSee the film.\r\n"
        f'--b\r\nContent-Type: video/quicktime; name="{name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
    )
    head = letter(number, headers=HEAD, body=body).removesuffix(b"\r\n")
    return head + encoded(data) + b"--b--\r\n"


def encoded(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def identity(number: int | str) -> MessageId:
    return MessageId(f"<{number}@example.org>")


def fetched(account: Worker) -> list[PartFetched]:
    return account.log.of(PartFetched)


def wait_for_file(account: Worker, count: int = 1) -> PartFetched:
    account.log.wait_for(lambda: len(fetched(account)) >= count, "the file", 60)
    return fetched(account)[-1]


@pytest.fixture
def address(dovecot_lab: DovecotLab) -> str:
    return dovecot_lab.new_address()


@pytest.fixture
def wire(dovecot_lab: DovecotLab) -> Iterator[RecordingProxy]:
    with RecordingProxy(dovecot_lab.imap_port) as proxy:
        yield proxy


@pytest.fixture
def colleague(dovecot_lab: DovecotLab, address: str) -> Iterator[imaplib.IMAP4_SSL]:
    link = client(dovecot_lab, address)
    yield link
    link.logout()


def over(wire: RecordingProxy, address: str) -> MailSettings:
    return MailSettings(
        name=NAME,
        address=address,
        host=LOOPBACK,
        port=wire.port,
        user=address,
        security=Security.NONE,
    )


def held_in_the_middle(account: Worker, wire: RecordingProxy) -> None:
    """Ask for the film and stop the link when a part of it is here."""
    account.worker.fetch_part(identity(1), FILM)
    account.log.wait_for(lambda: len(account.log.of(PartProgressed)) > 1, "the first pieces", 60)
    wire.hold()


def test_mail_is_told_while_a_large_file_comes_down(
    dovecot_lab: DovecotLab, address: str, wire: RecordingProxy, tmp_path: Path
) -> None:
    data = content(LARGE)
    dovecot_lab.deliver(with_file(1, data), to=address)
    with Worker(over(wire, address), tmp_path) as account:
        account.wait_until_listening()
        account.wait_for_messages(1)
        wire.forget()
        held_in_the_middle(account, wire)
        dovecot_lab.deliver(letter(2), to=address)
        wire.release()
        done = wait_for_file(account)
        account.wait_for_messages(2)
    events = account.log.events
    arrived = [one for one in events if isinstance(one, MessagesArrived)][-1]
    assert arrived.messages[0].subject == "Question 2"
    assert events.index(arrived) < events.index(done)
    path = Path(done.path)
    assert path.name == "harvest.mov"
    assert path.read_bytes() == data
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert {stat.S_IMODE(one.stat().st_mode) for one in path.parents[:2]} == {0o700}
    commands = [line for line in wire.client_lines() if "FETCH" in line and "BODY" in line]
    assert all("BODY.PEEK[" in line or "BODYSTRUCTURE" in line for line in commands)
    progress = account.log.of(PartProgressed)
    assert [one.done_bytes for one in progress] == sorted(one.done_bytes for one in progress)
    assert {one.total_bytes for one in progress} == {len(encoded(data)) - len("\r\n")}


def test_a_cut_link_goes_on_where_it_was(
    dovecot_lab: DovecotLab, address: str, wire: RecordingProxy, tmp_path: Path
) -> None:
    data = content(LARGE)
    dovecot_lab.deliver(with_file(1, data), to=address)
    with Worker(over(wire, address), tmp_path) as account:
        account.wait_until_listening()
        account.wait_for_messages(1)
        held_in_the_middle(account, wire)
        before = len(wire.server_bytes)
        wire.cut()
        wire.release()
        done = wait_for_file(account)
        assert Path(done.path).read_bytes() == data
        # The pieces of before did not come again.
        assert len(wire.server_bytes) < LARGE * 1.4 + before * 0.5
        offsets = [line for line in wire.client_lines() if "BODY.PEEK[2]<0." in line]
        assert len(offsets) == 1


def test_given_up_it_leaves_nothing(
    dovecot_lab: DovecotLab, address: str, wire: RecordingProxy, tmp_path: Path
) -> None:
    dovecot_lab.deliver(with_file(1, content(LARGE)), to=address)
    with Worker(over(wire, address), tmp_path) as account:
        account.wait_until_listening()
        account.wait_for_messages(1)
        held_in_the_middle(account, wire)
        account.worker.give_up_part(identity(1), "2")
        wire.release()
        done = wait_for_file(account)
        assert (done.path, done.problem) == ("", "")
        dovecot_lab.deliver(letter(2), to=address)
        account.wait_for_messages(2)
    assert len(fetched(account)) == 1
    assert AttachmentStore.beside(account.cache_path).size_bytes() == 0


def test_what_is_here_is_not_fetched_again(
    dovecot_lab: DovecotLab, address: str, wire: RecordingProxy, tmp_path: Path
) -> None:
    dovecot_lab.deliver(with_file(1, b"film"), to=address)
    settings = over(wire, address)
    with Worker(settings, tmp_path) as account:
        account.wait_for_messages(1)
        account.worker.fetch_part(identity(1), FILM)
        first = wait_for_file(account)
    wire.refuse()
    with Worker(settings, tmp_path) as account:
        account.worker.fetch_part(identity(1), FILM)
        assert wait_for_file(account).path == first.path
        other = MessagePart(name="a", media_type="a/b", size_bytes=1, section="1")
        account.worker.fetch_part(identity(1), other)
        assert wait_for_file(account, 2).problem
    assert Path(first.path).read_bytes() == b"film"
    assert AttachmentStore.beside(account.cache_path).path_of(NAME, identity(1), "2") == Path(
        first.path
    )


def test_a_file_of_a_mail_that_was_moved(
    dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL, tmp_path: Path
) -> None:
    colleague.create("Done")
    dovecot_lab.deliver(with_file(1, b"film" * 1000), to=address)
    settings = settings_for(dovecot_lab, address, also_watch=("Done",))
    with Worker(settings, tmp_path, rules=OFTEN) as account:
        account.wait_until_listening()
        account.wait_for_messages(1)
        colleague.select("INBOX")
        colleague.copy("1", "Done")
        colleague.store("1", "+FLAGS", "\\Deleted")
        colleague.expunge()
        account.worker.fetch_part(identity(1), FILM)
        done = wait_for_file(account)
    assert done.problem == ""
    assert Path(done.path).read_bytes() == b"film" * 1000


def test_a_file_of_a_mail_that_is_gone(
    dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL, tmp_path: Path
) -> None:
    dovecot_lab.deliver(with_file(1, b"film"), to=address)
    with Worker(settings_for(dovecot_lab, address), tmp_path) as account:
        account.wait_until_listening()
        account.wait_for_messages(1)
        colleague.select("INBOX")
        colleague.store("1", "+FLAGS", "\\Deleted")
        colleague.expunge()
        account.worker.fetch_part(identity(1), FILM)
        done = wait_for_file(account)
        assert "left the mailbox" in done.problem
        account.log.wait_for(lambda: bool(account.log.of(MessageGone)), "that it is gone")


def test_a_part_that_is_none(dovecot_lab: DovecotLab, address: str, tmp_path: Path) -> None:
    dovecot_lab.deliver(with_file(1, b"film"), to=address)
    with Worker(settings_for(dovecot_lab, address), tmp_path) as account:
        account.wait_for_messages(1)
        for number, section in enumerate(("9", "", "1] BODY[2", "2.1.1")):
            part = MessagePart(name="x", media_type="a/b", size_bytes=1, section=section)
            account.worker.fetch_part(identity(1), part)
            assert "cannot give this file" in wait_for_file(account, number + 1).problem


PEAK = """
import re, sys
from pathlib import Path
from tests.e2e.test_attachments import FILM, Worker, identity, over_port, wait_for_file

def status(name):
    return int(re.search(name + r":\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

with Worker(over_port(int(sys.argv[1]), sys.argv[2]), Path(sys.argv[3])) as account:
    account.wait_until_listening()
    account.wait_for_messages(1)
    account.worker.check_now()
    before = status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak of before
    account.worker.fetch_part(identity(1), FILM)
    assert wait_for_file(account).path
    print(status("VmHWM") - before)
"""


def over_port(port: int, address: str) -> MailSettings:
    return MailSettings(
        name=NAME,
        address=address,
        host=LOOPBACK,
        port=port,
        user=address,
        security=Security.NONE,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="measured by /proc")
def test_a_large_file_costs_little_memory(
    dovecot_lab: DovecotLab, address: str, tmp_path: Path
) -> None:
    dovecot_lab.deliver(with_file(1, content(LARGE)), to=address)
    found = subprocess.run(
        [sys.executable, "-c", PEAK, str(dovecot_lab.imap_port), address, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert int(found.stdout.split()[-1]) < 5_000, "kB"


def test_a_file_of_our_own_answer(
    dovecot_lab: DovecotLab, address: str, colleague: imaplib.IMAP4_SSL, tmp_path: Path
) -> None:
    """It lies in Sent, which is visited for a second at a time: new mail is told meanwhile."""
    data = content(20_000_000)
    colleague.create("Sent")
    colleague.append("Sent", "", "", with_file(1, data))
    with Worker(settings_for(dovecot_lab, address), tmp_path) as account:
        account.wait_until_listening()
        account.wait_for_messages(1)
        account.worker.fetch_part(identity(1), FILM)
        dovecot_lab.deliver(letter(2), to=address)
        done = wait_for_file(account)
        account.wait_for_messages(2)
    assert Path(done.path).read_bytes() == data


def test_a_file_out_of_a_winmail(dovecot_lab: DovecotLab, address: str, tmp_path: Path) -> None:
    packed = tnef.winmail(tnef.file("a.pdf", b"%PDF one"), tnef.file("a.pdf", b"%PDF the other"))
    dovecot_lab.deliver(with_file(1, packed, name="winmail.dat"), to=address)
    outer = replace(FILM, name="winmail.dat")
    with Worker(settings_for(dovecot_lab, address), tmp_path) as account:
        account.wait_for_messages(1)
        for number, (name, data) in enumerate(
            (("a.pdf", b"%PDF one"), ("a.pdf", b"%PDF the other"))
        ):
            inner = MessagePart(name=name, media_type="a/b", size_bytes=len(data))
            part = replace(inner, section=packed_section(outer, inner))
            account.worker.fetch_part(identity(1), part)
            done = wait_for_file(account, number + 1)
            assert (Path(done.path).name, Path(done.path).read_bytes()) == (name, data)
        none = MessagePart(name="none", media_type="a/b", size_bytes=77)
        account.worker.fetch_part(identity(1), replace(none, section=packed_section(outer, none)))
        assert "could not be taken out" in wait_for_file(account, 3).problem
