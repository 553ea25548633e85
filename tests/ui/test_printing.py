"""A message on paper: what stands on it, and that nothing is loaded for it."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QProgressDialog, QWidget
from pytestqt.qtbot import QtBot

from supportdesk.domain.mail import PART_BREAK, MessagePart, MessageText
from supportdesk.ui.inbox.printing import PaperDocument, PrintJob, paper_parts, print_and_say
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
    page.setHtml("".join(paper_parts(MESSAGE, PLAIN)))
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
def test_it_prints_to_a_file(qtbot: QtBot, tmp_path: Path, html: str | None) -> None:
    target = tmp_path / "message.pdf"
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    text = MessageText(account=SUPPORT, message_id=MESSAGE.message_id, text="Third.", html=html)
    parent = QObject()
    job = PrintJob(printer, paper_parts(MESSAGE, text), parent)
    with qtbot.waitSignal(job.ended, timeout=30_000):
        pass
    assert target.read_bytes().startswith(b"%PDF")


def test_a_long_message_is_printed_in_steps_and_can_be_stopped(
    qtbot: QtBot, tmp_path: Path
) -> None:
    long = PART_BREAK.join(["<p>words and more words</p>" * 40] * 60)
    text = MessageText(account=SUPPORT, message_id=MESSAGE.message_id, text="", html=long)
    pages = []
    for is_stopped in (False, True):
        printer = QPrinter()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / f"{is_stopped}.pdf"))
        parent = QObject()
        job = PrintJob(printer, paper_parts(MESSAGE, text), parent)
        steps: list[int] = []
        job.progressed.connect(steps.append)
        if is_stopped:
            job.progressed.connect(job.stop)
        with qtbot.waitSignal(job.ended, timeout=60_000):
            pass
        assert steps == sorted(steps)
        pages.append(len(steps))
    assert pages[0] > 3
    assert pages[1] == 1
    printed = (tmp_path / "False.pdf").read_bytes()
    assert printed.count(b"/Type /Page\n") > 20


def test_the_window_says_that_it_prints_until_it_has(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "message.pdf"))
    job = print_and_say(window, printer, paper_parts(MESSAGE, PLAIN))
    assert window.findChild(QProgressDialog) is not None
    with qtbot.waitSignal(job.destroyed, timeout=30_000):
        pass
    qtbot.waitUntil(lambda: window.findChild(QProgressDialog) is None, timeout=30_000)
    assert (tmp_path / "message.pdf").read_bytes().startswith(b"%PDF")
