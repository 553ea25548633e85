"""One conversation in a scrolling column: the open message, its cards, and the others around it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QWidget

from supportdesk.ui.inbox.attachments import AttachmentsRow
from supportdesk.ui.inbox.message_cards import NestedCard, card_widget
from supportdesk.ui.inbox.message_lines import PULL, MessageLines
from supportdesk.ui.inbox.message_prose import MessageProse
from supportdesk.ui.inbox.person_card import PersonCard
from supportdesk.ui.inbox.quiet_line import QuietLine
from supportdesk.ui.inbox.side_card import SideCard
from supportdesk.ui.rows import (
    ButtonRank,
    FilesView,
    MessageCard,
    MessageLine,
    MessageView,
    NestedView,
    Notice,
    PersonView,
    Tone,
)
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import READING_WIDTH, Ink, TypeRole
from supportdesk.ui.voices.kept_words import KeptInText
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import STRETCH, Grow, Item, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.label import Avatar, Elided, Label
from supportdesk.ui.widgets.skeleton import Skeleton

_FACE = 22


class Slot(QWidget):
    """A part of the column: built anew only when what it shows has changed.

    So a colleague's answer that comes in below takes no selection, fold or place away.
    """

    def __init__(self, theme: Theme, build: Callable[[Slot], None]) -> None:
        super().__init__()
        # The margin is for what is pulled to the optical edge: it must not be cut off there.
        self.stack = column(theme, gap=8, margins=(PULL, 0, 0, 0), inside=self)
        self._build = build
        self._shown: object = None
        self.hide()

    def show_if_new(self, what: object, *, is_empty: bool) -> bool:
        """Tell whether it was built anew."""
        if what == self._shown:
            return False
        self.build_anew(what, is_empty=is_empty)
        return True

    def build_anew(self, what: object, *, is_empty: bool) -> None:
        self._shown = what
        clear(self.stack)
        if not is_empty:
            self._build(self)
        self.setVisible(not is_empty)


class MessageBody(QWidget):
    """Shows one view after the other; what stays the same stays untouched.

    Signals:
        message_asked: The key of another message of the conversation.
        link_asked: An address, and the words that stand for it.
        link_hovered: An address under the pointer or the keyboard; "" when it left.
        felt_chosen: Key of kept words, and a `Felt` or None.
        quote_undo_asked: Key of words that shall not be kept after all.
        rebuilt: There are other widgets to tab through.
    """

    asked = Signal(object, str)
    message_asked = Signal(str)
    item_asked = Signal(str)
    link_asked = Signal(str, str)
    link_hovered = Signal(str)
    selection_made = Signal()
    zoom_asked = Signal(int)
    felt_chosen = Signal(str, object)
    quote_undo_asked = Signal(str)
    rebuilt = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view = MessageView(key="", conversation_key="", subject="")
        self._fold: Button | None = None
        self._files_row: AttachmentsRow | None = None
        self._prose_shown: MessageProse | None = None
        self._folded: MessageProse | None = None
        self._kept: KeptInText | None = None
        self._pictures: dict[str, QImage] = {}
        self.setMaximumWidth(theme.mark(READING_WIDTH) + 2 * theme.gap(24))
        self._person = Slot(theme, self._build_person)
        self._side = Slot(theme, self._build_side)
        self._earlier = Slot(theme, self._build_earlier)
        self._head = Slot(theme, self._build_head)
        self._notices = Slot(theme, self._build_notices)
        self._cards = Slot(theme, self._build_cards)
        self._words = Slot(theme, self._build_words)
        self._forwarded = Slot(theme, self._build_forwarded)
        self._files = Slot(theme, self._build_files)
        self._later = Slot(theme, self._build_later)
        slots = (
            *(self._person, self._side, self._earlier, self._head, self._notices, self._cards),
            *(self._words, self._forwarded, self._files, self._later),
        )
        column(theme, *slots, STRETCH, gap=8, margins=(24 - PULL, 2, 24, 12), inside=self)
        theme.reading_zoom_changed.connect(self._zoom_changed)

    @property
    def selected_words(self) -> str:
        """What is selected of the message, its folded part included."""
        shown = [prose for prose in (self._prose_shown, self._folded) if prose is not None]
        chosen = (prose.selected_words for prose in shown)
        return next((words for words in chosen if words.strip()), "")

    @property
    def selected_at(self) -> int:
        """Where in the text the selection begins."""
        return self._prose_shown.textCursor().selectionStart() if self._prose_shown else 0

    def choose_sentence(self) -> bool:
        """False when there are no words to choose from."""
        return self._prose_shown is not None and self._prose_shown.choose_sentence()

    def show_view(self, view: MessageView) -> None:
        if view.key != self._view.key:
            self._pictures = {}
        self._view = view
        above, below = _divided(view.cards)
        changes = [
            self._person.show_if_new(view.person, is_empty=view.person is None),
            self._side.show_if_new(view.side, is_empty=view.side.is_empty),
            self._earlier.show_if_new(view.earlier, is_empty=not view.earlier),
            self._head.show_if_new(view.head, is_empty=view.head is None),
            self._notices.show_if_new(view.notices, is_empty=not view.notices),
            self._cards.show_if_new((view.key, above), is_empty=not above),
            self._words.show_if_new(_words_of(view), is_empty=False),
            self._forwarded.show_if_new((view.key, below), is_empty=not below),
            self._show_files_slot(view),
            self._later.show_if_new(view.later, is_empty=not view.later),
        ]
        if self._kept is not None:
            self._kept.show_kept(view.kept)
        if any(changes):
            self.rebuilt.emit()

    def _show_files_slot(self, view: MessageView) -> bool:
        if not view.attachments:
            self._files_row = None
        return self._files.show_if_new(view.attachments, is_empty=not view.attachments)

    @property
    def top_of_message(self) -> int:
        """Where the open message begins, in pixels from the top of the column."""
        return self._head.y() if not self._head.isHidden() else 0

    @property
    def top_of_words(self) -> int:
        """Where what is answered begins: its writer in a thread, else its text."""
        return self._words.y() if self._head.isHidden() else self._head.y()

    @property
    def words(self) -> MessageProse | None:
        """The text of the open message."""
        return self._prose_shown

    def show_picture(self, name: str, image: QImage) -> None:
        """It stays for a text that is built anew, as long as the message is the same."""
        self._pictures[name] = image
        for prose in (self._prose_shown, self._folded):
            if prose is not None:
                prose.set_image(name, image)

    def show_files(self, view: FilesView) -> None:
        """How the attached files of the open message are now."""
        if self._files_row is not None and self._files_row.message_key == view.message_key:
            self._files_row.show_files(view)

    def toggle_quote(self) -> bool:
        """Fold or unfold the quoted text; False when there is none."""
        if self._fold is None:
            return False
        self._fold.toggle()
        return True

    # --- parts -------------------------------------------------------------------------

    def _build_person(self, slot: Slot) -> None:
        person = self._view.person
        assert isinstance(person, PersonView)  # noqa: S101 - the slot is empty otherwise
        card = PersonCard(self._theme, person)
        card.asked.connect(self.asked)
        card.item_asked.connect(self.item_asked)
        slot.stack.addWidget(card)
        slot.stack.addSpacing(self._theme.gap(6))

    def _build_side(self, slot: Slot) -> None:
        card = SideCard(self._theme, self._view.side)
        card.asked.connect(self.asked)
        slot.stack.addWidget(card)

    def _build_earlier(self, slot: Slot) -> None:
        self._add_lines(slot, self._view.earlier, are_earlier=True)

    def _build_later(self, slot: Slot) -> None:
        self._add_lines(slot, self._view.later, are_earlier=False)

    def _add_lines(self, slot: Slot, shown: tuple[MessageLine, ...], *, are_earlier: bool) -> None:
        lines = MessageLines(self._theme, shown, are_earlier=are_earlier)
        lines.asked.connect(self.message_asked)
        lines.unfolded.connect(self.rebuilt)
        slot.stack.addLayout(row(self._theme, -PULL, Grow(lines), gap=0))

    def _build_head(self, slot: Slot) -> None:
        theme, line = self._theme, self._view.head
        assert isinstance(line, MessageLine)  # noqa: S101 - the slot is empty otherwise
        items: list[Item] = [Avatar(theme, line.who, _FACE), Grow(self._who(line))]
        if line.is_new:
            items.append(Label(theme, "new", TypeRole.CAPTION_B, Ink.ACCENT_TEXT))
        items.append(Label(theme, line.when, TypeRole.CAPTION, Ink.TEXT2))
        slot.stack.addLayout(row(theme, *items, gap=8, margins=(0, 4, 0, 0)))

    def _who(self, line: MessageLine) -> Label:
        return Elided(self._theme, line.who, TypeRole.BODY_B)

    def _build_notices(self, slot: Slot) -> None:
        for notice in self._view.notices:
            slot.stack.addWidget(self._banner(notice))

    def _banner(self, notice: Notice) -> Banner | QuietLine:
        is_quiet = notice.tone is Tone.MUTED
        banner = QuietLine(self._theme, notice) if is_quiet else Banner(self._theme, notice)
        banner.asked.connect(self.asked)
        return banner

    def _build_cards(self, slot: Slot) -> None:
        self._add_cards(slot, _divided(self._view.cards)[0])

    def _build_forwarded(self, slot: Slot) -> None:
        self._add_cards(slot, _divided(self._view.cards)[1])

    def _add_cards(self, slot: Slot, cards: tuple[MessageCard, ...]) -> None:
        for card in cards:
            widget = card_widget(self._theme, card)
            widget.asked.connect(self.asked)
            if isinstance(widget, NestedCard):
                widget.link_asked.connect(self.link_asked)
                widget.selection_made.connect(self.selection_made)
                widget.unfolded.connect(self.rebuilt)
            slot.stack.addWidget(widget)

    def _build_words(self, slot: Slot) -> None:
        view = self._view
        self._fold = self._prose_shown = self._folded = self._kept = None
        if view.html or view.text.strip():
            prose = self._prose()
            self._fill(prose, view.html, view.text)
            self._prose_shown = prose
            self._kept = self._kept_in(prose)
            slot.stack.addWidget(prose)
        elif view.is_here:
            nothing = "This message has no words of its own."
            slot.stack.addWidget(Label(self._theme, nothing, ink=Ink.TEXT3))
        if view.loading:
            slot.stack.addWidget(Skeleton(self._theme, view.loading))
        if view.quoted_text or view.quoted_html:
            self._add_quote(slot)

    def _add_quote(self, slot: Slot) -> None:
        summary = self._view.quoted_summary or "Quoted text"
        fold = Button(self._theme, summary, ButtonRank.GHOST, icon="fold", small=True)
        fold.giving_way().setCheckable(True)
        fold.setToolTip(f"{summary}: show or hide (e)")
        quote = self._prose(TypeRole.BODY)
        quote.setAccessibleName(summary if self._view.quoted_html else "Quoted text")
        self._fill(quote, self._view.quoted_html, self._view.quoted_text)
        quote.hide()
        self._folded = quote
        fold.toggled.connect(quote.setVisible)
        self._fold = fold
        slot.stack.addLayout(self._pulled_left(fold))
        slot.stack.addWidget(quote)

    def _fill(self, prose: MessageProse, html: str, text: str) -> None:
        prose.show_html(html) if html else prose.show_text(text)
        for name, image in self._pictures.items():
            prose.set_image(name, image)

    def _build_files(self, slot: Slot) -> None:
        files = AttachmentsRow(self._theme, self._view.attachments)
        files.asked.connect(self.asked)
        files.rebuilt.connect(self.rebuilt)
        self._files_row = files
        slot.stack.addWidget(files)

    def _pulled_left(self, button: Button) -> QHBoxLayout:
        """Takes back a ghost button's padding, so that its words line up with the text."""
        return row(self._theme, -PULL, button, STRETCH)

    def _kept_in(self, prose: MessageProse) -> KeptInText:
        kept = KeptInText(self._theme, prose)
        kept.felt_chosen.connect(self.felt_chosen)
        kept.undo_asked.connect(self.quote_undo_asked)
        kept.show_kept(self._view.kept)
        return kept

    # --- prose -------------------------------------------------------------------------

    def _prose(self, role: TypeRole = TypeRole.READ) -> MessageProse:
        prose = MessageProse(self._theme, role)
        prose.link_chosen.connect(self.link_asked)
        prose.link_near.connect(self.link_hovered)
        prose.selection_made.connect(self.selection_made)
        prose.zoom_asked.connect(self.zoom_asked)
        return prose

    def _zoom_changed(self) -> None:
        if self._view.key:
            self._words.build_anew(_words_of(self._view), is_empty=False)
            self.rebuilt.emit()


def _words_of(view: MessageView) -> tuple[object, ...]:
    """What the text, its fold and its waiting are made of."""
    words = (view.key, view.html, view.text, view.quoted_summary, view.quoted_text)
    return (*words, view.quoted_html, view.loading, view.is_here)


def _divided(
    cards: tuple[MessageCard, ...],
) -> tuple[tuple[MessageCard, ...], tuple[MessageCard, ...]]:
    """What is said before the words, and the forwarded messages, which stand below them."""
    above = tuple(card for card in cards if not isinstance(card, NestedView))
    return above, tuple(card for card in cards if isinstance(card, NestedView))
