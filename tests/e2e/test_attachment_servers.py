"""Files of mail on four kinds of server: each gives the same bytes, and keeps no trace of it."""

import base64
from pathlib import Path

from supportdesk.domain.mail import MessagePart
from tests.e2e.mail_account import letter
from tests.e2e.mail_servers import Office
from tests.e2e.test_attachments import HEAD, content, identity, wait_for_file, with_file

SIZE = 3_000_000


def part(section: str, name: str = "a.bin") -> MessagePart:
    return MessagePart(name=name, media_type="a/b", size_bytes=SIZE, section=section)


def test_the_same_bytes_from_each_server(office: Office) -> None:
    data = content(SIZE)
    alone = letter(
        2,
        headers="Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n",
        body=base64.encodebytes(b"picture").decode(),
    )
    quoted = letter(
        3,
        headers=HEAD,
        body="--b\r\n\r\nhello\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        + "Caf=C3=A9;=\r\n1\r\n" * 50_000
        + "--b--",
    )
    office.deliver(with_file(1, data), alone, quoted)
    with office.worker() as account:
        account.wait_until_listening()
        account.wait_for_messages(3, 60)
        account.worker.fetch_part(identity(1), part("2"))
        assert Path(wait_for_file(account).path).read_bytes() == data
        account.worker.fetch_part(identity(2), part("1"))
        assert Path(wait_for_file(account, 2).path).read_bytes() == b"picture"
        account.worker.fetch_part(identity(3), part("2"))
        table = Path(wait_for_file(account, 3).path).read_bytes()
        # pymap counts the line end before a boundary to the part.
        assert table.rstrip() == ("Café;1\r\n" * 50_000).encode().rstrip()
        account.worker.fetch_part(identity(1), part("7"))
        assert wait_for_file(account, 4).problem
        office.deliver(letter(4))
        account.wait_for_messages(4, 60)
    commands = [line.upper() for line in office.proxy.client_lines()]
    assert not any(" STORE " in line or " SELECT " in line for line in commands)
    assert all("BODY.PEEK[" in line for line in commands if "BODY[" in line.replace(".PEEK", ""))
