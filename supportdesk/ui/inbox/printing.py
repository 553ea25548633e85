"""A message on paper or as a PDF: its head, its words, the names of its files. Nothing is loaded.

Imported only when somebody prints: the library for it costs memory that reading does not need.
"""

from __future__ import annotations

import html as html_text
import time
from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QAbstractTextDocumentLayout, QImage, QPainter, QPalette, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QProgressDialog, QWidget

from supportdesk.domain.mail import PART_BREAK, MessageSummary, MessageText
from supportdesk.ui.widgets.prose_document import append_part

_STYLE = (
    "body { color: #000000 } a { color: #000000 } td { padding-right: 8px }"
    ".q { color: #444444 } .s { color: #444444; font-size: small } h1 { font-size: 14pt }"
)
_STEP_SECONDS = 0.01
# In pixels of a screen: the layout makes them those of the paper.
_MARGIN = 48
_TEXT_PIECE = 3_000
_SAID_AFTER_MS = 700


class PaperDocument(QTextDocument):
    """Shows no picture: those from the net are not loaded, the others are not asked for."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        image = QImage(1, 1, QImage.Format.Format_ARGB32)
        image.fill(0)
        return image


def ask_and_print(window: QWidget, message: MessageSummary, text: MessageText) -> None:
    """Ask for a printer or a file; the dialog does not hold the window."""
    name = message.subject or "Message"
    ask_for_paper(window, name, "Print this message", lambda: paper_parts(message, text))


def ask_for_paper(
    window: QWidget, name: str, title: str, parts: Callable[[], Sequence[str]]
) -> None:
    """Anything else in parts of HTML goes to paper in the same way."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    dialog = QPrintDialog(printer, window)
    dialog.setWindowTitle(title)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintToFile, on=True)
    dialog.accepted.connect(lambda: print_and_say(window, printer, parts(), title))
    dialog.finished.connect(dialog.deleteLater)
    QDialog.open(dialog)  # QPrintDialog has an older open() of its own, with a receiver


class PrintJob(QObject):
    """Lays out part by part and prints page by page, a hundredth of a second at a time.

    Signals:
        progressed: How many thousandths are done.
        ended: All is printed, or the founder has stopped it.
    """

    progressed = Signal(int)
    ended = Signal()

    def __init__(self, printer: QPrinter, parts: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._printer = printer
        self._parts = parts
        self._laid = self._page = 0
        self._pages = 0
        self._painter = QPainter()
        self._paper = QRectF(0, 0, printer.width(), printer.height())
        self._document = PaperDocument(self)
        self._document.setDefaultStyleSheet(_STYLE)
        self._document.documentLayout().setPaintDevice(printer)
        self._document.setDocumentMargin(_MARGIN)
        self._document.setPageSize(self._paper.size())
        self._steps = QTimer(self)
        self._steps.timeout.connect(self._step)
        self._steps.start(0)

    def stop(self) -> None:
        self._printer.abort()
        self._end()

    def _step(self) -> None:
        ends_at = time.perf_counter() + _STEP_SECONDS
        while time.perf_counter() < ends_at:
            if self._laid < len(self._parts):
                append_part(self._document, self._parts[self._laid])
                self._laid += 1
            elif not self._pages:
                self._pages = self._document.pageCount()
                self._painter.begin(self._printer)
            elif self._page < self._pages:
                self._print_page()
            else:
                self._end()
                return
        laid = self._laid / len(self._parts)
        printed = self._page / self._pages if self._pages else 0.0
        self.progressed.emit(round(500 * (laid + printed)))

    def _print_page(self) -> None:
        if self._page:
            self._printer.newPage()
        seen = self._paper.translated(0, self._page * self._paper.height())
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = seen
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, "#000000")
        context.palette = palette
        self._painter.save()
        self._painter.translate(0, -seen.top())
        self._painter.setClipRect(seen)
        self._document.documentLayout().draw(self._painter, context)
        self._painter.restore()
        self._page += 1
        corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        self._painter.drawText(self._paper, corner, f"{self._page} / {self._pages}")

    def _end(self) -> None:
        if self._steps.isActive():
            self._steps.stop()
            if self._painter.isActive():
                self._painter.end()
            self.ended.emit()


def print_and_say(
    window: QWidget, printer: QPrinter, parts: Sequence[str], title: str = "Print this message"
) -> PrintJob:
    """Print, and say so if it takes a while; it can be stopped there."""
    job = PrintJob(printer, parts, window)
    said = QProgressDialog("It is being printed", "Stop", 0, 1000, window)
    said.setWindowTitle(title)
    said.setMinimumDuration(_SAID_AFTER_MS)
    job.progressed.connect(said.setValue)
    said.canceled.connect(job.stop)
    job.ended.connect(said.deleteLater)
    job.ended.connect(job.deleteLater)
    return job


def paper_parts(message: MessageSummary, text: MessageText) -> list[str]:
    """The pages as HTML; every word of strangers but the washed HTML is escaped."""
    head = "".join(
        f"<tr><td><b>{name}</b></td><td>{html_text.escape(words)}</td></tr>"
        for name, words in _head(message, text)
    )
    title = html_text.escape(message.subject or "(no subject)")
    parts = [f"<h1>{title}</h1><table>{head}</table>"]
    if text.html:
        return parts + _below_rule([part for part in text.html.split(PART_BREAK) if part])
    parts += _below_rule([*_as_html(text.text)])
    if text.quoted:
        parts += _below_rule([f'<div class="q">{part}</div>' for part in _as_html(text.quoted)])
    return parts


def _below_rule(parts: list[str]) -> list[str]:
    """In one part with what follows: a part that only rules would be written over."""
    return [f"<hr>{part}" if not number else part for number, part in enumerate(parts)]


def _head(message: MessageSummary, text: MessageText) -> Iterator[tuple[str, str]]:
    sender = message.sender
    yield "From", f"{sender.name} <{sender.email}>" if sender.name else sender.email
    if message.recipients:
        yield "To", ", ".join(one.email for one in message.recipients)
    sent = message.sent_at.astimezone()
    yield "Date", f"{sent:%a} {sent.day} {sent:%b %Y}, {sent:%H:%M %Z}"
    files = [part.name for part in text.parts if not part.is_inline]
    if files:
        yield "Files", ", ".join(files)


def _as_html(text: str) -> Iterator[str]:
    for paragraph in text.strip().split("\n\n"):
        for start in range(0, max(1, len(paragraph)), _TEXT_PIECE):
            piece = html_text.escape(paragraph[start : start + _TEXT_PIECE])
            yield f"<p>{piece.replace(chr(10), '<br>')}</p>"
