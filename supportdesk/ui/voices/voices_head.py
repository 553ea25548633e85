"""Above the quotes: the search, the felt words with their counts, one person, one week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from supportdesk.ui.inbox.search_box import SearchField
from supportdesk.ui.rows import ActionButton, ButtonRank
from supportdesk.ui.rows.voices import FeltTab, VoicesFilter, VoicesView, WeekChoice
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import TypeRole
from supportdesk.ui.voices.felt_bar import FELT_ICONS
from supportdesk.ui.widgets.box import STRETCH, Grow, Item, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label

_SEARCH_WIDTH = 240


class VoicesHead(QWidget):
    """Tells which quotes are wanted; what is typed stays while the list changes below it.

    Signals:
        wanted: A `VoicesFilter`.
        entered: From the search to the quotes.
        rebuilt: There are other buttons.
    """

    wanted = Signal(object)
    entered = Signal()
    asked = Signal(object, str)
    rebuilt = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._wanted = VoicesFilter()
        self._weeks: tuple[WeekChoice, ...] = ()
        self._tabs: tuple[object, ...] = ()
        self._offers: tuple[ActionButton, ...] = ()
        self._field = SearchField()
        self._field.setFont(theme.font())
        self._field.setPlaceholderText("Search every kept word")
        self._field.setAccessibleName("Search every kept word (/)")
        self._field.setClearButtonEnabled(False)
        self._field.textEdited.connect(lambda words: self._want(words=words))
        self._field.left.connect(self._leave_search)
        self._field.entered.connect(self.entered)
        self._buttons = row(theme, gap=8)
        self._tab_row = column(theme, gap=0)
        title = Label(theme, "Voices", TypeRole.TITLE)
        if theme.is_large:
            top: Item = column(theme, title, self._field, self._buttons, gap=8)
        else:
            self._field.setFixedWidth(theme.mark(_SEARCH_WIDTH))
            top = row(theme, title, STRETCH, self._field, self._buttons, gap=8)
        column(theme, top, self._tab_row, gap=12, inside=self)

    def show_view(self, view: VoicesView) -> None:
        self._weeks = view.weeks
        if not self._field.hasFocus() and self._field.text() != view.wanted.words:
            self._field.setText(view.wanted.words)
        self._show_offers(view.buttons)
        shown = (view.tabs, view.wanted.felt, view.wanted.week, view.person)
        self._wanted = view.wanted
        if shown != self._tabs:
            self._tabs = shown
            self._show_tabs(view)

    def open_search(self) -> None:
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    @property
    def has_keyboard(self) -> bool:
        """Words are typed into the search."""
        return self._field.hasFocus()

    def focus_tabs(self) -> None:
        """The first button takes the keyboard."""
        for button in self.findChildren(Button):
            button.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._field.clearFocus()

    # --- inside ------------------------------------------------------------------------

    def _show_offers(self, offers: Sequence[ActionButton]) -> None:
        if tuple(offers) == self._offers:
            return
        self._offers = tuple(offers)
        clear(self._buttons)
        for action in offers:
            button = Button.for_action(self._theme, action)
            button.clicked.connect(lambda _=False, a=action: self.asked.emit(a.action, a.target))
            self._buttons.addWidget(button)
        if self._theme.is_large:
            self._buttons.addStretch(1)
        self.rebuilt.emit()

    def _show_tabs(self, view: VoicesView) -> None:
        had_focus = self.isAncestorOf(self.window().focusWidget() or self)
        in_field = self._field.hasFocus()
        clear(self._tab_row)
        tabs = [self._tab(one, view.wanted) for one in view.tabs]
        narrowed = [*self._person(view.person), *self._week(view)]
        if self._theme.is_large:
            holder = flowing(*tabs, *narrowed, gap=2)
            self._tab_row.addWidget(holder)
        else:
            line = row(self._theme, -7, Grow(flowing(*tabs, gap=2)), *narrowed, gap=4)
            self._tab_row.addLayout(line)
        if had_focus and not in_field:
            chosen = next((one for one in tabs if one.isChecked()), None)
            if chosen is not None:
                chosen.show()
                chosen.setFocus(Qt.FocusReason.OtherFocusReason)
        self.rebuilt.emit()

    def _tab(self, tab: FeltTab, wanted: VoicesFilter) -> Button:
        name = tab.felt.value if tab.felt is not None else "All"
        icon = FELT_ICONS[tab.felt] if tab.felt is not None else ""
        button = Button(
            self._theme, f"{name}  {tab.count}", ButtonRank.GHOST, icon=icon, small=True
        )
        button.setCheckable(True)
        button.setChecked(tab.felt is wanted.felt)
        said = f"Felt {name}" if tab.felt is not None else "All kept words"
        button.setAccessibleName(f"{said}: {tab.count}")
        button.toggled.connect(lambda _is_on: self._choose_felt(button, tab))
        return button

    def _choose_felt(self, button: Button, tab: FeltTab) -> None:
        """The chosen one stays: its click chooses nothing else."""
        with QSignalBlocker(button):
            button.setChecked(True)
        if tab.felt is not self._wanted.felt:
            self.wanted.emit(replace(self._wanted, felt=tab.felt))

    def _person(self, person: str) -> list[Button]:
        if not person:
            return []
        button = Button(
            self._theme,
            person,
            ButtonRank.GHOST,
            icon="close",
            hint=f"Only {person}: show everybody's words again",
            small=True,
        ).giving_way()
        button.clicked.connect(lambda: self.wanted.emit(replace(self._wanted, contact="")))
        return [button]

    def _week(self, view: VoicesView) -> list[Button]:
        if not view.weeks:
            return []
        labels = {one.week: one.label for one in view.weeks}
        label = labels.get(view.wanted.week, view.wanted.week)
        button = Button(
            self._theme,
            label,
            ButtonRank.GHOST,
            icon="calendar",
            hint=f"Kept in: {label}. Choose a week",
            small=True,
        )
        button.clicked.connect(lambda: self._open_weeks(button))
        return [button]

    def _open_weeks(self, button: Button) -> None:
        menu = QMenu(self)
        for choice in self._weeks:
            entry = menu.addAction(choice.label)
            entry.setCheckable(True)
            entry.setChecked(choice.week == self._wanted.week)
            entry.triggered.connect(
                lambda _=False, week=choice.week: self.wanted.emit(replace(self._wanted, week=week))
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _leave_search(self) -> None:
        if self._field.text():
            self._field.clear()
            self._want(words="")
        else:
            self.entered.emit()

    def _want(self, *, words: str) -> None:
        self.wanted.emit(replace(self._wanted, words=words))
