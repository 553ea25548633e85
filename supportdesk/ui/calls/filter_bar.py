"""What the list of past calls is narrowed down to: which ones, queue, day, words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from supportdesk.ui.inbox.search_box import SearchField
from supportdesk.ui.rows import ButtonRank, CallsFilter, CallsTab, PastCalls
from supportdesk.ui.rows.calls import CHOICES
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.widgets.box import column
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.flow import flowing

_ALL_QUEUES = "All queues"
_ANY_DAY = "Any day"


class FilterBar(QWidget):
    """A row of choices that wraps, and a field below it while it is searched in."""

    changed = Signal(object)
    entered = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._view = PastCalls()
        self._tabs = {tab: self._tab(theme, tab) for tab in CHOICES}
        self._queue = self._menu_button(theme, "Which queue", self._open_queues)
        self._day = self._menu_button(theme, "Which day", self._open_days)
        self._field = SearchField()
        self._field.setFont(theme.font())
        self._field.setAccessibleName("Search calls")
        self._field.setPlaceholderText("Name, number or words of a note")
        self._field.textEdited.connect(self._on_edited)
        self._field.left.connect(self.close_search)
        self._field.entered.connect(self.entered)
        self._field.hide()
        choices = flowing(*self._tabs.values(), self._queue, self._day, gap=2)
        column(theme, choices, self._field, gap=4, inside=self)

    def show_choice(self, view: PastCalls) -> None:
        self._view = view
        chosen = view.filter
        for tab, button in self._tabs.items():
            button.setChecked(tab is chosen.tab)
        is_of_week = chosen.tab not in self._tabs
        self._queue.setVisible(len(view.queues) > 1 and not is_of_week)
        self._day.setVisible(not is_of_week)
        _relabel(self._queue, chosen.queue or _ALL_QUEUES)
        labels = {day.day: day.label for day in view.days}
        _relabel(self._day, labels.get(chosen.day, chosen.day) or _ANY_DAY)
        if chosen.words and self._field.text() != chosen.words and not self._field.hasFocus():
            self._field.setText(chosen.words)
        self._field.setVisible(bool(chosen.words) or self._is_searching())

    def open_search(self) -> None:
        """Over all calls, unless some have been chosen."""
        self._field.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def close_search(self) -> bool:
        """False when nothing was searched."""
        was_open = not self._field.isHidden()
        had_words = bool(self._view.filter.words)
        self._field.clear()
        self._field.hide()
        if had_words:
            self._change(replace(self._view.filter, words="", tab=CallsTab.MISSED))
        if was_open:
            self.entered.emit()
        return was_open

    # --- inside ------------------------------------------------------------------------

    def _is_searching(self) -> bool:
        return not self._field.isHidden() and self._field.hasFocus()

    def _tab(self, theme: Theme, tab: CallsTab) -> Button:
        button = Button(theme, tab.value, ButtonRank.GHOST, small=True)
        button.setCheckable(True)
        button.clicked.connect(lambda: self._choose_tab(tab))
        return button

    def _menu_button(self, theme: Theme, name: str, opens: Callable[[], None]) -> Button:
        button = Button(theme, rank=ButtonRank.GHOST, icon="down", hint=name, small=True)
        button.clicked.connect(opens)
        return button

    def _choose_tab(self, tab: CallsTab) -> None:
        self._tabs[tab].setChecked(True)
        self._change(replace(self._view.filter, tab=tab))

    def _on_edited(self, words: str) -> None:
        tab = self._view.filter.tab
        if words.strip() and tab not in (CallsTab.ANSWERED, CallsTab.MINE):
            tab = CallsTab.ALL
        self._change(replace(self._view.filter, words=words, tab=tab))

    def _open_queues(self) -> None:
        choices = [("", _ALL_QUEUES), *((queue, queue) for queue in self._view.queues)]
        self._open(self._queue, choices, lambda queue: replace(self._view.filter, queue=queue))

    def _open_days(self) -> None:
        choices = [("", _ANY_DAY), *((day.day, day.label) for day in self._view.days)]
        self._open(self._day, choices, lambda day: replace(self._view.filter, day=day))

    def _open(
        self,
        button: Button,
        choices: Sequence[tuple[str, str]],
        wanted: Callable[[str], CallsFilter],
    ) -> None:
        menu = QMenu(self)
        for value, label in choices:
            entry = menu.addAction(label.replace("&", "&&"))
            entry.triggered.connect(lambda _=False, value=value: self._change(wanted(value)))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _change(self, wanted: CallsFilter) -> None:
        if wanted != self._view.filter:
            self.changed.emit(wanted)


def _relabel(button: Button, label: str) -> None:
    if button.text() != label:
        button.set_label(label)
