"""Copies of what is attached: named by their bytes, whole or not there."""

import os
import stat
from pathlib import Path

import pytest

from supportdesk.adapters.attached_files import keep_bytes, keep_file
from supportdesk.domain.errors import StoreError


def test_a_copy_is_named_by_its_bytes_and_readable_by_us_alone(tmp_path: Path) -> None:
    file = tmp_path / "order list.pdf"
    file.write_bytes(b"%PDF" + bytes(3_000_000))
    folder = tmp_path / "outgoing" / "files"
    kept = keep_file(file, folder)
    assert (kept.name, kept.media_type) == ("order list.pdf", "application/pdf")
    assert kept.size_bytes == 3_000_004
    copy = folder / kept.sha256
    assert copy.read_bytes() == file.read_bytes()
    if os.name != "nt":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert keep_file(file, folder) == kept
    assert [one.name for one in folder.iterdir()] == [kept.sha256]


def test_what_changes_later_is_sent_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("first")
    kept = keep_file(file, tmp_path / "files")
    file.write_text("second")
    assert (tmp_path / "files" / kept.sha256).read_text() == "first"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.tar.gz", "application/octet-stream"),
        ("a", "application/octet-stream"),
        ("a.png", "image/png"),
    ],
)
def test_its_type_is_told_by_its_name(tmp_path: Path, name: str, media_type: str) -> None:
    assert keep_bytes(name, b"x", tmp_path).media_type == media_type


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    assert keep_bytes("nothing.txt", b"", tmp_path).size_bytes == 0


def test_a_name_with_line_ends_is_cleaned(tmp_path: Path) -> None:
    kept = keep_bytes("a\r\nBcc: x@example.com\u202egpj.exe", b"x", tmp_path)
    assert "\n" not in kept.name
    assert "\u202e" not in kept.name


def test_what_is_not_there_is_said_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as told:
        keep_file(tmp_path / "gone.pdf", tmp_path / "files")
    assert "gone.pdf was not attached" in told.value.title


def test_a_disk_that_takes_nothing_leaves_no_part(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file in place of the folder")
    with pytest.raises(StoreError):
        keep_bytes("a.txt", b"x", tmp_path / "files")


def test_a_copy_that_breaks_off_leaves_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", is_full)
    with pytest.raises(StoreError, match="No space left"):
        keep_bytes("a.txt", b"x", tmp_path / "files")
    assert list((tmp_path / "files").iterdir()) == []
