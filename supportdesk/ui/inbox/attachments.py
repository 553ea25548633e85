"""The row of attachments under a message: each file by name, its state, and what can be done.

Place it with what is known of the files by name, connect `asked` like every other widget's, and it
does the rest: when it is shown it asks how each file is (`Action.LIST_FILES`), and whoever answers
calls `show_files` again and again while a file comes down. A file that is here can be dragged out.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl, Signal
from PySide6.QtGui import QDrag, QFontMetricsF, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from supportdesk.ui.rows import Action, ActionButton, AttachmentView, FilesView, FileView, Tone
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.box import Box, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import TONE_INKS, Elided, Icon, Label
from supportdesk.ui.widgets.progress import Progress
from supportdesk.ui.widgets.tips import plain_tip


class AttachmentsRow(QWidget):
    """All files of one message, one under the other, with a line of what concerns them all.

    Signals:
        rebuilt: There are other buttons to tab through.
    """

    asked = Signal(object, str)
    rebuilt = Signal()

    def __init__(self, theme: Theme, attachments: Sequence[AttachmentView]) -> None:
        super().__init__()
        self._theme = theme
        key = attachments[0].key.rpartition("#")[0] if attachments else ""
        self._view = FilesView(
            message_key=key,
            files=tuple(
                FileView(key=one.key, name=one.name, size_label=one.size_label)
                for one in attachments
            ),
        )
        self._cards: dict[str, FileCard] = {}
        self._summary = Elided(theme, "", TypeRole.CAPTION, Ink.TEXT2)
        self._buttons = _Buttons(theme)
        self._buttons.asked.connect(self.asked)
        self._head = QWidget()
        line = column if theme.is_large else row
        line(theme, Grow(self._summary), self._buttons, gap=4, inside=self._head)
        self._stack = column(theme, self._head, gap=6, inside=self)
        self.setAccessibleName("Attachments")
        self._show()

    @property
    def message_key(self) -> str:
        """The message whose files these are."""
        return self._view.message_key

    @property
    def view(self) -> FilesView:
        """What is on show."""
        return self._view

    def show_files(self, view: FilesView) -> None:
        """How the files are now; the focus stays where it is."""
        if view != self._view:
            self._view = view
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.message_key:
            self.asked.emit(Action.LIST_FILES, self.message_key)

    def _show(self) -> None:
        view = self._view
        self._summary.set_text(view.summary)
        changes = [self._buttons.show_buttons(view.buttons)]
        self._head.setVisible(bool(view.summary or view.buttons))
        keys = [file.key for file in view.files]
        if keys != list(self._cards):
            self._drop_cards(keys)
        for number, file in enumerate(view.files):
            card = self._cards.get(file.key)
            if card is None:
                card = FileCard(self._theme, file)
                card.asked.connect(self.asked)
                self._cards[file.key] = card
                self._stack.insertWidget(number + 1, card)
                changes.append(True)
            changes.append(card.show_file(file))
        if any(changes):
            self.rebuilt.emit()

    def _drop_cards(self, keys: Sequence[str]) -> None:
        """Others than before: those that stay keep their place, the rest is built anew."""
        kept = 0
        for known, wanted in zip(self._cards, keys, strict=False):
            if known != wanted:
                break
            kept += 1
        for key in list(self._cards)[kept:]:
            card = self._cards.pop(key)
            self._stack.removeWidget(card)
            card.hide()
            card.deleteLater()


class FileName(Elided):
    """Short of room a name gives way in its middle: its end tells the kind of file."""

    def _fit(self) -> None:
        metrics = QFontMetricsF(self.font())
        shown = metrics.elidedText(self._whole, Qt.TextElideMode.ElideMiddle, self.width())
        self.setText(shown)
        self.setToolTip(plain_tip("" if shown == self._whole else self._whole))


class _Buttons(QWidget):
    """A line of small buttons that can change without losing the focus."""

    asked = Signal(object, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[ActionButton, ...] = ()
        self._line: QHBoxLayout = row(theme, gap=2, inside=self)

    def show_buttons(self, wanted: tuple[ActionButton, ...]) -> bool:
        """False when they are the same as before."""
        if wanted == self._shown:
            return False
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self._shown = wanted
        clear(self._line)
        buttons = [self._button(one) for one in wanted]
        if self._theme.is_large:
            self._line.addStretch(1)
        if had_focus and buttons:
            # A layout shows what is put into it only later; what is hidden takes no focus.
            buttons[0].show()
            buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _button(self, action: ActionButton) -> Button:
        button = Button.for_action(self._theme, action, small=True)
        button.clicked.connect(lambda: self.asked.emit(action.action, action.target))
        self._line.addWidget(button)
        return button


class FileCard(Box):
    """One file: icon, name, size and state, a thread while it comes, its buttons."""

    asked = Signal(object, str)

    def __init__(self, theme: Theme, view: FileView) -> None:
        super().__init__(theme, Ink.LIST, Ink.LINE, radius=RADIUS_CARD)
        self._view = view
        self._shown: FileView | None = None
        self._pressed_at: QPointF | None = None
        self._icon = Icon(theme, view.icon, Ink.TEXT2, 20)
        self._name = FileName(theme, view.name)
        self._detail = Elided(theme, "", TypeRole.CAPTION, Ink.TEXT2)
        self._thread = Progress(theme, 0.0, width=None, height=4)
        self._caution = Label(theme, "", TypeRole.CAPTION, Ink.AMBER).wrapping()
        self._buttons = _Buttons(theme)
        self._buttons.asked.connect(self.asked)
        words = column(theme, self._name, self._detail, gap=1)
        top = row(theme, self._icon, Grow(words), gap=9)
        if not theme.is_large:
            top.addWidget(self._buttons)
        column(
            theme,
            top,
            *((self._buttons,) if theme.is_large else ()),
            self._thread,
            self._caution,
            gap=5,
            margins=(12, 6, 6, 6),
            inside=self,
        )
        self.show_file(view)

    def show_file(self, view: FileView) -> bool:
        """False when its buttons are the same as before."""
        if view == self._shown:
            return False
        self._view = self._shown = view
        ink = TONE_INKS[view.tone]
        self._icon.set_icon(view.icon, Ink.TEXT2 if view.tone is Tone.MUTED else ink)
        self._name.set_text(view.name)
        self._detail.set_ink(ink)
        self._detail.set_text(" · ".join(part for part in (view.size_label, view.detail) if part))
        self._thread.setVisible(view.share is not None)
        self._thread.set_share(view.share or 0.0)
        self._caution.set_ink(ink)
        self._caution.setText(view.caution)
        self._caution.setVisible(bool(view.caution))
        has_changed = self._buttons.show_buttons(view.buttons)
        self._buttons.setVisible(bool(view.buttons))
        self.setAccessibleName(view.spoken)
        shape = Qt.CursorShape.OpenHandCursor if view.path else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)
        return has_changed

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._view.path and event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._pressed_at
        if start is None or not self._view.path:
            super().mouseMoveEvent(event)
            return
        moved = (event.position() - start).manhattanLength()
        if moved >= QApplication.startDragDistance():
            self._pressed_at = None
            self.drag().exec(Qt.DropAction.CopyAction)

    def drag(self) -> QDrag:
        """The file on its way to another window: a copy, never the file itself."""
        drag = QDrag(self)
        content = QMimeData()
        content.setUrls([QUrl.fromLocalFile(self._view.path)])
        drag.setMimeData(content)
        return drag
