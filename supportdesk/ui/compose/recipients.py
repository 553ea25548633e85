"""Who gets it: chips that wrap, and a field to type or paste more. By keyboard throughout.

Of many only the first are shown as chips; all of them are in a list that a button opens.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from supportdesk.domain.mail import Mailer
from supportdesk.ui.compose.addresses import chip_of, mailers_in
from supportdesk.ui.rows import ButtonRank
from supportdesk.ui.rows.composer import RecipientChip, RecipientLine
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CHIP, RADIUS_CONTROL, Ink, TypeRole
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.canvas import Canvas, is_focus_shown
from supportdesk.ui.widgets.flow import Flow
from supportdesk.ui.widgets.tips import plain_tip

MOST_CHIPS = 12
"""More are in the list alone."""
_LEAVING = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.MouseFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_MOST_EMS = 22
_LEAST_HEIGHT = 24
_ENTRY_EMS = 3
_MARK = 13


class RecipientsField(QWidget):
    """One line of the head.

    Signals:
        changed: There are others now.
        moved: A chip belongs to another line: Mailer, RecipientLine.
        list_asked: All of them are wanted in a list.
    """

    changed = Signal()
    moved = Signal(object, object)
    list_asked = Signal()

    def __init__(self, theme: Theme, line: RecipientLine, mailers: Sequence[Mailer]) -> None:
        super().__init__()
        self._theme = theme
        self.line = line
        self._chips = [chip_of(mailer) for mailer in mailers]
        self._buttons: list[QPushButton] = []
        self._flow = _ChipFlow(gap=4)
        self._flow.setContentsMargins(4, 3, 4, 3)
        self.setLayout(self._flow)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        self.setSizePolicy(policy)
        self.entry = _Entry(theme, line)
        self.entry.ended.connect(self._take_entry)
        self.entry.focused.connect(self.update)
        self.entry.backed.connect(lambda: self._step_from(len(self._buttons), -1))
        self.entry.textEdited.connect(lambda _words: self.changed.emit())
        self._flow.addWidget(self.entry)
        self.setFocusProxy(self.entry)
        self._show()

    @property
    def mailers(self) -> tuple[Mailer, ...]:
        """Those that are chips, and those that stand in the field as yet."""
        typed = mailers_in(self.entry.text())
        return (*(chip.mailer for chip in self._chips), *self._new_of(typed))

    @property
    def warning(self) -> str:
        """Who of them cannot be written to."""
        return next(
            (
                f"{chip.label}: {chip.warning}"
                for chip in map(chip_of, self.mailers)
                if chip.warning
            ),
            "",
        )

    def set_mailers(self, mailers: Sequence[Mailer]) -> None:
        self._chips = [chip_of(mailer) for mailer in mailers]
        self._show()
        self.changed.emit()

    def add(self, mailers: Sequence[Mailer]) -> None:
        fresh = self._new_of(mailers)
        if fresh:
            self._chips += [chip_of(mailer) for mailer in fresh]
            self._show()
            self.changed.emit()

    def restyle(self) -> None:
        """Text has another size; what is typed stays."""
        self.entry.restyle()
        self._show()

    def paintEvent(self, event: QPaintEvent) -> None:
        with Canvas.over(self._theme, self) as canvas:
            rect = QRectF(self.rect())
            canvas.rounded(rect, RADIUS_CONTROL, Ink.RAISED, Ink.EDGE)
            if self.entry.hasFocus():
                canvas.focus_ring(rect, RADIUS_CONTROL)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Anywhere in it."""
        self.entry.setFocus(Qt.FocusReason.MouseFocusReason)

    # --- inside ------------------------------------------------------------------------

    def _new_of(self, mailers: Sequence[Mailer]) -> list[Mailer]:
        known = {chip.mailer.email.casefold() for chip in self._chips}
        return [mailer for mailer in mailers if mailer.email.casefold() not in known]

    def _take_entry(self) -> None:
        words = self.entry.text()
        if words.strip():
            self.entry.clear()
            self.add(mailers_in(words))

    def _show(self) -> None:
        had_focus = next((n for n, one in enumerate(self._buttons) if one.hasFocus()), None)
        for button in self._buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        shown = self._chips[:MOST_CHIPS]
        self._buttons = [self._chip_button(chip) for chip in shown]
        more = len(self._chips) - len(shown)
        if more:
            self._buttons.append(self._more_button(more))
        self._flow.take_before_last(self._buttons)
        for button in self._buttons:
            button.show()
        if had_focus is not None:
            target = self._buttons[min(had_focus, len(self._buttons) - 1) :]
            (target[0] if target else self.entry).setFocus(Qt.FocusReason.OtherFocusReason)
        self.updateGeometry()

    def _chip_button(self, chip: RecipientChip) -> QPushButton:
        button = ChipButton(self._theme, chip, self.line)
        button.setParent(self)
        button.clicked.connect(lambda: self._open_menu(button))
        button.removed.connect(lambda: self._remove(chip))
        button.menu_asked.connect(lambda: self._open_menu(button))
        button.stepped.connect(lambda by: self._step_from(self._buttons.index(button), by))
        return button

    def _more_button(self, count: int) -> QPushButton:
        button = Button(
            self._theme,
            f"and {count:,} more",
            ButtonRank.GHOST,
            hint=f"All {len(self._chips):,} of {self.line.value} in a list",
            small=True,
        )
        button.setParent(self)
        button.clicked.connect(self.list_asked)
        return button

    def _remove(self, chip: RecipientChip) -> None:
        self._chips = [one for one in self._chips if one.mailer != chip.mailer]
        self._show()
        self.changed.emit()

    def _step_from(self, number: int, by: int) -> None:
        wanted = number + by
        if 0 <= wanted < len(self._buttons):
            self._buttons[wanted].setFocus(Qt.FocusReason.TabFocusReason)
        elif wanted >= len(self._buttons):
            self.entry.setFocus(Qt.FocusReason.TabFocusReason)

    def _open_menu(self, button: ChipButton) -> None:
        chip = button.chip
        menu = QMenu(self)
        for line in RecipientLine:
            if line is not self.line:
                entry = menu.addAction(f"Move to {line.value}")
                entry.triggered.connect(partial(self._move, chip, line))
        menu.addAction("Change").triggered.connect(lambda: self._change(chip))
        copy = menu.addAction("Copy address")
        copy.triggered.connect(lambda: QApplication.clipboard().setText(chip.mailer.email))
        menu.addAction("Remove").triggered.connect(lambda: self._remove(chip))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _move(self, chip: RecipientChip, line: RecipientLine, _checked: bool = False) -> None:
        self._remove(chip)
        self.moved.emit(chip.mailer, line)

    def _change(self, chip: RecipientChip) -> None:
        """Back into the field, as it would be typed."""
        self._take_entry()
        self._remove(chip)
        name, email = chip.mailer.name, chip.mailer.email
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        self.entry.setText(f'"{quoted}" <{email}>' if name else email)
        self.entry.setFocus(Qt.FocusReason.OtherFocusReason)


class ChipButton(QPushButton):
    """Somebody who gets it. Delete removes, arrows go on, Enter or a click opens a menu."""

    removed = Signal()
    menu_asked = Signal()
    stepped = Signal(int)

    def __init__(self, theme: Theme, chip: RecipientChip, line: RecipientLine) -> None:
        super().__init__(chip.label)
        self._theme = theme
        self.chip = chip
        self.setFont(theme.font())
        # Tab goes from field to field; the arrows from one to another.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{line.value}: {chip.accessible_text}")
        self.setAccessibleDescription("Delete removes, Enter opens a menu")
        self.setToolTip(plain_tip(chip.accessible_text))

    def sizeHint(self) -> QSize:
        theme, metrics = self._theme, self._theme.metrics()
        mark = theme.mark(_MARK) + 4 if self.chip.warning else 0
        width = metrics.horizontalAdvance(self.chip.label) + theme.gap(16) + mark
        most = _MOST_EMS * theme.em()
        height = max(_LEAST_HEIGHT, metrics.height() + theme.gap(5))
        return QSize(int(min(width, most)) + 1, int(height))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), int(6 * self._theme.em())), hint.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.removed.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Menu | Qt.Key.Key_Space:
                self.menu_asked.emit()
            case Qt.Key.Key_Left | Qt.Key.Key_Up:
                self.stepped.emit(-1)
            case Qt.Key.Key_Right | Qt.Key.Key_Down:
                self.stepped.emit(1)
            case _:
                super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, is_wrong = self._theme, bool(self.chip.warning)
        with Canvas.over(theme, self) as canvas:
            rect = QRectF(self.rect())
            ground = Ink.SELECTED if self.isDown() or self.underMouse() else Ink.PRESSED
            canvas.rounded(rect, RADIUS_CHIP, Ink.BRICK_BG if is_wrong else ground)
            x = theme.gap(8.0)
            if is_wrong:
                size = theme.mark(_MARK)
                canvas.icon("warn", Ink.BRICK, x, (rect.height() - size) / 2, size)
                x += size + 4
            metrics = theme.metrics()
            base = (rect.height() + metrics.ascent() - metrics.descent()) / 2
            ink = Ink.BRICK if is_wrong else Ink.TEXT
            room = rect.width() - x - theme.gap(7)
            canvas.text(x, base, self.chip.label, TypeRole.BODY, ink, width=room)
            if is_focus_shown(self) or self.hasFocus():
                canvas.focus_ring(rect, RADIUS_CHIP)


class _Entry(QLineEdit):
    """Where another is typed; a comma, Enter or leaving it makes a chip of the words."""

    ended = Signal()
    backed = Signal()
    focused = Signal()

    def __init__(self, theme: Theme, line: RecipientLine) -> None:
        super().__init__()
        self._theme = theme
        self.setFrame(False)
        # The field around it has the edge.
        self.setStyleSheet("QLineEdit { border: 0; background: transparent; padding: 0 4px }")
        self.setAccessibleName(line.value)
        self.setAccessibleDescription("Type or paste addresses; Backspace goes to those before")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    def restyle(self) -> None:
        self.setFont(self._theme.font())
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        theme = self._theme
        height = max(_LEAST_HEIGHT, theme.metrics().height() + theme.gap(5))
        return QSize(int(_ENTRY_EMS * theme.em()), int(height))

    def minimumSizeHint(self) -> QSize:
        return QSize(int(_ENTRY_EMS * self._theme.em()), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_first = not self.text() and self.cursorPosition() == 0
        is_plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if is_plain:
                self.ended.emit()
            case Qt.Key.Key_Backspace | Qt.Key.Key_Left if is_first:
                self.backed.emit()
            case _ if event.text() in (",", ";") and self._is_whole():
                self.ended.emit()
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit()
        # A menu, another window or a pane that is built anew is no leaving.
        if event.reason() in _LEAVING:
            self.ended.emit()

    def _is_whole(self) -> bool:
        """Outside of quotes, and something is there."""
        before = self.text()[: self.cursorPosition()]
        return bool(before.strip()) and before.count('"') % 2 == 0


class _ChipFlow(Flow):
    """The field takes what is left of the last line."""

    def heightForWidth(self, width: int) -> int:
        around = self.contentsMargins()
        inner = super().heightForWidth(width - around.left() - around.right())
        return inner + around.top() + around.bottom()

    def minimumSize(self) -> QSize:
        return super().minimumSize().grownBy(self.contentsMargins())

    def sizeHint(self) -> QSize:
        return super().sizeHint().grownBy(self.contentsMargins())

    def setGeometry(self, rect: QRect) -> None:
        inner = rect.marginsRemoved(self.contentsMargins())
        super().setGeometry(inner)
        last = self.itemAt(self.count() - 1)
        if last is not None:
            place = last.geometry()
            place.setRight(inner.right())
            last.setGeometry(place)

    def take_before_last(self, widgets: Sequence[QWidget]) -> None:
        """Put them before the field."""
        last = self.takeAt(self.count() - 1)
        for widget in widgets:
            self.addWidget(widget)
        if last is not None:
            self.addItem(last)
