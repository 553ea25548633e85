"""Copies of attachments in the founder's own folders: nothing overwritten, their origin marked."""

import contextlib
import errno
import os
import shutil
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

from supportdesk.domain.errors import StoreError
from supportdesk.services.file_names import clean_file_name, numbered

_ORIGIN = "mailto:"
_MOST_NUMBERS = 1000
_INTERNET_ZONE = 3


def save_as(source: Path, target: Path, sender: str) -> Path:
    """Copy to exactly this place, which the founder chose and agreed to replace.

    Raises StoreError.
    """
    return _told(target.parent, lambda: _copy(source, target, sender, is_replacing=True))


def save_beside(source: Path, folder: Path, name: str, sender: str) -> Path:
    """Copy into a folder; a file of the same name stays: `invoice (2).pdf`. Raises StoreError."""

    def save() -> Path:
        clean = clean_file_name(name)
        for number in range(1, _MOST_NUMBERS):
            free = clean if number == 1 else numbered(clean, number)
            with contextlib.suppress(FileExistsError):
                return _copy(source, folder / free, sender, is_replacing=False)
        raise FileExistsError(errno.EEXIST, "there are too many files of that name")

    return _told(folder, save)


def _told(folder: Path, save: Callable[[], Path]) -> Path:
    try:
        return save()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreError("The disk is full", "Make room, then save the file again.") from error
        raise StoreError(
            f"The file cannot be saved in {folder}: {error.strerror or error}",
            "Choose another folder, or give this user the right to write there.",
        ) from error


def _copy(source: Path, target: Path, sender: str, *, is_replacing: bool) -> Path:
    """Write beside it first, so that a full disk or a crash leaves no half file of that name."""
    half = target.parent / f".supportdesk-{uuid.uuid4().hex}"
    try:
        with half.open("xb") as written, source.open("rb") as read:
            shutil.copyfileobj(read, written, 256 * 1024)
        mark_origin(half, f"{_ORIGIN}{sender}")
        if is_replacing:
            half.replace(target)
        else:
            _claim(half, target)
    finally:
        half.unlink(missing_ok=True)
    return target


def _claim(half: Path, target: Path) -> None:
    """Give it a name that is free; raises FileExistsError when it is not."""
    try:
        os.link(half, target)
    except FileExistsError:
        raise
    except OSError:
        # No hard links there (FAT, some network drives): take the name first, then fill it.
        target.touch(mode=0o600, exist_ok=False)
        half.replace(target)


def mark_origin(path: Path, origin: str) -> None:
    """Tell the desktop that a stranger sent this, where it has a way to know."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            zone = f"[ZoneTransfer]\r\nZoneId={_INTERNET_ZONE}\r\nReferrerUrl={origin}\r\n"
            Path(f"{path}:Zone.Identifier").write_text(zone, encoding="utf-8")
        elif sys.platform == "darwin":
            # 0083: asked for by the user, not yet approved; the date is optional.
            quarantine = f"0083;00000000;supportdesk;{uuid.uuid4()}".encode()
            _set_attribute_on_macos(path, b"com.apple.quarantine", quarantine)
        else:
            os.setxattr(path, "user.xdg.origin.url", origin.encode())


def _set_attribute_on_macos(path: Path, name: bytes, value: bytes) -> None:
    """Python has no setxattr there; the system's library does."""
    import ctypes  # nobody else here needs it

    library = ctypes.CDLL(None, use_errno=True)
    library.setxattr(os.fsencode(path), name, value, len(value), 0, 0)
