"""All composers of this run, by draft.

They outlive the pages: a window that is built anew for another size of text takes the one on show
over, with text, cursor and undo history.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from supportdesk.ui.choices import Choices
from supportdesk.ui.rows import Action
from supportdesk.ui.rows.composer import ComposerView, ReplyRow
from supportdesk.ui.theme.theme import Theme

if TYPE_CHECKING:
    from supportdesk.ui.compose.compose_window import ComposeWindow
    from supportdesk.ui.compose.composer import Composer


class Composers(QObject):
    """At most one of them is docked, below the message; some are in windows of their own.

    Signals:
        docked: The Composer that stands below the message now, or None.
    """

    docked = Signal(object)

    def __init__(self, theme: Theme, choices: Choices, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._choices = choices
        self._window = window
        self._composers: dict[str, Composer] = {}
        self._windows: dict[str, ComposeWindow] = {}
        # What is neither docked nor in a window waits here, hidden.
        self._shelf = QWidget(window)
        self._shelf.hide()
        self._docked = ""
        theme.sizes_changed.connect(self._restyle)

    # --- what controllers ask ----------------------------------------------------------

    def show(self, view: ComposerView) -> None:
        """Make it, or tell it what has changed; it stays where it is."""
        composer = self._composers.get(view.draft_id)
        if composer is None:
            self._make(view)
        else:
            composer.show_view(view)

    def readdress(self, view: ComposerView) -> None:
        """More is known of what it answers: see `Composer.readdress`."""
        composer = self._composers.get(view.draft_id)
        if composer is not None:
            composer.readdress(view)

    def dock(self, draft_id: str) -> None:
        """Below the message, unless it has a window of its own; "" puts away what is there."""
        if draft_id == self._docked:
            return
        self._shelve()
        if draft_id in self._composers and draft_id not in self._windows:
            self._docked = draft_id
        self.docked.emit(self.docked_one)

    def take_keyboard(self, draft_id: str) -> None:
        composer = self._composers.get(draft_id)
        if composer is None:
            return
        window = self._windows.get(draft_id)
        if window is not None:
            window.raise_()
            window.activateWindow()
        composer.take_keyboard()

    def insert(self, draft_id: str, words: str) -> None:
        """At the cursor, as if it was typed."""
        composer = self._composers.get(draft_id)
        if composer is not None:
            composer.insert(words)

    def replace_text(self, draft_id: str, words: str) -> None:
        """All of the text, as one step to undo."""
        composer = self._composers.get(draft_id)
        if composer is not None:
            composer.replace_text(words)

    def show_replies(self, draft_id: str, replies: Sequence[ReplyRow]) -> None:
        """Offer these at the composer; the choice comes as `Choices.reply_chosen`."""
        composer = self._composers.get(draft_id)
        if composer is None:
            return
        from supportdesk.ui.compose.reply_picker import ReplyPicker

        picker = ReplyPicker(self._theme, replies, composer.window())
        picker.chosen.connect(lambda key: self._choices.reply_chosen.emit(draft_id, key))
        picker.new_asked.connect(lambda: self._choices.reply_made.emit(draft_id))
        picker.change_asked.connect(lambda key: self._choices.reply_edited.emit(draft_id, key))
        picker.open_at(composer.replies_place)

    def lift(self) -> None:
        """What holds it is about to go. It counts as docked: the next holder gets it."""
        composer = self.docked_one
        if composer is not None:
            self._park(composer)

    def open_apart(self, draft_id: str) -> None:
        """In a window of its own: what it answers can be shown nowhere any more."""
        composer = self._composers.get(draft_id)
        if composer is not None and draft_id not in self._windows:
            self._open_window(draft_id, composer)
            composer.take_keyboard()

    def leave(self, draft_id: str) -> None:
        """It is on its way: a window of its own goes, its words stay for an undo."""
        self._close_window(draft_id)

    def close(self, draft_id: str) -> None:
        """It was sent, or thrown away: its composer goes."""
        composer = self._composers.get(draft_id)
        if composer is None:
            return
        self._close_window(draft_id)
        del self._composers[draft_id]
        if draft_id == self._docked:
            self._docked = ""
            self.docked.emit(None)
        composer.hide()
        composer.deleteLater()

    def flush(self) -> None:
        """Tell at once what is typed and was not told of yet."""
        for composer in self._composers.values():
            composer.flush()

    def is_open(self, draft_id: str) -> bool:
        """It is on show, below the message or in a window of its own."""
        return draft_id == self._docked or draft_id in self._windows

    @property
    def is_any_on_show(self) -> bool:
        """Below the message, or in a window of its own."""
        return bool(self._docked or self._windows)

    @property
    def docked_one(self) -> Composer | None:
        return self._composers.get(self._docked)

    def owns(self, widget: QWidget | None) -> bool:
        """Something of a composer has the keyboard."""
        return widget is not None and any(
            one is widget or one.isAncestorOf(widget) for one in self._composers.values()
        )

    # --- inside ------------------------------------------------------------------------

    def _make(self, view: ComposerView) -> None:
        # What a composer is made of waits for the first answer.
        from supportdesk.ui.compose.composer import Composer

        choices = self._choices
        composer = Composer(self._theme, view)
        composer.setParent(self._shelf)
        composer.typed.connect(choices.draft_typed)
        composer.edited.connect(choices.draft_changed)
        composer.send_asked.connect(choices.send_asked)
        composer.put_away.connect(self._put_away)
        composer.discarded.connect(choices.draft_discarded)
        composer.replies_asked.connect(choices.replies_asked)
        composer.held_chosen.connect(choices.held_chosen)
        composer.files_added.connect(choices.files_added)
        composer.picture_pasted.connect(choices.picture_pasted)
        composer.file_removed.connect(choices.file_removed)
        composer.asked.connect(choices.asked)
        composer.message_asked.connect(choices.item_chosen)
        composer.moved.connect(self._move)
        self._composers[view.draft_id] = composer

    def _put_away(self, draft_id: str) -> None:
        self._close_window(draft_id)
        self._choices.draft_put_away.emit(draft_id)

    def _move(self, draft_id: str) -> None:
        """Into a window of its own, or back; who has the keyboard keeps it."""
        composer = self._composers[draft_id]
        if draft_id in self._windows:
            self._close_window(draft_id)
            self.dock(draft_id)
            # Below the message that it answers, whatever is on show by now.
            self._choices.asked.emit(Action.EDIT_DRAFT, draft_id)
        else:
            self._open_window(draft_id, composer)
        composer.take_keyboard()

    def _open_window(self, draft_id: str, composer: Composer) -> None:
        from supportdesk.ui.compose.compose_window import ComposeWindow

        if draft_id == self._docked:
            self._docked = ""
            self.docked.emit(None)
        window = ComposeWindow(self._theme, composer)
        window.closed.connect(lambda: composer.leave())
        self._windows[draft_id] = window
        composer.set_apart(True)
        window.show()

    def _close_window(self, draft_id: str) -> None:
        window = self._windows.pop(draft_id, None)
        if window is not None:
            composer = self._composers[draft_id]
            self._park(composer)
            composer.set_apart(False)
            window.close()
            window.deleteLater()

    def _shelve(self) -> None:
        composer = self.docked_one
        if composer is not None:
            composer.flush()
            self._park(composer)
        self._docked = ""

    def _park(self, composer: Composer) -> None:
        """Qt would hand the keyboard on as if Tab had been pressed, which ends a field."""
        focused = composer.window().focusWidget()
        if focused is not None and composer.isAncestorOf(focused):
            focused.clearFocus()
        composer.setParent(self._shelf)

    def _restyle(self) -> None:
        for composer in self._composers.values():
            composer.restyle()
