"""A message to a chat before it goes: to the letter, and only a click sends it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from supportdesk.ui.rows import ButtonRank, Notice
from supportdesk.ui.rows.week_words import ChatView
from supportdesk.ui.settings.fields import TextField
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.theme.tokens import RADIUS_CARD, Ink, TypeRole
from supportdesk.ui.widgets.banner import Banner
from supportdesk.ui.widgets.box import STRETCH, Box, Grow, clear, column, row
from supportdesk.ui.widgets.button import Button
from supportdesk.ui.widgets.density import resize_to_ems
from supportdesk.ui.widgets.flow import flowing
from supportdesk.ui.widgets.label import Label

_EMS_WIDE, _EMS_HIGH = 52, 36
_ABOUT_HOOK = (
    "Slack, Mattermost, Discord, Google Chat and others give out an address that takes messages:"
    " an incoming hook. Whoever has it can write there, so it is kept in the key store."
)
_EXACTLY = (
    "Exactly this goes, once, when you press Send. Signs without width in it keep links and @names"
    " from working."
)
_NAME = "Address of the incoming hook"


class ChatDialog(QDialog):
    """Asks for a hook first, where none is kept.

    Signals:
        hook_given: The address that was pasted.
        another_asked: The one that is kept is to be forgotten.
        send_asked: What is shown may go.
    """

    hook_given = Signal(str)
    another_asked = Signal()
    send_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._notice: Notice | None = None
        self.setWindowTitle("The page to a chat")
        self._title = Label(theme, "", TypeRole.TITLE).wrapping()
        self._notice_place = column(theme, gap=0)
        self._url = TextField(theme, _NAME, "", "https://hooks.slack.com/services/…")
        self._url.setMaxLength(4_096)
        self._keep = self._button("Keep it", ButtonRank.PRIMARY)
        self._keep.clicked.connect(lambda: self.hook_given.emit(self._url.value))
        self._url.returnPressed.connect(self._keep.click)
        about = Label(theme, _ABOUT_HOOK, ink=Ink.TEXT2).wrapping()
        caption = Label(theme, _NAME, TypeRole.CAPTION_B, Ink.TEXT2)
        self._asking = QWidget()
        column(theme, about, caption, self._url, STRETCH, gap=8, inside=self._asking)
        self._body = QPlainTextEdit()
        self._body.setReadOnly(True)
        self._body.setAccessibleName("What goes, to the letter")
        self._body.setFont(theme.font())
        self._showing = QWidget()
        exactly = Label(theme, _EXACTLY, ink=Ink.TEXT2)
        ground = Box(theme, Ink.PAGE, Ink.LINE, radius=RADIUS_CARD)
        column(theme, self._body, margins=(8, 8, 4, 8), inside=ground)
        column(theme, exactly.wrapping(), Grow(ground), gap=8, inside=self._showing)
        self._forget = self._button("Another hook", ButtonRank.GHOST)
        self._forget.clicked.connect(self.another_asked)
        self._send = self._button("Send", ButtonRank.PRIMARY, icon="send")
        self._send.clicked.connect(self.send_asked)
        self._close = self._button("Close", ButtonRank.GHOST)
        self._close.clicked.connect(self.reject)
        column(
            theme,
            self._title,
            self._notice_place,
            Grow(column(theme, self._asking, Grow(self._showing), gap=0)),
            row(theme, Grow(flowing(self._forget, self._close, self._keep, self._send, gap=6))),
            gap=10,
            margins=(24, 18, 24, 16),
            inside=self,
        )
        resize_to_ems(theme, self, _EMS_WIDE, _EMS_HIGH)

    def show_view(self, view: ChatView) -> None:
        is_asking = not view.host
        self._title.setText(_title(view))
        for widget in (self._asking, self._keep):
            widget.setVisible(is_asking)
        for widget in (self._showing, self._forget, self._send):
            widget.setVisible(not is_asking)
        if self._body.toPlainText() != view.body:
            self._body.setPlainText(view.body)
        why_not = _why_not(view)
        self._send.set_possible(not why_not, why_not)
        self._forget.set_possible(not view.is_going, "It is on its way")
        self._show_notice(view.notice)
        if is_asking:
            self._url.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- inside ------------------------------------------------------------------------

    def _show_notice(self, notice: Notice | None) -> None:
        if notice == self._notice:
            return
        self._notice = notice
        clear(self._notice_place)
        if notice is not None:
            self._notice_place.addWidget(Banner(self._theme, notice))

    def _button(self, label: str, rank: ButtonRank, *, icon: str = "") -> Button:
        button = Button(self._theme, label, rank, icon=icon)
        button.setAutoDefault(False)
        return button


def _why_not(view: ChatView) -> str:
    if view.is_going:
        return "It is on its way"
    if view.has_gone:
        return "It is in the chat already"
    return "" if view.body else "The chat would not take this page"


def _title(view: ChatView) -> str:
    if not view.host:
        return "Which chat?"
    if view.has_gone:
        return f"It went to {view.host}"
    return f"Sending to {view.host} …" if view.is_going else f"To {view.host}"
