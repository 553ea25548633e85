"""What is in a file that came by mail, for services/file_danger; reads a little, runs nothing."""

import struct
import zipfile
from pathlib import Path

from supportdesk.services.file_danger import FileFacts

_HEAD = 4096
_SCAN = 8 * 1024 * 1024
_MAX_MEMBERS = 10_000
_MAX_DIRECTORY = 4 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A stream that only a document with macros has; OLE keeps its names in UTF-16.
_OLE_MACROS = ("_VBA_PROJECT".encode("utf-16-le"),)
_RTF_OBJECTS = (b"\\objdata", b"\\objocx", b"\\objautlink")
_ZIP_MACROS = ("vbaproject.bin", "/basic/", "basic/script", "xl/macrosheets/", "/scripts/")
_END_OF_DIRECTORY = b"PK\x05\x06"


def inspect_file(path: Path) -> FileFacts:
    """Read the first bytes, and for archives and documents the names in them. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if head.startswith((b"PK\x03\x04", _END_OF_DIRECTORY)):
            return _inspect_zip(path, head)
        if head.startswith((_OLE, b"{\\rtf")):
            content = head + file.read(_SCAN)
            marks = _OLE_MACROS if head.startswith(_OLE) else _RTF_OBJECTS
            return FileFacts(head=head, has_macros=any(mark in content for mark in marks))
    return FileFacts(head=head)


def _inspect_zip(path: Path, head: bytes) -> FileFacts:
    if not _is_directory_small(path):
        return FileFacts(head=head)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error):
        return FileFacts(head=head)
    names = tuple(one.filename for one in members)
    lower = [f"/{name.lower()}" for name in names]
    return FileFacts(
        head=head,
        members=names,
        has_macros=any(mark in name for name in lower for mark in _ZIP_MACROS),
        is_locked=any(one.flag_bits & 1 for one in members),
    )


def _is_directory_small(path: Path) -> bool:
    """A directory of a million names is read by nobody, least of all by us."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        tail = file.read()
    at = tail.rfind(_END_OF_DIRECTORY)
    if at < 0 or len(tail) - at < 22:
        return False
    count, directory_bytes = struct.unpack_from("<HI", tail, at + 10)
    return bool(count <= _MAX_MEMBERS and directory_bytes <= _MAX_DIRECTORY)
