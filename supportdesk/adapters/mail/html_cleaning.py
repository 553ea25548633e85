"""HTML of strangers, made safe by nh3 and then read in linear time.

nh3 takes out all that could run, load or track. Before that goes what an HTML parser would need
minutes for. What comes out is well-formed, so that a `Walker` reads it with one expression.
"""

import html
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator

import nh3

from supportdesk.adapters.mail.html_signature import mark_of

MAX_INPUT = 1_000_000
_MAX_LOOKED_AT = 4_000_000
"""Pictures inside the HTML do not count."""
_PIECE_SIZE = 50_000

# fmt: off
INLINE = frozenset((
    "a", "abbr", "b", "bdi", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark",
    "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var",
))
KEPT_BLOCKS = frozenset((
    "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul",
))
FLATTENED = frozenset((
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
_TAGS = INLINE | KEPT_BLOCKS | FLATTENED | {"img"}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan"},
    "th": {"colspan"},
    "*": {"style", "class", "id"},
}
# fmt: off
# The second line is only kept to find what the sender hides; it is not passed on.
_STYLES = frozenset((
    "font-weight", "font-style", "text-decoration",
    "display", "visibility", "opacity", "width", "height",
))
# What opens something, or runs: such a link is named and taken out. The rest is dropped silently.
_REFUSED_SCHEMES = frozenset((
    "blob", "data", "file", "ftp", "javascript", "mhtml", "ms-appinstaller", "ms-excel", "ms-msdt",
    "ms-officecmd", "ms-search", "ms-word", "search-ms", "smb", "vbscript", "view-source",
))
# fmt: on
REFUSED = "refused:"
"""A link's address becomes this and its scheme when we will not have it."""
MAX_ADDRESS = 6_000
_SCHEMES = frozenset(("http", "https", "mailto", "tel", "cid")) | _REFUSED_SCHEMES
_PASSED_ON = ("http://", "https://", "mailto:", "tel:")

# An attribute may hold `<` and `>`: only its quotes end it.
_PIECE = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")*)\s*/?>|([^<]+)|<')
_NESTING_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ANY_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>?")
# They end by themselves when the next one begins, or never had an end.
_NOT_NESTING = frozenset(
    ("p", "li", "td", "th", "tr", "dt", "dd", "tbody", "br", "hr", "img", "meta", "link", "col")
)
_MAX_PARSE_DEPTH = 200
_ENTITY = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z][a-zA-Z0-9]{1,31};?)?")
# Pictures inside the HTML, and lists of thousands of attributes.
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}>?")
# Private characters stand for what must stay escaped while nh3 reads it.
_MARKS = str.maketrans("&<>\"'", "\ue000\ue001\ue002\ue003\ue004")
_ESCAPES = {
    "\ue000": "&amp;",
    "\ue001": "&lt;",
    "\ue002": "&gt;",
    "\ue003": "&quot;",
    "\ue004": "&#39;",
}
_LONGEST_ENTITY = 40
_ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    # What stands for tables and pictures in the text of a QTextDocument.
    "\ufdd0-\ufdef\ufffc\ufffe\uffff]"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_ADDRESS_NOISE = re.compile("[\x00-\x1f]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)")


def clean_html(source: str) -> str:
    cleaned = nh3.clean(
        _without_depth(_without_bombs(_LONG_TAG.sub("", source[:_MAX_LOOKED_AT])[:MAX_INPUT])),
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_filter_attribute,
        strip_comments=True,
        link_rel=None,
        url_schemes=set(_SCHEMES),
        filter_style_properties=set(_STYLES),
    )
    for mark, escaped in _ESCAPES.items():
        cleaned = cleaned.replace(mark, escaped)
    return cleaned


def _without_bombs(source: str) -> str:
    """Take out what costs an HTML parser the square of its length.

    Each `&` in a run of text makes the parser copy all the text before it, 15 s for 400 kB; so
    letters are put in place of entities, and marks in place of what HTML needs escaped.
    """
    # `replace` is a hundred times as fast as `translate`, which would hold up the window's thread.
    for mark in _ESCAPES:
        source = source.replace(mark, "")
    readable = _ENTITY.sub(_decoded_entity, source)
    return "".join(_CONTROLS.sub("", piece) for piece in pieces_of(readable))


def _decoded_entity(found: re.Match[str]) -> str:
    entity = found[0]
    decoded = html.unescape(entity)
    return decoded.translate(_MARKS)


def _without_depth(source: str) -> str:
    """Take the tags out of everything after the point where they nest too deeply.

    The time that an HTML parser takes grows with the square of the depth: minutes for 200,000 open
    blocks. Nothing has to be exact here, since nh3 reads the result.
    """
    depth = 0
    for tag in _NESTING_TAG.finditer(source):
        if tag[2].lower() not in _NOT_NESTING:
            depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > _MAX_PARSE_DEPTH:
            return source[: tag.start()] + _ANY_TAG.sub(" ", source[tag.start() :])
    return source


def _filter_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return _image_address(value)
    if name == "href":
        return _link_address(value)
    if name in ("class", "id"):
        return mark_of(value)
    if name in ("width", "height", "colspan"):
        return value.strip()[:6]
    return value


def _image_address(value: str) -> str | None:
    """Parts of the message and images of the web; the flattener hands neither on as it is."""
    address = _as_browsers_read(value)
    if address.startswith("//"):
        address = f"https:{address}"
    is_ours = address[:8].lower().startswith(("cid:", "http://", "https://"))
    return address if is_ours and len(address) <= MAX_ADDRESS else None


def _link_address(value: str) -> str | None:
    address = _as_browsers_read(value)
    start = address[:20].lower()
    if start.startswith(_PASSED_ON):
        return address if len(address) <= MAX_ADDRESS else f"{REFUSED}too long"
    scheme = _SCHEME.match(start)
    if start.startswith("\\\\"):
        return f"{REFUSED}file"
    return f"{REFUSED}{scheme[0]}" if scheme and scheme[0] in _REFUSED_SCHEMES else None


def _as_browsers_read(address: str) -> str:
    """Line ends and tabs are nothing to them (WHATWG URL, 4.4): they do not hide a scheme."""
    return _ADDRESS_NOISE.sub("", address.strip())


def pieces_of(text: str) -> Iterator[str]:
    """One after the other: a single call over all of it would hold up the window's thread."""
    start = 0
    while start < len(text):
        end = start + _PIECE_SIZE
        entity = text.rfind("&", end - _LONGEST_ENTITY, end)
        if entity > start and ";" not in text[entity:end]:
            end = entity
        yield text[start:end]
        start = end


class Walker(ABC):
    """Walks through what nh3 made, which is well-formed, in linear time."""

    def __init__(self, *, shows_hidden: bool = False) -> None:
        """`shows_hidden` is for a mail of which nothing would be left."""
        self._hidden_depth = 0
        self._shows_hidden = shows_hidden

    def walk(self, source: str) -> None:
        for piece in _PIECE.finditer(source):
            closing, tag, attributes, text = piece.groups()
            if tag not in _TAGS:
                if not self._hidden_depth:
                    self.text(text or "&lt;")
            elif tag in _VOID:
                if not self._hidden_depth or tag == "img":
                    self.void(tag, attributes)
            elif closing:
                self._close(tag)
            else:
                self._begin(tag, attributes)
            if self.is_full():
                return

    def _begin(self, tag: str, attributes: str) -> None:
        if self._hidden_depth or (is_hidden(attributes) and not self._shows_hidden):
            self._hidden_depth += 1
            return
        self.begin(tag, attributes)

    def _close(self, tag: str) -> None:
        if self._hidden_depth:
            self._hidden_depth -= 1
            return
        self.close(tag)

    @property
    def is_hiding(self) -> bool:
        """Inside what the sender hides, only images are told: they are there to be loaded."""
        return self._hidden_depth > 0

    @abstractmethod
    def is_full(self) -> bool: ...

    @abstractmethod
    def text(self, text: str) -> None: ...

    @abstractmethod
    def void(self, tag: str, attributes: str) -> None: ...

    @abstractmethod
    def begin(self, tag: str, attributes: str) -> None: ...

    @abstractmethod
    def close(self, tag: str) -> None: ...


def attribute_of(attributes: str, name: str) -> str:
    return next((value for known, value in _ATTRIBUTE.findall(attributes) if known == name), "")


def is_hidden(attributes: str) -> bool:
    # Most tags have none, and a mail has thousands of tags.
    return "style=" in attributes and bool(_HIDDEN.search(attribute_of(attributes, "style")))
