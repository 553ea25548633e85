"""Plain text of format=flowed (RFC 3676): lines that end in a space go on in the next."""

import re

_WIDTH = 76
_WORD = re.compile(r" *[^ ]+ *")
_SIGNATURE = "-- "


def flow(text: str) -> str:
    """Break long lines so that a reader can join them again; spaces at their ends are dropped."""
    return "\n".join(part for line in text.split("\n") for part in _flowed(line))


def _flowed(line: str) -> list[str]:
    content = line.lstrip(">")
    marks = line[: len(line) - len(content)]
    if content != _SIGNATURE:
        content = content.rstrip(" ")
    if marks:
        # One space after the marks is none of the text.
        return [_stuffed(marks, part) for part in _broken(content.removeprefix(" "), len(marks))]
    return [_stuffed("", part) for part in _broken(content, 0)]


def _stuffed(marks: str, part: str) -> str:
    """What a reader, or a mailbox of the old kind, would take for something else is moved in."""
    is_marked = bool(marks) and bool(part)
    return f"{marks} {part}" if is_marked or part.startswith((" ", "From ", ">")) else marks + part


def _broken(content: str, used: int) -> list[str]:
    parts = [""]
    for word in _WORD.findall(content):
        is_full = used + len(parts[-1]) + len(word.rstrip(" ")) >= _WIDTH
        # Two dashes alone would begin a signature, and a line with a mark is a quote.
        if is_full and parts[-1] not in ("", _SIGNATURE) and not word.startswith((" ", ">")):
            parts.append("")
        parts[-1] += word
    return parts


def unflow(text: str, *, is_space_deleted: bool) -> str:
    """Join what belongs together; quote depths are kept, and the signature is never joined.

    Attributes:
        is_space_deleted: DelSp=yes: the space is only a mark, as between Chinese letters.
    """
    lines: list[list[str]] = []
    open_depth: int | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        if not (depth == 0 and content.startswith(" >")):
            # Where the stuffed space keeps a line from looking like a quote, it stays.
            content = content.removeprefix(" ")
        goes_on = content.endswith(" ") and content != "-- "
        if goes_on and is_space_deleted:
            content = content[:-1]
        if open_depth == depth and content != "-- ":
            lines[-1].append(content)
        else:
            lines.append([f"{'>' * depth} " if depth else "", content])
        open_depth = depth if goes_on else None
    return "\n".join("".join(line) for line in lines)
