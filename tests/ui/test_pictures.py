"""Pictures of strangers: five kinds, by what they are, within limits; all else is nothing."""

import struct
import zlib
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from supportdesk.picture_loader import PictureLoader
from supportdesk.ui.pictures import (
    MAX_PICTURE_BYTES,
    MAX_SIDE,
    decode_picture,
    read_picture,
)
from tests.fakes.pictures import encoded

GIF = (
    b"GIF89a\x02\x00\x01\x00\x80\x00\x00\xff\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x02\x00\x01\x00"
    b"\x00\x02\x02\x04\n\x00;"
)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9'/></svg>"


def png_that_claims(width: int, height: int) -> bytes:
    """A tiny file that wants much memory."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "bmp"])
def test_known_kinds(kind: str) -> None:
    image = decode_picture(encoded(kind, 40, 30))
    assert image is not None
    assert (image.width(), image.height()) == (40, 30)
    assert not image.hasAlphaChannel()


def test_the_first_frame_of_a_gif() -> None:
    image = decode_picture(GIF)
    assert image is not None
    assert (image.width(), image.height()) == (2, 1)


@pytest.mark.parametrize(("width", "height"), [(4000, 1000), (1000, 4000), (4000, 1), (2000, 2000)])
def test_large_ones_are_made_smaller(width: int, height: int) -> None:
    image = decode_picture(encoded("png", width, height))
    assert image is not None
    assert max(image.width(), image.height()) == MAX_SIDE
    assert min(image.width(), image.height()) >= 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"words",
        SVG,
        b"<?xml version='1.0'?>" + SVG,
        b"\x1f\x8b" + SVG,
        b"II*\x00" + b"\0" * 100,
        b"%PDF-1.4",
        b"/* XPM */ static char *a[] = {};",
        b"\x00\x00\x01\x00\x01\x00",
        b"GIF89a" + SVG,
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0" + b"\0" * 50,
        png_that_claims(60_000, 60_000),
        png_that_claims(0, 0),
        png_that_claims(2_000_000_000, 1),
        b"BM" + b"\xff" * 60,
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    ],
)
@pytest.mark.qt_log_ignore("JPEG", "libpng", "QImageIOHandler")
def test_what_is_doubtful_is_nothing(data: bytes) -> None:
    assert decode_picture(data) is None


@pytest.mark.qt_log_ignore("JPEG", "libpng")
def test_half_a_picture_is_nothing_or_bounded() -> None:
    whole = encoded("jpeg", 600, 400)
    image = decode_picture(whole[: len(whole) // 2])
    assert image is None or (image.width(), image.height()) == (600, 400)
    assert decode_picture(encoded("png", 9, 9)[:40]) is None


def test_too_many_bytes_are_not_decoded() -> None:
    assert decode_picture(encoded("png", 9, 9) + b"\0" * MAX_PICTURE_BYTES) is None


def test_files_of_the_cache(tmp_path: Path, qtbot: QtBot, qapp: QObject) -> None:
    path = tmp_path / "part"
    path.write_bytes(encoded("png", 7, 5))
    image = read_picture(str(path))
    assert image is not None
    assert image.width() == 7
    assert read_picture(str(tmp_path / "gone")) is None
    came: list[tuple[str, bool, str]] = []
    loader = PictureLoader(qapp)
    loader.read_file(
        "cid:a", str(path), lambda *told: came.append((told[0], bool(told[1]), told[2]))
    )
    loader.read_file("cid:b", "", lambda *told: came.append((told[0], bool(told[1]), told[2])))
    qtbot.waitUntil(lambda: len(came) == 2, timeout=30_000)
    assert sorted(came) == [
        ("cid:a", True, ""),
        ("cid:b", False, "It is no image that can be shown."),
    ]
