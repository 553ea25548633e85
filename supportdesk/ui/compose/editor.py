"""The text of an answer. Plain text with undo; files and pictures dropped on it are told."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QFocusEvent, QImage, QPaintEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CONTROL, Ink, TypeRole
from supportdesk.ui.widgets.box import Box, column
from supportdesk.ui.widgets.canvas import Canvas

_LEAST_LINES = 3
_USUAL_LINES = 8
_LOOKED_AT = 20
"""So many empty lines at its beginning at most; the first words tell the side of a text."""
_PARAGRAPH_END, _LINE_END = "\u2029", "\u2028"
"""What a document of Qt keeps in place of line ends."""


class Editor(QPlainTextEdit):
    """Nothing but the founder changes its text: what is inserted for them is one step to undo.

    Signals:
        edited: The text is another.
        files_dropped: Paths of files, by drag or paste.
        picture_pasted: A QImage that is not a file.
        focused: It has the keyboard, or has it no more.
    """

    edited = Signal()
    files_dropped = Signal(object)
    picture_pasted = Signal(object)
    focused = Signal()

    def __init__(self, theme: Theme, text: str, cursor: int) -> None:
        super().__init__()
        self._theme = theme
        self._text: str | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Text")
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.restyle()
        self.setPlainText(text)
        self._is_right_to_left = False
        option = self.document().defaultTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDefaultTextOption(option)
        self._settle_side()
        self._text = None
        self._revision = self.document().revision()
        place = self.textCursor()
        place.setPosition(units_of(self.text[: max(0, cursor)]))
        self.setTextCursor(place)
        self.textChanged.connect(self._on_changed)

    @property
    def text(self) -> str:
        """As typed. `toPlainText` would make plain spaces of those that do not break."""
        if self._text is None:
            raw = self.document().toRawText()
            self._text = raw.replace(_PARAGRAPH_END, "\n").replace(_LINE_END, "\n")
        return self._text

    @property
    def cursor_place(self) -> int:
        """In characters of `text`."""
        return self.place_of(self.textCursor().position())

    def place_of(self, units: int) -> int:
        """Qt counts in units of UTF-16, we in characters."""
        before = self.text.encode("utf-16-le", "surrogatepass")[: 2 * units]
        return len(before.decode("utf-16-le", "ignore"))

    def restyle(self) -> None:
        """Text has another size; text, cursor and undo history stay."""
        self.setFont(self._theme.font(TypeRole.READ))
        self.updateGeometry()

    def insert(self, words: str) -> None:
        """At the cursor, or in place of what is selected; one step to undo."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.insertText(words)
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def append(self, words: str) -> None:
        """Below all; one step to undo. The cursor stays."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        cursor.insertText(words)
        cursor.endEditBlock()

    def sizeHint(self) -> QSize:
        return self._size_of(_USUAL_LINES)

    def minimumSizeHint(self) -> QSize:
        return self._size_of(_LEAST_LINES)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return bool(local_files(source)) or source.hasImage() or source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste and drop. A picture counts only without words: programs put both of a table."""
        files = local_files(source)
        if files:
            self.files_dropped.emit(files)
        elif source.hasImage() and not source.hasText():
            image = source.imageData()
            if isinstance(image, QImage) and not image.isNull():
                self.picture_pasted.emit(image)
        else:
            self.insert(source.text())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit()

    def _on_changed(self) -> None:
        """A new format of some words is told as a change of the text, too."""
        self._text = None
        revision = self.document().revision()
        if revision != self._revision:
            self._revision = revision
            self._settle_side()
            self.edited.emit()

    def _settle_side(self) -> None:
        """Each paragraph runs its own way by itself, but all of them stand at one side."""
        block = self.document().firstBlock()
        for _ in range(_LOOKED_AT):
            if block.text().strip() or not block.next().isValid():
                break
            block = block.next()
        is_right_to_left = block.textDirection() is Qt.LayoutDirection.RightToLeft
        if is_right_to_left != self._is_right_to_left:
            self._is_right_to_left = is_right_to_left
            option = self.document().defaultTextOption()
            side = Qt.AlignmentFlag.AlignRight if is_right_to_left else Qt.AlignmentFlag.AlignLeft
            option.setAlignment(side)
            self.document().setDefaultTextOption(option)

    def _size_of(self, lines: int) -> QSize:
        height = self.fontMetrics().lineSpacing() * lines
        return QSize(200, height + 2 * int(self.document().documentMargin()))


class EditorFrame(Box):
    """Its edge, as fields have one; thicker while it has the keyboard."""

    def __init__(self, theme: Theme, editor: Editor) -> None:
        super().__init__(theme, Ink.RAISED, Ink.EDGE, radius=RADIUS_CONTROL)
        self._editor = editor
        column(theme, editor, gap=0, margins=(5, 3, 3, 3), inside=self)
        editor.focused.connect(self.update)
        self.setFocusProxy(editor)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._editor.hasFocus():
            with Canvas.over(self.theme, self) as canvas:
                canvas.focus_ring(self.rect().toRectF(), RADIUS_CONTROL)


def local_files(source: QMimeData) -> tuple[str, ...]:
    """The files that somebody drags or has copied; folders and the network are none."""
    urls: list[QUrl] = source.urls() if source.hasUrls() else []
    paths = (url.toLocalFile() for url in urls if url.isLocalFile())
    return tuple(path for path in paths if Path(path).is_file())


def units_of(text: str) -> int:
    """How long Qt says that it is."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
