"""What the writers of a page have in common: words of strangers made fit for a file."""

import unicodedata
from collections.abc import Sequence

from supportdesk.domain.words_page import Passage

_REPLACED = "\ufffd"


def lines_of(words: str) -> list[str]:
    """The lines as they were said; of several empty ones, which say nothing, one is left."""
    lines: list[str] = []
    for line in words.strip().splitlines():
        stripped = _storable(line).strip()
        if stripped or (lines and lines[-1]):
            lines.append(stripped)
    return lines


def quoted(lines: Sequence[str], *, is_quote: bool) -> list[str]:
    """In quotation marks, where it is a quote."""
    if not is_quote or not lines:
        return list(lines)
    marked = [*lines]
    marked[0] = f"“{marked[0]}"
    marked[-1] = f"{marked[-1]}”"
    return marked


def source_of(passage: Passage) -> tuple[str, str]:
    """Whose words and where they were said, each on one line."""
    return one_line(passage.by), one_line(passage.about)


def one_line(text: str) -> str:
    return " ".join(_storable(" ".join(text.split())).split())


def _storable(line: str) -> str:
    return "".join(_sign(sign) for sign in line)


def _sign(sign: str) -> str:
    """No file holds half a surrogate pair, and no reader shows a control character."""
    match unicodedata.category(sign):
        case "Cs":
            return _REPLACED
        case "Cc":
            return "\t" if sign == "\t" else ""
        case _:
            return sign
