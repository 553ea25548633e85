"""Copies of what is attached to a draft: what is sent is what was there when it was attached.

A copy is named by the sha256 of its bytes, so that the same file attached twice lies here once. It
appears when all of it is on the disk.
"""

import hashlib
import mimetypes
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from supportdesk.domain.answers import DraftFile
from supportdesk.domain.errors import StoreError
from supportdesk.services.file_names import clean_file_name

_PIECE = 1 << 20
_UNKNOWN = "application/octet-stream"


def keep_file(path: Path, folder: Path) -> DraftFile:
    """Copy a file of the founder's. Raises StoreError."""
    try:
        with path.open("rb") as file:
            sha256, size = _copied(iter(lambda: file.read(_PIECE), b""), folder)
    except OSError as error:
        raise _not_attached(path.name, error) from error
    return _as_draft_file(path.name, sha256, size)


def keep_bytes(name: str, content: bytes, folder: Path) -> DraftFile:
    """Keep what was pasted. Raises StoreError."""
    try:
        sha256, size = _copied(iter((content,)), folder)
    except OSError as error:
        raise _not_attached(name, error) from error
    return _as_draft_file(name, sha256, size)


def _copied(pieces: Iterator[bytes], folder: Path) -> tuple[str, int]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    # Readable by nobody else from its first byte on.
    number, beside = tempfile.mkstemp(prefix=".attaching-", dir=folder)
    try:
        with os.fdopen(number, "wb") as copy:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                copy.write(piece)
            copy.flush()
            os.fsync(copy.fileno())
        Path(beside).replace(folder / digest.hexdigest())
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    return digest.hexdigest(), size


def _as_draft_file(name: str, sha256: str, size: int) -> DraftFile:
    kind, packed = mimetypes.guess_type(name)
    media_type = kind if kind is not None and packed is None else _UNKNOWN
    return DraftFile(
        name=clean_file_name(name), media_type=media_type, size_bytes=size, sha256=sha256
    )


def _not_attached(name: str, error: OSError) -> StoreError:
    return StoreError(
        f"{clean_file_name(name)} was not attached: {error.strerror or error}",
        "Look whether the file can be read and the disk has room, then attach it again.",
    )
