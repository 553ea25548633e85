"""Writes the flat HTML of a washed mail: no nested blocks, colours or sizes; parts of equal cost.

What stands in the way of reading goes: tables that only place things, empty lines by the hundred,
depth. What carries meaning stays: headings, lists, quotes, emphasis, tables of figures, links.
"""

import html
import re

from supportdesk.adapters.mail.html_cleaning import (
    FLATTENED,
    INLINE,
    REFUSED,
    Walker,
    attribute_of,
    pieces_of,
)
from supportdesk.adapters.mail.html_images import ImageLedger
from supportdesk.adapters.mail.html_parts import PART_SIZE, PartWriter, light_pieces, with_breaks
from supportdesk.adapters.mail.html_signature import SignatureWatch, is_dashes, is_marked
from supportdesk.adapters.mail.html_survey import Survey, TableKind
from supportdesk.domain.links import doubt_about, host_of

MAX_OUTPUT = 1_200_000
MAX_PIECES = 60_000
MAX_DEPTH = 40
MAX_BLOCK_DEPTH = 10
"""Quotes and lists inside each other: each takes from the width of the line."""
DOUBTFUL = ' class="doubtful"'
_MOST_EMPTY_LINES = 2
_CUT = "[This message is longer than can be shown here. Open it in your mail program for the rest.]"

_STYLE = re.compile(
    r"(?<![^;])(?:font-weight|font-style|text-decoration):[a-z0-9][a-z0-9 -]{0,40}(?![^;])"
)
_SPACES = re.compile(r"[ \t\r\n]{2,}|(?:[ \t\r\n]*+&nbsp;){3,}+[ \t\r\n]*+")
_SPAN = re.compile(r"[1-8]")
_JOINED = "join"
"""Stands on the stack for a row of short cells, which stay on one line."""
_CELLS = ("td", "th")


class Flattener(Walker):
    """Writes the flat HTML."""

    def __init__(self, images: ImageLedger, survey: Survey, *, shows_hidden: bool = False) -> None:
        super().__init__(shows_hidden=shows_hidden)
        self._images = images
        self._survey = survey
        self._writer = PartWriter()
        self._signature = SignatureWatch()
        # The tags that are open as they were written; "" stands for one that was left out.
        self._stack: list[str] = []
        # Blocks that have begun, and are written when something comes to stand in them.
        self._owed: list[tuple[str, str]] = []
        self._marks: list[str] = []
        self._inline_depth = 0
        self._block_depth = 0
        self._is_div_open = False
        self._verbatim_depth = 0
        self._joined_depth = 0
        self._has_text = False
        self._owes_break = False
        self._owes_separator = False
        self._empty_lines = 0
        self._tables = self._rows = self._links = 0
        self._table_kinds: list[TableKind] = []

    def flatten(self, source: str) -> str:
        self.walk(source)
        while self._stack:
            self.close("")
        self._end_div()
        if self.is_full():
            self._writer.text(f"<p>{_CUT}</p>")
        elif (place := self._signature.place(self._writer.size, self._writer.pieces)) >= 0:
            self._writer.divide_at(place)
        return self._writer.finish().strip()

    def is_full(self) -> bool:
        return self._writer.size > MAX_OUTPUT or self._writer.pieces > MAX_PIECES

    # --- what the walker tells ---------------------------------------------------------

    def text(self, text: str) -> None:
        for piece in pieces_of(text):
            self._text(piece)

    def _text(self, text: str) -> None:
        if text.replace("&nbsp;", " ").strip():
            self._watch_words(text)
            self._begin_content()
        elif not self._has_text and not self._verbatim_depth:
            return
        if not self._verbatim_depth:
            text = _SPACES.sub(" ", text)
        room = max(0, MAX_OUTPUT - self._writer.size)
        # An entity may be cut in two; what is left of it is shown as it is.
        broken = with_breaks(text[: room + 1])
        if self._verbatim_depth:
            self._write_lines(broken)
        else:
            self._write_words(broken)

    def void(self, tag: str, attributes: str) -> None:
        if tag == "img":
            self._image(attributes)
        elif tag == "hr":
            self._signature.quote()
            self._end_div()
            if not (self._inline_depth or self._block_depth):
                self._begin_line()
                self._writer.text("<hr>")
        else:
            self._break_line()

    def begin(self, tag: str, attributes: str) -> None:
        if is_marked(attributes):
            self._begin_signature(tag)
        elif tag == "blockquote":
            self._signature.quote()
        if tag == "a":
            self._begin_link(attributes)
        elif tag in INLINE:
            self._begin_inline(tag, self._style(attributes))
        elif self._joined_depth:
            self._begin_joined(tag)
        elif tag in ("table", "tr", *_CELLS):
            self._begin_of_table(tag, attributes)
        elif tag in FLATTENED or self._is_too_deep(tag) or (tag == "p" and self._is_in_data()):
            self._end_div()
            self._stack.append("")
        else:
            self._end_div()
            self._begin_block(tag, self._style(attributes))

    def close(self, tag: str) -> None:
        written = self._stack.pop() if self._stack else ""
        if tag == "table" and self._table_kinds:
            self._table_kinds.pop()
        if written == _JOINED:
            self._joined_depth -= 1
            self._owes_separator = False
        if tag not in INLINE and not self._joined_depth:
            self._end_div()
        if written in INLINE:
            self._inline_depth -= 1
            self._writer.close()
        elif written and written != _JOINED:
            self._end_block(written)
        if tag == "a":
            self._writer.text(self._marks.pop() if self._marks else "")
        self._signature.closed(len(self._stack))

    # --- the signature -----------------------------------------------------------------

    def _begin_signature(self, tag: str) -> None:
        """An element that a mail program has marked as the signature begins."""
        if tag not in INLINE and not self._joined_depth:
            self._end_div()
        self._signature.opened(len(self._stack))
        self._note_signature()

    def _watch_words(self, text: str) -> None:
        is_mark = not self._has_text and is_dashes(text) and not self._signature.is_inside
        if is_mark and self._is_at_line():
            self._note_signature()
            self._signature.dashes()
        else:
            self._signature.content(text, is_in_line=self._has_text)

    def _note_signature(self) -> None:
        """It may begin here, at a line of its own."""
        if self._signature.may_begin and not self._has_text and self._is_at_line():
            place = self._writer.mark_place()
            self._signature.begins_at(place, self._writer.size, self._writer.pieces)

    def _is_at_line(self) -> bool:
        is_owed = all(tag in ("p", "pre") for tag, _ in self._owed)
        return is_owed and not self._joined_depth and self._writer.is_between_lines

    # --- text --------------------------------------------------------------------------

    def _write_words(self, text: str) -> None:
        if len(text) < PART_SIZE // 5:
            self._writer.text(text)
            return
        for piece in light_pieces(text):
            self._writer.text(piece)
            self._writer.break_part(in_line=True)

    def _write_lines(self, text: str) -> None:
        """Verbatim text: a part may end at any of its lines, and a hundred empty ones are two."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self._empty_lines = 0 if self._has_text else self._empty_lines + 1
                self._has_text = False
                if self._empty_lines > _MOST_EMPTY_LINES:
                    continue
                self._writer.count_piece()
                if not self._writer.break_part():
                    self._writer.text("\n")
            if line.strip():
                self._write_words(line)
                self._has_text = True

    def _break_line(self) -> None:
        """One line ends; a hundred empty ones are two."""
        if self._joined_depth:
            self._owes_separator = self._has_text
            return
        self._empty_lines = 0 if self._has_text else self._empty_lines + 1
        if self._empty_lines > _MOST_EMPTY_LINES:
            return
        self._begin_line()
        if not self._writer.break_part():
            self._writer.text("<br>")

    def _image(self, attributes: str) -> None:
        image = self._images.written_for(attributes, is_hiding=self.is_hiding)
        if image.tag:
            self._signature.content(is_in_line=self._has_text)
            self._begin_content()
            self._writer.count_piece()
            self._writer.count_piece()
            self._writer.text(image.tag)
            self._writer.break_part(in_line=True)
        elif image.alt:
            self.text(html.escape(f"[{image.alt}]"))

    # --- links -------------------------------------------------------------------------

    def _begin_link(self, attributes: str) -> None:
        shown = self._survey.link_words(self._links)
        self._links += 1
        target = html.unescape(attribute_of(attributes, "href"))
        mark = ""
        if target.startswith(REFUSED):
            why = target.removeprefix(REFUSED)
            mark = f" [⚠ link taken out: {why}]"
            target = ""
        doubt = doubt_about(target, shown) if target else None
        if doubt is not None:
            mark = f" [⚠ goes to {html.escape(host_of(target))}]"
        self._marks.append(mark)
        if not target or self._is_too_deep():
            self._stack.append("")
            return
        kind = DOUBTFUL if doubt is not None else ""
        # Programs do not agree on what a backslash in an address is.
        self._begin_inline("a", f' href="{html.escape(target.replace(chr(92), "/"))}"{kind}')

    def _begin_inline(self, tag: str, attributes: str) -> None:
        if self._is_too_deep() or (tag == "span" and not attributes):
            self._stack.append("")
            return
        self._begin_content(is_text=False)
        self._writer.break_part(in_line=True)
        self._writer.count_piece()
        self._writer.open(tag, attributes)
        self._inline_depth += 1
        self._stack.append(tag)

    def _style(self, attributes: str) -> str:
        """nh3 wrote the properties that we asked for, with whatever value they had."""
        if "style=" not in attributes:
            return ""
        style = ";".join(_STYLE.findall(attribute_of(attributes, "style")))
        return f' style="{style}"' if style else ""

    # --- tables ------------------------------------------------------------------------

    def _begin_of_table(self, tag: str, attributes: str) -> None:
        if tag == "table":
            kind = self._survey.table_kind(self._tables)
            self._tables += 1
            is_bound = self._inline_depth or "li" in self._stack or self._is_too_deep()
            self._table_kinds.append(TableKind.BLOCKS if is_bound else kind)
        self._end_div()
        row = self._rows
        self._rows += tag == "tr"
        if self._is_in_data():
            span = attribute_of(attributes, "colspan")
            spanned = f' colspan="{span}"' if tag in _CELLS and _SPAN.fullmatch(span) else ""
            self._begin_line()
            self._flush()
            self._writer.count_piece()
            self._open_block(tag, spanned)
        elif tag == "tr" and self._survey.is_line(row) and not self._inline_depth:
            self._stack.append(_JOINED)
            self._joined_depth += 1
            self._has_text = False
        else:
            self._stack.append("")

    def _is_in_data(self) -> bool:
        return bool(self._table_kinds) and self._table_kinds[-1] is TableKind.DATA

    def _begin_joined(self, tag: str) -> None:
        """Inside a row of short cells nothing begins a line."""
        self._stack.append("")
        if tag in _CELLS:
            self._owes_separator = self._has_text

    # --- blocks ------------------------------------------------------------------------

    def _is_too_deep(self, block: str = "") -> bool:
        blocks = self._block_depth + len(self._owed)
        # An item of a list that is itself allowed is never left out.
        most = MAX_BLOCK_DEPTH + (block == "li")
        return self._inline_depth + blocks >= MAX_DEPTH or bool(block and blocks >= most)

    def _begin_block(self, tag: str, attributes: str) -> None:
        self._stack.append(tag)
        self._owed.append((tag, attributes))
        self._has_text = self._owes_break = False
        self._verbatim_depth += tag == "pre"

    def _open_block(self, tag: str, attributes: str) -> None:
        self._stack.append(tag)
        self._writer.open(tag, attributes)
        self._block_depth += 1

    def _end_block(self, written: str) -> None:
        self._verbatim_depth -= written == "pre"
        self._has_text = self._owes_break = False
        if self._owed:
            # Nothing came to stand in it.
            self._owed.pop()
            return
        self._block_depth -= 1
        self._writer.count_piece()
        self._writer.close()
        self._writer.break_part()

    def _flush(self) -> None:
        for tag, attributes in self._owed:
            self._writer.count_piece()
            self._writer.open(tag, attributes)
            self._block_depth += 1
        self._owed.clear()

    def _begin_content(self, *, is_text: bool = True) -> None:
        """Text of a flattened block gets a block of its own, but never a nested one."""
        if self._owed:
            self._flush()
        elif self._owes_break:
            self._begin_line()
            if not self._writer.break_part():
                self._writer.text("<br>")
        elif not (self._is_div_open or self._inline_depth or self._block_depth):
            self._writer.break_part()
            self._writer.open("div")
            self._is_div_open = True
            self._writer.count_piece()
        if self._owes_separator:
            self._writer.text(" · ")
            self._owes_separator = False
        if is_text:
            self._has_text = True
            self._empty_lines = 0

    def _begin_line(self) -> None:
        self._writer.count_piece()
        self._has_text = False
        self._owes_break = False

    def _end_div(self) -> None:
        if self._inline_depth or self._block_depth:
            # A block inside a link, a bold run or a list: only its line end can be kept.
            self._owes_break = self._owes_break or self._has_text
        elif self._is_div_open:
            self._writer.close()
            self._is_div_open = False
            self._has_text = False
