"""Files taken out of a winmail.dat."""

from pathlib import Path

import pytest

from supportdesk.adapters.mail.part_unpacking import MOST_BYTES, unpack_file
from supportdesk.adapters.mail.tnef import read_tnef
from supportdesk.domain.mail import MessagePart
from tests.adapters.decoding import tnef_writer as tnef

UNNAMED = tnef.attribute(2, 0x00069002, b"\1\0" + b"\0" * 12) + tnef.attribute(
    2, 0x0006800F, b"no name"
)
INNER = tnef.winmail(tnef.file("deep.txt", b"deep down"))


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(
        tnef.winmail(
            tnef.file("../a.pdf", b"%PDF one"),
            tnef.file("a.pdf", b"%PDF the other"),
            tnef.message("Forwarded", INNER),
            UNNAMED,
        )
    )
    return path


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"%PDF one"),
        ("a.pdf", b"%PDF the other"),
        ("deep.txt", b"deep down"),
        ("attachment 4", b"no name"),
    ],
)
def test_a_file_is_found_by_name_and_size(packed: Path, name: str, data: bytes) -> None:
    assert read_tnef(packed.read_bytes()) is not None
    part = MessagePart(name=name, media_type="a/b", size_bytes=len(data))
    assert unpack_file(packed, part)
    assert packed.read_bytes() == data


def test_what_is_not_in_it_is_not_found(packed: Path) -> None:
    before = packed.read_bytes()
    assert not unpack_file(packed, MessagePart(name="x", media_type="a/b", size_bytes=999))
    assert packed.read_bytes() == before
    packed.write_bytes(b"no winmail")
    assert not unpack_file(packed, MessagePart(name="x", media_type="a/b", size_bytes=999))


def test_what_is_too_large_is_not_read(packed: Path) -> None:
    with packed.open("r+b") as file:
        file.truncate(MOST_BYTES + 1)
    assert not unpack_file(packed, MessagePart(name="a.pdf", media_type="a/b", size_bytes=8))
