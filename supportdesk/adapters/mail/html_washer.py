"""HTML mail for a QTextBrowser: safe, flat and light.

QTextBrowser takes minutes for nested tables, so tables become blocks, blocks are never nested,
depth, number and size are capped, and endless words get places to break. Colours go, so that a dark
theme stays readable. A link whose words name another host than its target says where it goes.
"""

import html
import re
from urllib.parse import urlsplit

from supportdesk.adapters.mail.html_cleaning import (
    FLATTENED,
    INLINE,
    Walker,
    attribute_of,
    clean_html,
)

# QTextBrowser lays out this much in 50 ms, the longest that the window may be held.
MAX_OUTPUT = 60_000
MAX_PIECES = 1500
MAX_DEPTH = 40
_MAX_WORD = 80

_LONG_WORD = re.compile(rf"[^\s<>&\u200b]{{{_MAX_WORD}}}(?=[^\s<>&\u200b])")
_HOST_IN_TEXT = re.compile(
    r"(?:https?://)?(?:[^\s/@]*@)?((?:[a-z0-9-]+\.)+[a-z]{2,24})(?=[:/?#\s]|$)", re.IGNORECASE
)
_STYLE = re.compile(
    r"(?<![^;])(?:font-weight|font-style|text-decoration):[a-z0-9][a-z0-9 -]{0,40}(?![^;])"
)
_SPACES = re.compile(r"[ \t\r\n]{2,}|(?:[ \t\r\n]*+&nbsp;){3,}+[ \t\r\n]*+")
_BREAK = "\u200b"


def wash_html(source: str) -> str:
    """Return HTML that QTextBrowser shows quickly and that can fetch nothing."""
    return _Flattener().flatten(clean_html(source))


def escape_text(text: str) -> str:
    """Return plain text as HTML."""
    escaped = html.escape(text[:MAX_OUTPUT], quote=False).replace("\n", "<br>\n")
    return f"<p>{_LONG_WORD.sub(_broken, escaped)}</p>"


def _broken(found: re.Match[str]) -> str:
    return found[0] + _BREAK


class _Flattener(Walker):
    """Writes the flat HTML."""

    def __init__(self) -> None:
        super().__init__()
        self._out: list[str] = []
        self._size = 0
        self._pieces = 0
        # The tags that are open as they were written; "" stands for one that was left out.
        self._stack: list[str] = []
        self._inline_depth = 0
        self._block_depth = 0
        self._is_div_open = False
        self._verbatim_depth = 0
        self._has_text = False
        self._owes_break = False
        self._link_host = ""
        self._link_text: list[str] = []

    def flatten(self, source: str) -> str:
        self.walk(source)
        while self._stack:
            self.close("")
        self._end_div()
        if self.is_full():
            self._write("<p>[This message is long. Its plain text has the rest.]</p>")
        return "".join(self._out).strip()

    def is_full(self) -> bool:
        return self._size > MAX_OUTPUT or self._pieces > MAX_PIECES

    def text(self, text: str) -> None:
        if self._link_host:
            self._link_text.append(text)
        if text.strip():
            self._begin_content()
            self._has_text = True
        room = max(0, MAX_OUTPUT - self._size)
        if not self._verbatim_depth:
            text = _SPACES.sub(" ", text)
        else:
            self._pieces += text.count("\n")
        # An entity may be cut in two; what is left of it is shown as it is.
        self._write(_LONG_WORD.sub(_broken, text[: room + 1]))

    def void(self, tag: str, attributes: str) -> None:
        if tag == "img":
            alt = attribute_of(attributes, "alt").strip()
            if alt:
                self.text(html.escape(f"[{html.unescape(alt)[:200]}]"))
            return
        if tag == "hr":
            self._end_div()
        self._begin_line()
        self._write(f"<{tag}>")

    def begin(self, tag: str, attributes: str) -> None:
        if tag not in INLINE:
            self._end_div()
        if tag in FLATTENED or self._inline_depth + self._block_depth >= MAX_DEPTH:
            self._stack.append("")
            return
        if tag in INLINE:
            self._begin_content()
            self._pieces += 1
            self._inline_depth += 1
        else:
            self._begin_line()
            self._block_depth += 1
        self._verbatim_depth += tag == "pre"
        self._stack.append(tag)
        self._write(f"<{tag}{self._attributes(tag, attributes)}>")

    def close(self, tag: str) -> None:
        written = self._stack.pop() if self._stack else ""
        if tag not in INLINE:
            self._end_div()
        if not written:
            return
        if written in INLINE:
            self._inline_depth -= 1
        else:
            self._begin_line()
            self._block_depth -= 1
        self._verbatim_depth -= written == "pre"
        self._write(f"</{written}>")
        if written == "a":
            self._end_link()

    def _attributes(self, tag: str, attributes: str) -> str:
        kept = ""
        # nh3 wrote the properties that we asked for, with whatever value they had.
        style = ";".join(_STYLE.findall(attribute_of(attributes, "style")))
        if style:
            kept += f' style="{style}"'
        if tag == "a":
            target = attribute_of(attributes, "href")
            self._link_host = _host_of(html.unescape(target))
            self._link_text = []
            if target:
                kept += f' href="{target}" title="{target}"'
        return kept

    def _end_link(self) -> None:
        """Say where a link really goes when its text names another place."""
        shown = html.unescape("".join(self._link_text))[:500]
        named = [host.lower() for host in _HOST_IN_TEXT.findall(shown)]
        true_host = self._link_host
        self._link_host = ""
        if named and true_host and not any(_is_same_host(host, true_host) for host in named):
            self._write(f" [⚠ goes to {html.escape(true_host)}]")

    def _begin_content(self) -> None:
        """Text of a flattened block gets a block of its own, but never a nested one."""
        if self._owes_break:
            self._begin_line()
            self._write("<br>")
        elif not (self._is_div_open or self._inline_depth or self._block_depth):
            self._write("<div>")
            self._is_div_open = True
            self._pieces += 1

    def _begin_line(self) -> None:
        self._pieces += 1
        self._has_text = False
        self._owes_break = False

    def _end_div(self) -> None:
        if self._inline_depth or self._block_depth:
            # A block inside a link, a bold run or a list: only its line end can be kept.
            self._owes_break = self._has_text
        elif self._is_div_open:
            self._write("</div>")
            self._is_div_open = False
            self._has_text = False

    def _write(self, piece: str) -> None:
        self._out.append(piece)
        self._size += len(piece)


def _host_of(target: str) -> str:
    try:
        return (urlsplit(target).hostname or "").lower()
    except ValueError:
        return "an address that cannot be read"


def _is_same_host(named: str, true_host: str) -> bool:
    """`example.com` may lead to `www.example.com`; the other way round as well."""
    one = named.removeprefix("www.")
    other = true_host.removeprefix("www.")
    return one == other or other.endswith(f".{one}")
