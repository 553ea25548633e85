"""A message on paper: what stands on it, and that nothing is loaded for it."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from supportdesk.domain.mail import MessagePart, MessageText
from supportdesk.ui.inbox.printing import PaperDocument, paper_html, print_message
from tests.fakes.happenings import SUPPORT, a_message

MESSAGE = a_message(1, who="Ingrid <b>Solheim</b>", subject="Flour & <script>")
PLAIN = MessageText(
    account=SUPPORT,
    message_id=MESSAGE.message_id,
    text="Third <Friday>\nin a row.",
    quoted="Hello",
    parts=(MessagePart(name="note.pdf", media_type="application/pdf", size_bytes=3),),
)


def test_the_head_the_words_and_the_names_of_files_are_on_it(qapp: QApplication) -> None:
    page = PaperDocument()
    page.setHtml(paper_html(MESSAGE, PLAIN))
    said = page.toPlainText()
    assert "Flour & <script>" in said
    assert "Ingrid <b>Solheim</b> <ingrid" in said
    assert "Third <Friday>\u2028in a row." in said.replace("\n", "\u2028")
    assert "note.pdf" in said
    assert "Hello" in said


def test_no_picture_is_loaded(qapp: QApplication) -> None:
    page = PaperDocument()
    for address in ("https://t.example/x.png", "file:///etc/hostname", "cid:a"):
        assert page.loadResource(2, QUrl(address)).size().width() == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("html", [None, "<p>Third <b>Friday</b>.</p>\f<p>In a row.</p>"])
def test_it_prints_to_a_file(qapp: QApplication, tmp_path: Path, html: str | None) -> None:
    target = tmp_path / "message.pdf"
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    text = MessageText(account=SUPPORT, message_id=MESSAGE.message_id, text="Third.", html=html)
    print_message(printer, MESSAGE, text)
    assert target.read_bytes().startswith(b"%PDF")
