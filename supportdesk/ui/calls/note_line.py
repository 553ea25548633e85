"""One line for a note of a call, a note on a conversation or a label.

It opens in the window and never takes it over.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QCompleter, QLineEdit, QSizePolicy, QWidget
from shiboken6 import isValid

from supportdesk.ui.rows import ActionButton, ButtonRank
from supportdesk.ui.rows.note import NoteKind, NoteView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import Box, Edge, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Elided, Icon

_LONGEST = 2_000
_LONGEST_QUOTE = 10_000


class _NoteField(QLineEdit):
    """Enter and Esc end it, also where a dialog or the window would take them."""

    ended = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.ended.emit()
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)


class NoteLine(Box):
    """Hidden until it is shown a call. The words are told as they were typed."""

    kept = Signal(str, str)
    """Ledger key of the call, and the words: never only spaces."""
    skipped = Signal(str)
    asked = Signal(object, str)
    typed = Signal(str, str)
    """At every change by the founder."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Ink.LIST, edges=Edge.TOP)
        self._call = ""
        self._kind = NoteKind.CALL
        self._before: QWidget | None = None
        self._question = Elided(theme, "", TypeRole.BODY_B)
        self._field = _NoteField()
        self._field.setFont(theme.font())
        self._field.setMaxLength(_LONGEST)
        self._field.textEdited.connect(lambda words: self.typed.emit(self._call, words))
        self._field.ended.connect(self._keep)
        self._field.left.connect(self._skip)
        keep = Button(theme, "Keep", small=True, hint="Keep this note (Enter)")
        keep.clicked.connect(self._keep)
        skip = Button(theme, "Skip", ButtonRank.GHOST, small=True, hint="No note (Esc)")
        skip.clicked.connect(self._skip)
        self._buttons = (keep, skip)
        self._others = row(theme, gap=4)
        self._offered: tuple[ActionButton, ...] = ()
        self._arrange()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def show_call(self, call: str, label: str) -> None:
        """Ask about this call, with nothing typed yet."""
        self.show_note(NoteView(call=call, label=label))

    def show_note(self, view: NoteView | None) -> None:
        """Ask about this call, with the words so far; None closes the line."""
        if view is None:
            self._call = ""
            self._field.clear()
            self.hide()
            return
        is_quote = view.kind is NoteKind.QUOTE
        # Before the words, which it would cut.
        self._field.setMaxLength(_LONGEST_QUOTE if is_quote else _LONGEST)
        if (view.call, view.kind) != (self._call, self._kind) or view.is_wanted:
            self._field.setText(view.words)
        self._call, self._kind = view.call, view.kind
        self._field.setPlaceholderText(view.hint)
        self._field.setAccessibleDescription(view.hint)
        self._suggest(view.suggestions)
        self._offer(view.others)
        self._question.set_text(view.question)
        self._field.setAccessibleName(view.question)
        self.setAccessibleName(view.question)
        self.show()

    def take_keyboard(self) -> None:
        if not self.has_keyboard:
            self._before = QApplication.focusWidget()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def give_keyboard_back(self) -> bool:
        """To what had it before; False when that is gone."""
        before, self._before = self._before, None
        if before is None or not isValid(before) or not before.isVisible():
            return False
        before.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    @property
    def has_keyboard(self) -> bool:
        return self._field.hasFocus()

    # --- inside ------------------------------------------------------------------------

    def _arrange(self) -> None:
        theme = self.theme
        mark = Icon(theme, "note", Ink.TEXT2)
        margins = (16, 8, 16, 8)
        if theme.is_large:
            head = row(theme, mark, Grow(self._question), gap=8)
            column(theme, head, self._entry(), gap=6, margins=margins, inside=self)
            return
        self._question.setMaximumWidth(theme.mark(360))
        self._question.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        row(theme, mark, self._question, Grow(self._entry()), gap=10, margins=margins, inside=self)

    def _entry(self) -> QWidget:
        holder = QWidget()
        items = (Grow(self._field), *self._buttons, self._others)
        row(self.theme, *items, gap=6, inside=holder)
        return holder

    def _offer(self, others: tuple[ActionButton, ...]) -> None:
        """What else can be kept of the same call."""
        if others == self._offered:
            return
        self._offered = others
        clear(self._others)
        for action in others:
            button = Button.for_action(self.theme, action, small=True)
            button.clicked.connect(lambda _=False, a=action: self.asked.emit(a.action, a.target))
            self._others.addWidget(button)

    def _suggest(self, suggestions: tuple[str, ...]) -> None:
        """What was begun is filled in behind the cursor: Enter takes it, typing on does not."""
        completer = None
        if suggestions:
            completer = QCompleter(list(suggestions), self._field)
            completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        # Qt takes None here and says otherwise.
        self._field.setCompleter(completer)  # type: ignore[arg-type]

    def _keep(self) -> None:
        words = self._field.text()
        if words.strip():
            self.kept.emit(self._call, words)
        else:
            self.skipped.emit(self._call)

    def _skip(self) -> None:
        self.skipped.emit(self._call)
