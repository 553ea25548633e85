"""The private folder of fetched attachments."""

import os
import stat
import sys
from pathlib import Path

import pytest

from supportdesk.adapters.attachment_store import COMING, AttachmentStore
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId

NAME = SourceName("Support")


@pytest.fixture
def store(tmp_path: Path) -> AttachmentStore:
    return AttachmentStore.beside(tmp_path / "mail.db")


def keep(store: AttachmentStore, number: int, name: str, size: int = 10) -> Path:
    message = MessageId(f"<{number}@x>")
    store.coming(NAME, message, "2").write_bytes(b"x" * size)
    return store.keep(NAME, message, "2", name)


def test_a_file_is_found_again_by_message_and_section(store: AttachmentStore) -> None:
    assert store.path_of(NAME, MessageId("<1@x>"), "2") is None
    path = keep(store, 1, "../../invoice.pdf")
    assert path.name == "invoice.pdf"
    assert store.path_of(NAME, MessageId("<1@x>"), "2") == path
    assert store.path_of(NAME, MessageId("<1@x>"), "3") is None
    assert store.path_of(SourceName("Sales"), MessageId("<1@x>"), "2") is None


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_it_is_private_and_for_reading(store: AttachmentStore, tmp_path: Path) -> None:
    path = keep(store, 1, "a.pdf")
    folders = (path.parent, tmp_path / "attachments")
    assert {stat.S_IMODE(one.stat().st_mode) for one in folders} == {0o700}
    assert stat.S_IMODE(path.stat().st_mode) == 0o400


@pytest.mark.skipif(sys.platform != "linux", reason="the mark of Linux")
def test_it_carries_the_mark_of_a_strangers_file(store: AttachmentStore, tmp_path: Path) -> None:
    try:
        os.setxattr(tmp_path, "user.probe", b"x")
    except OSError:
        assert keep(store, 1, "a.pdf").exists()  # a file system without marks is no error
        return
    assert os.getxattr(keep(store, 1, "a.pdf"), "user.xdg.origin.url") == b"mailto:"


def test_what_is_on_its_way_is_not_here(store: AttachmentStore) -> None:
    store.coming(NAME, MessageId("<1@x>"), "2").write_bytes(b"half")
    assert store.path_of(NAME, MessageId("<1@x>"), "2") is None
    store.discard(NAME, MessageId("<1@x>"), "2")
    assert store.size_bytes() == 0
    store.discard(NAME, MessageId("<1@x>"), "2")


def test_what_was_not_used_longest_goes_first(store: AttachmentStore, tmp_path: Path) -> None:
    paths = [keep(store, number, "a.pdf", 100) for number in range(4)]
    for age, path in enumerate(paths):
        os.utime(path.parent, (1_000_000 + age, 1_000_000 + age))
    coming = store.coming(NAME, MessageId("<9@x>"), "2")
    coming.write_bytes(b"x" * 100)
    os.utime(coming.parent, (1, 1))
    store.touch(paths[0])
    assert store.size_bytes() == 500
    assert store.prune(300) == 200
    assert [path.exists() for path in paths] == [True, False, False, True]
    assert coming.exists()
    assert store.prune(300) == 0
    assert store.prune(0) == 200
    assert [one.name for one in (tmp_path / "attachments").rglob("*") if one.is_file()] == [COMING]


def test_what_an_earlier_run_left_half_done_goes(store: AttachmentStore) -> None:
    coming = store.coming(NAME, MessageId("<1@x>"), "2")
    remnant = coming.with_name(".coming-1")
    remnant.write_bytes(b"half")
    assert store.path_of(NAME, MessageId("<1@x>"), "2") is None
    coming.write_bytes(b"whole")
    path = store.keep(NAME, MessageId("<1@x>"), "2", "a.pdf")
    assert [one.name for one in path.parent.iterdir()] == ["a.pdf"]
    other = store.coming(NAME, MessageId("<2@x>"), "2").with_name(".coming-1")
    other.write_bytes(b"half")
    assert store.prune(0) == 9
    assert not other.exists()


def test_without_a_folder_there_is_nothing(tmp_path: Path) -> None:
    store = AttachmentStore(tmp_path / "none")
    assert store.size_bytes() == 0
    assert store.prune(0) == 0


def test_names_no_text_can_hold_are_places_too(store: AttachmentStore) -> None:
    assert store.path_of(NAME, MessageId("<\ud83d@x>"), "2") is None
