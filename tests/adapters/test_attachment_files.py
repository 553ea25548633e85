"""Attachments saved into folders of the founder."""

import os
import stat
import sys
from pathlib import Path

import pytest

from supportdesk.adapters.attachment_files import save_as, save_beside
from supportdesk.domain.errors import StoreError

SENDER = "ann@example.org"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    kept = tmp_path / "kept"
    kept.mkdir()
    path = kept / "invoice.pdf"
    path.write_bytes(b"%PDF-1.7")
    path.chmod(0o400)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "Downloads"
    folder.mkdir()
    return folder


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_nothing_is_overwritten(source: Path, folder: Path) -> None:
    (folder / "invoice.pdf").write_bytes(b"mine")
    saved = [save_beside(source, folder, "../invoice.pdf", SENDER) for _ in range(2)]
    assert names(folder) == ["invoice (2).pdf", "invoice (3).pdf", "invoice.pdf"]
    assert [one.read_bytes() for one in saved] == [b"%PDF-1.7"] * 2
    assert (folder / "invoice.pdf").read_bytes() == b"mine"


def test_a_link_in_the_way_is_not_followed(source: Path, folder: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    (folder / "invoice.pdf").symlink_to(precious)
    save_beside(source, folder, "invoice.pdf", SENDER)
    save_as(source, folder / "invoice.pdf", SENDER)
    assert precious.read_bytes() == b"mine"
    assert names(folder) == ["invoice (2).pdf", "invoice.pdf"]


def test_what_the_founder_agreed_to_replace_is_replaced(source: Path, folder: Path) -> None:
    target = folder / "mine.pdf"
    target.write_bytes(b"old")
    assert save_as(source, target, SENDER) == target
    assert target.read_bytes() == b"%PDF-1.7"
    assert names(folder) == ["mine.pdf"]


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_the_copy_belongs_to_the_founder_and_never_runs(source: Path, folder: Path) -> None:
    mode = stat.S_IMODE(save_beside(source, folder, "a.pdf", SENDER).stat().st_mode)
    assert mode & 0o600 == 0o600
    assert not mode & 0o111


@pytest.mark.skipif(sys.platform != "linux", reason="the mark of Linux")
def test_the_copy_says_where_it_came_from(source: Path, folder: Path) -> None:
    try:
        os.setxattr(folder, "user.probe", b"x")
    except OSError:
        saved = save_beside(source, folder, "a.pdf", SENDER)
        assert saved.exists()  # a file system without marks is no error
        return
    saved = save_beside(source, folder, "a.pdf", SENDER)
    assert os.getxattr(saved, "user.xdg.origin.url") == b"mailto:ann@example.org"


def test_what_cannot_be_saved_is_said(source: Path, folder: Path) -> None:
    with pytest.raises(StoreError, match="cannot be saved in"):
        save_beside(source, folder / "none", "a.pdf", SENDER)
    with pytest.raises(StoreError, match="cannot be saved in"):
        save_as(folder / "not here", folder / "a.pdf", SENDER)
    assert names(folder) == []


def test_a_thousand_of_one_name_are_enough(source: Path, folder: Path) -> None:
    (folder / "a.pdf").touch()
    for number in range(2, 1000):
        (folder / f"a ({number}).pdf").touch()
    with pytest.raises(StoreError, match="too many files"):
        save_beside(source, folder, "a.pdf", SENDER)
