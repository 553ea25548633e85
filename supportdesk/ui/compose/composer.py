"""Where an answer is written. It lives as long as its draft, wherever it stands.

What can be typed is in widgets that stay: they are moved between pane and window, and dressed for
another size of text, but never built anew. All around them is built anew whenever it changes.
Over 400 lines, for each part is placed here and each of its choices passes here.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QPoint, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from supportdesk.domain.answers import DraftEdit
from supportdesk.services.light_markup import Mark, has_marks
from supportdesk.ui.compose.composer_bar import ComposerBar
from supportdesk.ui.compose.composer_notices import ComposerNotices
from supportdesk.ui.compose.composer_title import ComposerTitle
from supportdesk.ui.compose.draft_files import files_widget
from supportdesk.ui.compose.editor import Editor, EditorFrame, local_files
from supportdesk.ui.compose.head_fields import HeadFields
from supportdesk.ui.compose.held_card import HeldCard
from supportdesk.ui.compose.marks import put_mark
from supportdesk.ui.compose.preview import Preview
from supportdesk.ui.compose.quote_box import QuoteBox
from supportdesk.ui.file_dialog import ask_for_files
from supportdesk.ui.keys import HELD_BACK
from supportdesk.ui.rows import Action, ButtonRank
from supportdesk.ui.rows.composer import ComposerView, HeldChoice
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import Ink
from supportdesk.ui.widgets.box import Box, Edge, Grow, clear, column
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.scroll import scrolling

_PAUSE_MS = 500
_LONGEST_MS = 1_000
"""What is typed is told this long after the first key at the latest."""
_COUNTED_AT_ONCE = 10_000
"""Of so many letters the words are counted at each key; of more with what is told."""
_LOOKED_FOR_MARKS = 16_000
"""Letters; of 200,000 it would take 100 ms, in which a key waits."""
_NOBODY = "Nobody is named who gets it."


class Composer(Box):
    """One draft.

    Signals:
        typed: draft_id, at each change.
        edited: draft_id, DraftEdit; at most once a second, and before anything else is told.
        send_asked, put_away, discarded, replies_asked: draft_id.
        held_chosen: draft_id, HeldChoice.
        files_added: draft_id, paths.
        picture_pasted: draft_id, QImage.
        file_removed: draft_id, key.
        asked: A button of a notice: Action, its target.
        message_asked: The key of a message that is to be shown.
        moved: draft_id: into a window of its own, or back.
        rebuilt: There are other widgets to tab through.
    """

    typed = Signal(str)
    edited = Signal(str, object)
    send_asked = Signal(str)
    put_away = Signal(str)
    discarded = Signal(str)
    replies_asked = Signal(str)
    held_chosen = Signal(str, object)
    files_added = Signal(str, object)
    picture_pasted = Signal(str, object)
    file_removed = Signal(str, str)
    asked = Signal(object, str)
    message_asked = Signal(str)
    moved = Signal(str)
    rebuilt = Signal()

    def __init__(self, theme: Theme, view: ComposerView) -> None:
        super().__init__(theme, Ink.LIST, edges=Edge.TOP)
        self._view = view
        self._is_apart = False
        self._card: HeldCard | None = None
        self.setAcceptDrops(True)
        self.head = HeadFields(theme, view)
        self.editor = Editor(theme, view.body, view.cursor)
        self._frame = EditorFrame(theme, self.editor)
        self._quote = QuoteBox(theme, view.quote, view.quote_summary)
        self._is_formatted = view.is_formatted
        self._title = ComposerTitle(theme)
        self._notices = ComposerNotices(theme)
        self._held_place = QWidget()
        self._preview = Preview(theme)
        self._preview.hide()
        self._files_place = QWidget()
        self._bar = ComposerBar(theme)
        self._lines: list[QVBoxLayout] = []
        self._place()
        self._pending = QElapsedTimer()
        self._fonts_wait = QTimer(self)
        self._fonts_wait.setSingleShot(True)
        self._fonts_wait.setInterval(0)
        self._fonts_wait.timeout.connect(self._restyle_fields)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.flush)
        self._told: DraftEdit | None = None
        self._connect()
        self._add_shortcuts()
        self._dress()
        self._told = self.edit()

    @property
    def draft_id(self) -> str:
        return self._view.draft_id

    @property
    def title(self) -> str:
        return self._view.title

    @property
    def is_apart(self) -> bool:
        """It stands in a window of its own."""
        return self._is_apart

    @property
    def is_held(self) -> bool:
        return self._view.held is not None

    def edit(self) -> DraftEdit:
        """All that can be typed, as it stands now."""
        return DraftEdit(
            sender=self.head.from_whom,
            recipients=self.head.recipients,
            subject=self.head.subject,
            body=self.editor.text,
            cursor=self.editor.cursor_place,
            quote=self._quote.text,
            is_formatted=self._is_formatted,
        )

    def flush(self) -> None:
        """Tell what has not been told of yet."""
        self._soon.stop()
        self._pending.invalidate()
        self._show_facts()
        edit = self.edit()
        if edit != self._told:
            self._told = edit
            self.edited.emit(self.draft_id, edit)
        self._settle_send()

    def show_view(self, view: ComposerView) -> None:
        """All that is not typed."""
        if view == self._view:
            return
        self._view = view
        self.head.show_senders(view)
        self._dress()

    def readdress(self, view: ComposerView) -> None:
        """More is known of what it answers; what the founder has edited stays as it is."""
        self.head.readdress(view)
        self._quote.follow(view.quote, view.quote_summary)
        self.show_view(view)
        self.flush()

    def insert(self, words: str) -> None:
        """At the cursor, as if it was typed."""
        self.editor.insert(words)
        self.take_keyboard()

    def replace_text(self, words: str) -> None:
        """All of it, as one step to undo."""
        self.editor.selectAll()
        self.insert(words)

    def take_keyboard(self) -> None:
        """To the text, or to who shall get it where nobody is named."""
        if self._card is not None:
            self._focus_card()
        elif self.head.has_nobody():
            self.head.focus_people()
        else:
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def has_keyboard(self) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def set_apart(self, is_apart: bool) -> None:
        self._is_apart = is_apart
        self._title.show_title(self._view.title, self._view.kept, is_apart=self._is_apart)

    def restyle(self) -> None:
        """Text has another size: dress all anew around what is typed."""
        self.head.restyle()
        self.editor.restyle()
        self._quote.restyle()
        self._bar.restyle()
        self._dress()
        self._space()

    def _restyle_fields(self) -> None:
        """The style sheet puts back the fonts that it met first, in a window built anew."""
        self.head.restyle()
        self.editor.restyle()

    # --- Qt ----------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fonts_wait.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Single keys mean nothing here, whatever of it has the keyboard."""
        if event.key() == Qt.Key.Key_Escape and self._preview.is_on:
            self._show_preview(False)
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.text().isprintable() and event.text() and not event.modifiers() & HELD_BACK:
            event.accept()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()) and not self.is_held:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = local_files(event.mimeData())
        if files and not self.is_held:
            event.acceptProposedAction()
            self._add_files(files)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._card is not None:
            self._card.set_beside(HeldCard.has_room_beside(self.theme, self.width()))

    # --- acts --------------------------------------------------------------------------

    def send(self) -> None:
        """If somebody gets it; else it is said what is missing."""
        if self.is_held:
            return
        self.flush()
        why_not = self._why_not()
        if not why_not:
            self.send_asked.emit(self.draft_id)
        elif self.head.has_nobody() or self.head.warning:
            self.head.focus_people()

    def leave(self) -> None:
        self.flush()
        self.put_away.emit(self.draft_id)

    def attach(self) -> None:
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
        ask_for_files(self.window(), "Attach files", home, self._add_files)

    # --- inside ------------------------------------------------------------------------

    def _connect(self) -> None:
        self.editor.edited.connect(self._on_edit)
        self.head.changed.connect(self._on_edit)
        self._quote.changed.connect(self._on_edit)
        self._quote.into_text_asked.connect(self._quote_into_text)
        self.editor.files_dropped.connect(self._add_files)
        self.editor.picture_pasted.connect(
            lambda image: self._tell(lambda: self.picture_pasted.emit(self.draft_id, image))
        )
        self.editor.cursorPositionChanged.connect(self._keep_cursor_in_sight)
        # Where the cursor was is kept, too, but is no typing.
        self.editor.cursorPositionChanged.connect(self._tell_soon)
        self._title.versions_asked.connect(
            lambda: self._tell(lambda: self.asked.emit(Action.SHOW_VERSIONS, self.draft_id))
        )
        self._title.move_asked.connect(lambda: self.moved.emit(self.draft_id))
        self._title.leave_asked.connect(self.leave)
        self._notices.asked.connect(self._on_notice)
        bar = self._bar
        bar.send_asked.connect(self.send)
        bar.attach_asked.connect(self.attach)
        bar.replies_asked.connect(self._ask_for_replies)
        bar.mark_asked.connect(self._mark)
        bar.preview_asked.connect(self._show_preview)
        bar.discard_asked.connect(lambda: self._tell(lambda: self.discarded.emit(self.draft_id)))

    def _add_shortcuts(self) -> None:
        acts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+Return", self.send),
            ("Ctrl+Enter", self.send),
            ("Ctrl+Shift+A", self.attach),
            ("Ctrl+Shift+S", self._ask_for_replies),
            ("Ctrl+B", lambda: self._mark(Mark.BOLD)),
            ("Ctrl+I", lambda: self._mark(Mark.ITALIC)),
            ("Ctrl+Shift+L", lambda: self._mark(Mark.BULLETS)),
            ("Ctrl+Shift+P", lambda: self._show_preview(not self._preview.is_on)),
            ("Ctrl+Shift+O", lambda: self.moved.emit(self.draft_id)),
        )
        for keys, act in acts:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            # Held down it would answer what it has just asked.
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(act)

    def _place(self) -> None:
        """The title comes last for Tab: whoever comes in goes to the fields."""
        inner = QWidget()
        self._inner = column(
            self.theme,
            self._notices,
            self._held_place,
            self.head,
            Grow(self._frame),
            self._preview,
            self._quote,
            self._files_place,
            inside=inner,
        )
        self._scroll = scrolling(inner, "Answer")
        self._stack = column(self.theme, Grow(self._scroll), self._bar, gap=0, inside=self)
        self._stack.insertWidget(0, self._title)
        self._held_line = column(self.theme, gap=0, inside=self._held_place)
        self._files_line = column(self.theme, gap=0, inside=self._files_place)
        self._space()

    def _space(self) -> None:
        gap = self.theme.gap
        self._inner.setContentsMargins(gap(24), gap(2), gap(20), gap(6))
        self._inner.setSpacing(gap(6))

    def _dress(self) -> None:
        view = self._view
        self.setAccessibleName(view.title)
        self._title.show_title(self._view.title, self._view.kept, is_apart=self._is_apart)
        # What holds it is said by its card.
        self._notices.show_notices(() if self.is_held else view.notices)
        self._show_held()
        self._show_files()
        self._quote.setVisible(not self.is_held and self._quote.is_needed)
        self._bar.set_primary(view.is_send_primary)
        self._show_facts()
        self._settle_send()
        self.rebuilt.emit()

    def _on_notice(self, action: Action, target: str) -> None:
        if action is Action.ATTACH_FILE:
            self.attach()
        else:
            self._tell(lambda: self.asked.emit(action, target or self.draft_id))

    def _show_held(self) -> None:
        held = self._view.held
        for part in (self.head, self._files_place, self._bar):
            part.setVisible(held is None)
        self._frame.setVisible(held is None and not self._preview.is_on)
        self._preview.setVisible(held is None and self._preview.is_on)
        self._held_place.setVisible(held is not None)
        if held is None:
            if self._card is not None:
                had_keyboard = self.has_keyboard()
                clear(self._held_line)
                self._card = None
                if had_keyboard:
                    self.take_keyboard()
            return
        had_keyboard = self.has_keyboard()
        clear(self._held_line)
        self._card = HeldCard(self.theme, held, self.editor.text)
        self._card.set_beside(HeldCard.has_room_beside(self.theme, self.width()))
        self._card.chosen.connect(self._on_held)
        self._card.message_asked.connect(self.message_asked)
        self._held_line.addWidget(self._card)
        self._held_line.addStretch(1)
        if had_keyboard:
            self._focus_card()

    def _focus_card(self) -> None:
        card = self._card
        if card is not None:
            card.show()
            for button in card.findChildren(Button):
                if button.rank is ButtonRank.PRIMARY:
                    button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_held(self, choice: HeldChoice) -> None:
        self.held_chosen.emit(self.draft_id, choice)

    def _show_files(self) -> None:
        clear(self._files_line)
        files = self._view.files
        self._files_place.setVisible(bool(files) and not self.is_held)
        if files:
            holder, chips = files_widget(self.theme, files)
            for chip in chips:
                chip.removed.connect(lambda key: self.file_removed.emit(self.draft_id, key))
            self._files_line.addWidget(holder)

    def _why_not(self) -> str:
        if self._view.why_not:
            return self._view.why_not
        return _NOBODY if self.head.has_nobody() else self.head.warning

    def _settle_send(self) -> None:
        self._bar.set_why_not(self._why_not())

    def _show_facts(self) -> None:
        """Marks that were typed count as those that a key has put there."""
        text = self.editor.text
        self._is_formatted = has_marks(text[:_LOOKED_FOR_MARKS])
        self._bar.show_words(text)
        self._bar.set_formatted(self._is_formatted)

    def _show_preview(self, is_shown: bool) -> None:
        """Typing goes on once the text is back."""
        is_shown = is_shown and not self.is_held
        if is_shown:
            self._frame.hide()
            self._preview.show_text(self.editor.text)
        else:
            self._preview.end()
            self._frame.setVisible(not self.is_held)
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self._bar.set_previewed(is_shown)
        self.rebuilt.emit()

    def _on_edit(self) -> None:
        self.typed.emit(self.draft_id)
        if self.editor.document().characterCount() < _COUNTED_AT_ONCE:
            self._show_facts()
        self._tell_soon()

    def _tell_soon(self) -> None:
        if not self._pending.isValid():
            self._pending.start()
        left = _LONGEST_MS - self._pending.elapsed()
        self._soon.start(int(max(0, min(_PAUSE_MS, left))))

    def _tell(self, tell: Callable[[], object]) -> None:
        """What is typed is known before anything is done with it."""
        self.flush()
        tell()

    def _add_files(self, paths: tuple[str, ...]) -> None:
        self._tell(lambda: self.files_added.emit(self.draft_id, tuple(paths)))

    def _ask_for_replies(self) -> None:
        if not self.is_held:
            self._tell(lambda: self.replies_asked.emit(self.draft_id))

    def _mark(self, mark: Mark) -> None:
        if not self.is_held:
            put_mark(self.editor, mark)
            self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
            self._on_edit()

    def _quote_into_text(self, quote: str) -> None:
        """To answer between the lines; undo in the text takes only the text back."""
        gap = "" if not self.editor.text or self.editor.text.endswith("\n") else "\n\n"
        self.editor.append(f"{gap}{quote}")
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep_cursor_in_sight(self) -> None:
        inner = self._scroll.widget()
        if self.editor.hasFocus() and inner is not None:
            place = self.editor.cursorRect().center()
            where = self.editor.viewport().mapTo(inner, place)
            self._scroll.ensureVisible(*where.toTuple(), 0, self.editor.fontMetrics().height() * 2)

    @property
    def replies_place(self) -> QPoint:
        """Where the picker of saved replies opens, on the screen."""
        return self._bar.mapToGlobal(QPoint(self.theme.gap(24), 0))
