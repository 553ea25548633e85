"""Files inside of a plain text, between `begin 644 name` and `end`, as was done before MIME."""

import re
from dataclasses import dataclass

from supportdesk.adapters.mail.mime_values import safe_file_name

MAX_FILES = 20

_BEGIN = re.compile(r"^begin [0-7]{3,4} (\S[^\n]{0,200})\n", re.MULTILINE)
_LINES = re.compile(r"(?:[!-M][!-`]{4,84} ?\n|[ `]?\n)*end[ \t]*(?:\n|\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class UuencodedFile:
    """A file by its name and size."""

    name: str
    size_bytes: int


def take_uuencoded(text: str) -> tuple[str, tuple[UuencodedFile, ...]]:
    """Take the files out of a text; what only looks like one stays."""
    if "\nend" not in text:
        return text, ()
    text = text.replace("\r\n", "\n")
    kept: list[str] = []
    files: list[UuencodedFile] = []
    position = 0
    for begin in _BEGIN.finditer(text):
        lines = _LINES.match(text, begin.end()) if begin.start() >= position else None
        if lines is None or len(files) >= MAX_FILES:
            continue
        kept.append(text[position : begin.start()])
        # The first letter of each line says how many bytes it holds.
        size = sum((ord(line[0]) - 32) % 64 for line in lines[0].split("\n")[:-2] if line)
        files.append(UuencodedFile(name=safe_file_name(begin[1]) or "file", size_bytes=size))
        position = lines.end()
    kept.append(text[position:])
    return "".join(kept), tuple(files)
