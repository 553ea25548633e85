"""A message on paper or as a PDF: its head, its words, the names of its files. Nothing is loaded.

Imported only when somebody prints: the library for it costs memory that reading does not need.
"""

from __future__ import annotations

import html as html_text
from collections.abc import Iterator

from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from supportdesk.domain.mail import PART_BREAK, MessageSummary, MessageText

_STYLE = (
    "body { color: #000000 } a { color: #000000 } td { padding-right: 8px }"
    ".q { color: #444444 } h1 { font-size: 14pt }"
)


class PaperDocument(QTextDocument):
    """Shows no picture: those from the net are not loaded, the others are not asked for."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        image = QImage(1, 1, QImage.Format.Format_ARGB32)
        image.fill(0)
        return image


def ask_and_print(window: QWidget, message: MessageSummary, text: MessageText) -> None:
    """Ask for a printer or a file; the dialog does not hold the window."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(message.subject or "Message")
    dialog = QPrintDialog(printer, window)
    dialog.setWindowTitle("Print this message")
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintToFile, on=True)
    dialog.accepted.connect(lambda: print_message(printer, message, text))
    dialog.finished.connect(dialog.deleteLater)
    QDialog.open(dialog)  # QPrintDialog has an older open() of its own, with a receiver


def print_message(printer: QPrinter, message: MessageSummary, text: MessageText) -> None:
    document = PaperDocument()
    document.setDefaultStyleSheet(_STYLE)
    document.setHtml(paper_html(message, text))
    document.print_(printer)


def paper_html(message: MessageSummary, text: MessageText) -> str:
    """The page as HTML; every word of strangers but the washed HTML is escaped."""
    head = "".join(
        f"<tr><td><b>{name}</b></td><td>{html_text.escape(words)}</td></tr>"
        for name, words in _head(message, text)
    )
    title = html_text.escape(message.subject or "(no subject)")
    body = text.html.replace(PART_BREAK, "") if text.html else _as_html(text.text)
    quoted = f'<hr><div class="q">{_as_html(text.quoted)}</div>' if text.quoted else ""
    return f"<h1>{title}</h1><table>{head}</table><hr>{body}{'' if text.html else quoted}"


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


def _as_html(text: str) -> str:
    paragraphs = html_text.escape(text.strip()).split("\n\n")
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in paragraphs)
