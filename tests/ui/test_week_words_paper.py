"""The week in their words on paper: all of it, as words alone, on two sheets."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from supportdesk.domain.voices import Felt
from supportdesk.domain.words_page import Passage, Section, WordsPage
from supportdesk.services.passage_lines import lines_of
from supportdesk.ui.inbox.printing import PaperDocument, PrintJob
from supportdesk.ui.voices.week_words_paper import paper_parts
from tests.hostile_words import HOSTILE

LONG = (
    "You close at five and I start at three in the morning. So I write to you at the hour nobody"
    " reads, and then I wait until somebody comes back to me with an answer that helps."
)
SHORT = Passage(words="Bakers press a grey button twice.", by="I. S.", about="mail, Fri 20 Nov")
QUOTE = Passage(
    words=LONG, by="M. A.", about="call, Tue 17 Nov, 6 min", felt=Felt.LET_DOWN, note="Twice."
)
PAGE = WordsPage(
    title="The week in their words",
    subtitle="Mon 16 – Sun 22 Nov",
    sections=(
        Section(title="In their words", passages=(QUOTE,) * 10, are_quotes=True),
        Section(title="What we learned", passages=(SHORT,) * 5),
        Section(title="Promises still open", passages=()),
    ),
    footer="Names are left out.",
)


def text_of(page: WordsPage) -> str:
    paper = PaperDocument()
    paper.setHtml("".join(paper_parts(page)))
    return paper.toPlainText().replace("\u2028", "\n")


def test_the_words_and_whose_they_are_stand_on_it(qapp: QApplication) -> None:
    said = text_of(PAGE)
    assert said.count(f"“{LONG}”\nM. A., call, Tue 17 Nov, 6 min, let down\nTwice.") == 10
    assert said.count("In their words\n") == 1
    assert "Promises" not in said
    assert said.endswith("Names are left out.")


@pytest.mark.parametrize("words", HOSTILE[:-1])
def test_hostile_words_are_printed_as_words(qapp: QApplication, words: str) -> None:
    hostile = Passage(words=words, by=words, note=words)
    section = Section(title=words, passages=(hostile,), are_quotes=True)
    said = " ".join(text_of(WordsPage(title=words, subtitle="", sections=(section,))).split())
    assert " ".join(" ".join(lines_of(words)).split()) in said


def test_a_full_page_takes_two_sheets(qtbot: QtBot, tmp_path: Path) -> None:
    target = tmp_path / "week.pdf"
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    parent = QObject()
    job = PrintJob(printer, list(paper_parts(PAGE)), parent)
    with qtbot.waitSignal(job.ended, timeout=30_000):
        pass
    assert target.read_bytes().count(b"/Type /Page\n") == 2
