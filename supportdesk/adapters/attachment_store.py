"""Attachments that were fetched: one private folder, one folder in it for each file.

`attachments/<32 hex digits>/<clean name>`; while it is on its way the file is called `.coming-PID`.
The digits stand for account, message and section, so that the same file is found again and never
fetched twice. The folder is a cache: it may be deleted at any time, and whole subfolders are
removed when it grows too large, those longest not used first.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId
from supportdesk.services.file_names import clean_file_name

FOLDER_NAME = "attachments"
# Of this run: what an earlier one left half done is a remnant like any other.
COMING = f".coming-{os.getpid()}"
_READ_ONLY = 0o400
_ORIGIN = "mailto:"


class AttachmentStore:
    """Keeps nothing in memory: any number of them may work on one folder, from any thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def beside(cls, mail_db: Path) -> "AttachmentStore":
        """The one that belongs to this mail.db: both are caches of the same mailboxes."""
        return cls(mail_db.parent / FOLDER_NAME)

    def path_of(self, account: SourceName, message_id: MessageId, section: str) -> Path | None:
        """Where the file is, if it is here; None when it has to be fetched."""
        place = self._place(account, message_id, section)
        try:
            whole = sorted(path for path in place.iterdir() if path.name[0] != ".")
        except OSError:
            return None
        return whole[0] if whole else None

    def folder_of(self, account: SourceName, message_id: MessageId, section: str) -> Path:
        """Where the file lies or would lie."""
        return self._place(account, message_id, section)

    def folders(self) -> Iterator[Path]:
        """Those of all files, also of such that are on their way."""
        return self._places()

    def coming(self, account: SourceName, message_id: MessageId, section: str) -> Path:
        """Where a file on its way is written. Raises OSError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = self._place(account, message_id, section)
        place.mkdir(mode=0o700, exist_ok=True)
        return place / COMING

    def keep(self, account: SourceName, message_id: MessageId, section: str, name: str) -> Path:
        """The file is whole: give it its name, for reading only. Raises OSError."""
        place = self._place(account, message_id, section)
        coming, kept = place / COMING, place / clean_file_name(name)
        # Office opens what a stranger sent in its protected view only if it is told so.
        # Saving files is for a window: 0.2 MB that a quiet tray does without.
        from supportdesk.adapters.attachment_files import mark_origin

        mark_origin(coming, _ORIGIN)
        coming.chmod(_READ_ONLY)
        coming.replace(kept)
        for remnant in place.glob(".coming-*"):
            remnant.unlink(missing_ok=True)
        return kept

    def touch(self, path: Path) -> None:
        """It was used: it is among the last to be removed."""
        os.utime(path.parent)

    def discard(self, account: SourceName, message_id: MessageId, section: str) -> None:
        """Forget a file that was not to be had whole."""
        _remove(self._place(account, message_id, section))

    def size_bytes(self) -> int:
        """What all of them take on the disk."""
        return sum(_size(place) for place in self._places())

    def prune(self, keep_bytes: int) -> int:
        """Remove files, longest not used first, until the rest is no larger; return what went.

        What is on its way stays.
        """
        places = sorted(self._places(), key=_used_at)
        sizes = {place: _size(place) for place in places}
        total, removed = sum(sizes.values()), 0
        for place in places:
            if total - removed <= keep_bytes:
                break
            if (place / COMING).exists():
                continue
            _remove(place)
            removed += sizes[place]
        return removed

    def _places(self) -> Iterator[Path]:
        try:
            with os.scandir(self.folder) as found:
                yield from [Path(one.path) for one in found if one.is_dir(follow_symlinks=False)]
        except OSError:
            return

    def _place(self, account: SourceName, message_id: MessageId, section: str) -> Path:
        identity = "\0".join((account, message_id, section)).encode("utf-8", "surrogatepass")
        return self.folder / hashlib.sha256(identity).hexdigest()[:32]


def _remove(place: Path) -> None:
    # Windows deletes nothing that is for reading only.
    with contextlib.suppress(OSError):
        for file in place.iterdir():
            file.chmod(0o600)
    shutil.rmtree(place, ignore_errors=True)


def _size(place: Path) -> int:
    total = 0
    try:
        with os.scandir(place) as files:
            for file in files:
                total += file.stat(follow_symlinks=False).st_size
    except OSError:
        pass
    return total


def _used_at(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except OSError:
        return 0.0
