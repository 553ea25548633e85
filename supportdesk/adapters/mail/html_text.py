"""The words of an HTML mail as plain text."""

import html
import re

from supportdesk.adapters.mail.html_cleaning import (
    INLINE,
    Walker,
    attribute_of,
    clean_html,
    pieces_of,
)

MAX_TEXT = 500_000


def html_to_text(source: str) -> str:
    """Return the words of an HTML mail, its quotes marked with `>`."""
    cleaned = clean_html(source)
    return _TextMaker().make(cleaned) or _TextMaker(shows_hidden=True).make(cleaned)


class _TextMaker(Walker):
    """Writes plain text."""

    def __init__(self, *, shows_hidden: bool = False) -> None:
        super().__init__(shows_hidden=shows_hidden)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quote_depth = 0
        self._size = 0
        self._verbatim_depth = 0

    def make(self, source: str) -> str:
        self.walk(source)
        self._end_line()
        return "\n".join(self._lines).strip("\n")

    def is_full(self) -> bool:
        return self._size > MAX_TEXT

    def text(self, text: str) -> None:
        for piece in pieces_of(text):
            self._text(piece)

    def _text(self, text: str) -> None:
        words = html.unescape(text)
        self._size += len(words)
        if self._verbatim_depth:
            first, *rest = words.split("\n")
            self._line.append(first)
            for line in rest:
                self._end_line()
                self._line.append(line)
            return
        self._line.append(re.sub(r"\s+", " ", words))

    def void(self, tag: str, attributes: str) -> None:
        if self.is_hiding:
            return
        if tag == "img":
            alt = attribute_of(attributes, "alt").strip()
            if alt:
                self.text(f"[{alt[:200]}]")
            return
        self._end_line()

    def begin(self, tag: str, attributes: str) -> None:
        if tag in INLINE:
            return
        self._end_line()
        if tag == "blockquote":
            self._quote_depth += 1
        elif tag == "pre":
            self._verbatim_depth += 1
        elif tag == "li":
            self._line.append("- ")

    def close(self, tag: str) -> None:
        if tag in INLINE:
            return
        self._end_line()
        if tag == "blockquote":
            while self._lines and self._lines[-1] == ">" * min(self._quote_depth, 9):
                self._lines.pop()
            self._quote_depth = max(0, self._quote_depth - 1)
        elif tag == "pre":
            self._verbatim_depth = max(0, self._verbatim_depth - 1)
        elif tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol"):
            self._empty_line()

    def _end_line(self) -> None:
        line = "".join(self._line)
        self._line = []
        if not self._verbatim_depth:
            line = line.strip()
        if line:
            self._lines.append(
                f"{'>' * min(self._quote_depth, 9)} {line}" if self._quote_depth else line
            )

    def _empty_line(self) -> None:
        if self._lines and self._lines[-1]:
            self._lines.append(">" * min(self._quote_depth, 9))
