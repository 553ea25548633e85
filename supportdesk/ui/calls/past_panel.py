"""Past calls: a heading with what can be done, the filters, and the list."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from supportdesk.ui.calls.entry_delegate import EntryDelegate
from supportdesk.ui.calls.filter_bar import FilterBar
from supportdesk.ui.calls.promise_line import PromiseLine
from supportdesk.ui.rows import ActionButton, ButtonRank, CallsFilter, PastCalls
from supportdesk.ui.rows.calls import CHOICES
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink, TypeRole
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import Density
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Elided, Label
from supportdesk.ui.widgets.windowed_list import WindowedList

_NARROW_HEIGHT = 320
_ALL_THE_ROOM = 1000


class PastPanel(QWidget):
    """Shows `PastCalls`; the list scrolls by itself and takes the room that is left."""

    asked = Signal(object, str)
    chosen = Signal(str)
    filter_changed = Signal(object)
    rebuilt = Signal()

    def __init__(self, theme: Theme, density: Density) -> None:
        super().__init__()
        self._theme = theme
        self._view: PastCalls | None = None
        self._actions: tuple[ActionButton, ...] = ()
        self._title = Label(theme, "", TypeRole.BODY_B)
        self._note = Elided(theme, "", TypeRole.BODY, Ink.TEXT2)
        self._buttons = QWidget()
        self._button_place = column(theme, gap=0, inside=self._buttons)
        self._filters = FilterBar(theme)
        self._filters.changed.connect(self.filter_changed)
        self._filters.entered.connect(self._go_to_list)
        self._search = Button(
            theme, rank=ButtonRank.GHOST, icon="search", hint="Search all calls (/)", small=True
        )
        self._search.clicked.connect(self.open_search)
        self._promise = PromiseLine(theme)
        self._promise.asked.connect(self.asked)
        self._nothing = Label(theme, "", ink=Ink.TEXT2).wrapping()
        self._nothing.setContentsMargins(theme.gap(14), theme.gap(10), theme.gap(14), theme.gap(10))
        self.list = WindowedList("Past calls")
        self.list.setItemDelegate(EntryDelegate(theme, self.list))
        self.list.chosen.connect(self.chosen)
        if density is Density.NARROW:
            # The page scrolls as a whole, so the list keeps a height worth looking at.
            self.list.setMinimumHeight(theme.mark(_NARROW_HEIGHT))
        self._box = Box.card(theme)
        column(theme, self._nothing, Grow(self.list), margins=(0, 4, 0, 4), inside=self._box)
        above = [*self._head(), self._filters, self._promise]
        stack = column(theme, *above, self._box, STRETCH, gap=6, inside=self)
        stack.setStretchFactor(self._box, _ALL_THE_ROOM)

    def show_past(self, view: PastCalls) -> None:
        old, self._view = self._view, view
        self._title.setText(view.title)
        self._note.set_text(view.note)
        self._filters.show_choice(view)
        self._nothing.setText(view.nothing)
        is_empty = view.rows.count == 0
        self._nothing.setVisible(is_empty)
        self.list.setVisible(not is_empty)
        tall = QSizePolicy.Policy.Maximum if is_empty else QSizePolicy.Policy.Expanding
        self._box.setSizePolicy(QSizePolicy.Policy.Preferred, tall)
        if old is None or old.filter == view.filter:
            self.list.show_source(view.rows)
        else:
            self.list.turn_to(view.rows)
        if view.chosen != self.list.current_key:
            self.list.choose(view.chosen)
        self._show_actions(view.actions)
        self._promise.show_line(view.promise)

    def step(self, by: int) -> None:
        self.list.step(by)

    def open_search(self) -> None:
        self._filters.open_search()

    def step_back(self) -> bool:
        """Esc: out of the search, then back to the missed ones."""
        if self._filters.close_search():
            return True
        if self._view is not None and self._view.filter.tab not in CHOICES:
            self.filter_changed.emit(CallsFilter())
            return True
        return False

    # --- inside ------------------------------------------------------------------------

    def _head(self) -> list[QWidget]:
        head = QWidget()
        if not self._theme.is_large:
            row(
                self._theme, self._title, Grow(self._note), self._buttons, self._search, inside=head
            )
            return [head]
        row(self._theme, self._title, Grow(self._note), self._search, inside=head)
        return [head, self._buttons]

    def _show_actions(self, actions: tuple[ActionButton, ...]) -> None:
        if actions == self._actions:
            return
        old = [button for button in self._buttons.findChildren(Button) if button.hasFocus()]
        focused = old[0].accessibleName() if old else ""
        self._actions = actions
        clear(self._button_place)
        buttons = [self._button(action) for action in actions]
        if buttons and self._theme.is_large:
            self._button_place.addWidget(flowing(*buttons, gap=4))
        elif buttons:
            holder = QWidget()
            row(self._theme, *buttons, gap=4, inside=holder)
            self._button_place.addWidget(holder)
        for button in buttons:
            if focused and button.accessibleName() == focused:
                button.setFocus()
        self.rebuilt.emit()

    def _button(self, action: ActionButton) -> Button:
        button = Button.for_action(self._theme, action, small=True)
        button.clicked.connect(lambda: self.asked.emit(action.action, action.target))
        return button

    def _go_to_list(self) -> None:
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
