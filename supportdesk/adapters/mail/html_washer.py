"""HTML of strangers, made safe and light for a QTextBrowser.

nh3 takes out all that could run, load or track. Then the layout is flattened, since QTextBrowser
takes minutes for nested tables: tables become blocks, blocks are never nested, depth, number and
size are capped, endless words get places to break. Colours go, so that a dark theme stays readable.
"""

import html
import re
from urllib.parse import urlsplit

import nh3

MAX_INPUT = 2_000_000
MAX_OUTPUT = 500_000
MAX_DEPTH = 40
MAX_BLOCKS = 3000
_MAX_WORD = 80

# fmt: off
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark",
    "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var",
))
_KEPT_BLOCKS = frozenset((
    "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul",
))
_FLATTENED = frozenset((
    "address", "article", "aside", "caption", "center", "details", "div", "dd", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "header", "main", "nav", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
))
_DROPPED_WITH_CONTENT = frozenset((
    "applet", "audio", "canvas", "embed", "frame", "frameset", "head", "iframe", "math", "noembed",
    "noframes", "object", "script", "select", "style", "svg", "template", "textarea", "title",
    "video", "xmp",
))
# fmt: on
_VOID = frozenset(("br", "hr", "img"))
_TAGS = _INLINE | _KEPT_BLOCKS | _FLATTENED | {"img"}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "*": {"style", "dir"},
}
# `display` is only kept to find what the sender hides; it is not passed on.
_STYLES = frozenset(("font-weight", "font-style", "text-decoration", "display"))
_SCHEMES = frozenset(("http", "https", "mailto", "cid"))

# An attribute may hold `<` and `>`: only its quotes end it.
_PIECE = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")*)\s*/?>|([^<]+)|<')
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_LONG_WORD = re.compile(rf"[^\s<>&\u200b]{{{_MAX_WORD}}}(?=[^\s<>&\u200b])")
_HOST_IN_TEXT = re.compile(
    r"(?:https?://)?(?:[^\s/@]*@)?((?:[a-z0-9-]+\.)+[a-z]{2,24})(?=[:/?#\s]|$)", re.IGNORECASE
)
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_HIDDEN = re.compile(r"display\s*:\s*none")
_BREAK = "\u200b"


def wash_html(source: str) -> str:
    """Return HTML that QTextBrowser shows quickly and that can fetch nothing."""
    return _Flattener().flatten(_clean(source))


def html_to_text(source: str) -> str:
    """Return the words of an HTML mail as plain text, its quotes marked with `>`."""
    return _TextMaker().make(_clean(source))


def escape_text(text: str) -> str:
    """Return plain text as HTML."""
    escaped = html.escape(text, quote=False).replace("\n", "<br>\n")
    return f"<p>{_LONG_WORD.sub(_broken, escaped)}</p>"


def _clean(source: str) -> str:
    cut = _CONTROLS.sub("", source[:MAX_INPUT])
    return nh3.clean(
        cut,
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_filter_attribute,
        strip_comments=True,
        link_rel=None,
        url_schemes=set(_SCHEMES),
        filter_style_properties=set(_STYLES),
    )


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    start = value.strip().lower()
    if name == "src":
        return value if start.startswith("cid:") else None
    if name == "href":
        return value.strip() if start.startswith(("http://", "https://", "mailto:")) else None
    if name == "dir":
        return value if start in ("ltr", "rtl") else None
    return value


def _broken(found: re.Match[str]) -> str:
    return found[0] + _BREAK


class _Walker:
    """Walks through what nh3 made, which is well-formed, in linear time."""

    def __init__(self) -> None:
        self._hidden_depth = 0

    def walk(self, source: str) -> None:
        for piece in _PIECE.finditer(source):
            closing, tag, attributes, text = piece.groups()
            if tag not in _TAGS:
                if not self._hidden_depth:
                    self.text(text or "&lt;")
            elif tag in _VOID:
                if not self._hidden_depth:
                    self.void(tag, attributes)
            elif closing:
                self._close(tag)
            else:
                self._begin(tag, attributes)
            if self.is_full():
                return

    def _begin(self, tag: str, attributes: str) -> None:
        if self._hidden_depth or _HIDDEN.search(attributes):
            self._hidden_depth += 1
            return
        self.begin(tag, attributes)

    def _close(self, tag: str) -> None:
        if self._hidden_depth:
            self._hidden_depth -= 1
            return
        self.close(tag)

    def is_full(self) -> bool:
        return False

    def text(self, text: str) -> None:
        raise NotImplementedError

    def void(self, tag: str, attributes: str) -> None:
        raise NotImplementedError

    def begin(self, tag: str, attributes: str) -> None:
        raise NotImplementedError

    def close(self, tag: str) -> None:
        raise NotImplementedError


def _attribute(attributes: str, name: str) -> str:
    return next((value for known, value in _ATTRIBUTE.findall(attributes) if known == name), "")


class _Flattener(_Walker):
    """Writes the flat HTML."""

    def __init__(self) -> None:
        super().__init__()
        self._out: list[str] = []
        self._size = 0
        self._blocks = 0
        # The tags that are open as they were written; "" stands for one that was left out.
        self._stack: list[str] = []
        self._inline_depth = 0
        self._block_depth = 0
        self._is_div_open = False
        self._link_host = ""
        self._link_text: list[str] = []

    def flatten(self, source: str) -> str:
        self.walk(source)
        while self._stack:
            self.close("")
        self._end_div()
        if self.is_full():
            self._write("<p>[The rest of this long message is left out.]</p>")
        return "".join(self._out)

    def is_full(self) -> bool:
        return self._size > MAX_OUTPUT or self._blocks > MAX_BLOCKS

    def text(self, text: str) -> None:
        if self._link_host:
            self._link_text.append(text)
        if text.strip():
            self._begin_div()
        self._write(_LONG_WORD.sub(_broken, text))

    def void(self, tag: str, attributes: str) -> None:
        if tag == "img":
            alt = _attribute(attributes, "alt").strip()
            if alt:
                self.text(html.escape(f"[{html.unescape(alt)[:200]}]"))
            return
        self._blocks += 1
        if tag == "hr":
            self._end_div()
        self._write(f"<{tag}>")

    def begin(self, tag: str, attributes: str) -> None:
        if tag not in _INLINE:
            self._end_div()
        if tag in _FLATTENED or self._inline_depth + self._block_depth >= MAX_DEPTH:
            self._stack.append("")
            return
        if tag in _INLINE:
            self._begin_div()
            self._inline_depth += 1
        else:
            self._blocks += 1
            self._block_depth += 1
        self._stack.append(tag)
        self._write(f"<{tag}{self._attributes(tag, attributes)}>")

    def close(self, tag: str) -> None:
        written = self._stack.pop() if self._stack else ""
        if tag not in _INLINE:
            self._end_div()
        if not written:
            return
        if written in _INLINE:
            self._inline_depth -= 1
        else:
            self._block_depth -= 1
        self._write(f"</{written}>")
        if written == "a":
            self._end_link()

    def _attributes(self, tag: str, attributes: str) -> str:
        kept = ""
        style = _attribute(attributes, "style")
        # What nh3 wrote is `name:value` pairs of the properties that we asked for.
        shown = ";".join(one for one in style.split(";") if one and "display" not in one)
        if shown:
            kept += f' style="{shown}"'
        if tag == "a":
            target = _attribute(attributes, "href")
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

    def _begin_div(self) -> None:
        """Text of a flattened block gets a block of its own, but never a nested one."""
        if not (self._is_div_open or self._inline_depth or self._block_depth):
            self._write("<div>")
            self._is_div_open = True
            self._blocks += 1

    def _end_div(self) -> None:
        if self._inline_depth or self._block_depth:
            # A block inside a link, a bold run or a list: only its line end can be kept.
            if self._out[-1] != "<br>" and not self._out[-1].startswith(("<li", "<p", "</")):
                self._blocks += 1
                self._write("<br>")
        elif self._is_div_open:
            self._write("</div>")
            self._is_div_open = False

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


class _TextMaker(_Walker):
    """Writes plain text."""

    def __init__(self) -> None:
        super().__init__()
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
        return self._size > MAX_OUTPUT

    def text(self, text: str) -> None:
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
        if tag == "img":
            alt = _attribute(attributes, "alt").strip()
            if alt:
                self.text(f"[{alt[:200]}]")
            return
        self._end_line()

    def begin(self, tag: str, attributes: str) -> None:
        if tag in _INLINE:
            return
        self._end_line()
        if tag == "blockquote":
            self._quote_depth += 1
        elif tag == "pre":
            self._verbatim_depth += 1
        elif tag == "li":
            self._line.append("- ")

    def close(self, tag: str) -> None:
        if tag in _INLINE:
            return
        self._end_line()
        if tag == "blockquote":
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
