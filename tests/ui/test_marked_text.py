"""What a search has found stands out in its line, whatever the script and however long the line."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from supportdesk.ui.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.canvas import Canvas
from supportdesk.ui.widgets.marked_text import Marks, paint_marked

WIDTH, HEIGHT = 240, 40


def ground_of_marks(theme: Theme, words: str, marks: Marks) -> list[int]:
    """The columns in which the ground of a mark shows."""
    image = QImage(WIDTH + 60, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    line = QRectF(0, 26, WIDTH, 20)
    paint_marked(Canvas(theme, painter), line, words, marks, TypeRole.BODY, Ink.TEXT)
    painter.end()
    tint = theme.colour(Ink.TINT).rgb()
    return [
        x for x in range(image.width()) if any(image.pixel(x, y) == tint for y in range(HEIGHT))
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("the flour came twice", "flour"),
        ("🥐🥐🥐 the flour came", "flour"),
        ("طلب الفاتورة رقم", "الفاتورة"),
        ("The mill rang me about it again and again, and then the flour came twice", "flour"),
        ("x" * 300 + " flour", "flour"),
        ("flour" + "x" * 300, "flour"),
    ],
)
def test_a_mark_is_in_sight_and_in_the_line(theme: Theme, words: str, found: str) -> None:
    start = words.index(found)
    columns = ground_of_marks(theme, words, ((start, start + len(found)),))
    advance = theme.metrics().horizontalAdvance(found)
    assert columns
    assert max(columns) <= WIDTH
    assert len(columns) >= advance * 0.5


@pytest.mark.parametrize(
    "words",
    [
        "… and then asked whether I have flour to spare for Friday, and what it costs",
        "internationalisation internationalisation flour to spare",
        "x" * 300 + "flour to spare",
    ],
)
def test_a_mark_is_in_sight_in_large_text(theme: Theme, words: str) -> None:
    theme.set_text_scale(2.0)
    start = words.index("flour")
    columns = ground_of_marks(theme, words, ((start, start + 5),))
    assert len(columns) >= theme.metrics().horizontalAdvance("flour")
    assert max(columns) <= WIDTH


def test_a_mark_wider_than_the_line_is_shown_from_its_beginning(theme: Theme) -> None:
    columns = ground_of_marks(theme, "x" * 300, ((0, 300),))
    assert columns[:3] == [0, 1, 2], "nothing was left out before it"
    assert max(columns) <= WIDTH


def test_marks_that_are_cut_off_leave_no_trace(theme: Theme) -> None:
    words = "flour " + "word " * 100 + "flour"
    columns = ground_of_marks(theme, words, ((0, 5), (len(words) - 5, len(words))))
    assert max(columns) < WIDTH / 2


def test_without_marks_nothing_is_marked(theme: Theme) -> None:
    assert ground_of_marks(theme, "the flour came twice", ()) == []
    assert ground_of_marks(theme, "", ((0, 5),)) == []
