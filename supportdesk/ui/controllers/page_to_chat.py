"""The page of a week on its way to a chat."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from supportdesk.domain.errors import Problem, SettingsError
from supportdesk.domain.words_page import WordsPage
from supportdesk.services.chat_message import (
    SECRET,
    ChatMessage,
    chat_message,
    checked_url,
    host_of,
)
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.rows import Notice, Tone
from supportdesk.ui.rows.week_words import ChatView
from supportdesk.ui.theme.theme import Theme
from supportdesk.ui.voices.chat_dialog import ChatDialog


class PageToChat(QObject):
    """One page on its way to a chat: a hook is asked for, what would go is shown, then it goes."""

    def __init__(self, parent: QWidget, theme: Theme, acts: Acts, page: WordsPage) -> None:
        self._dialog = dialog = ChatDialog(theme, parent)
        super().__init__(dialog)
        self._outside = acts.ritual.words_page
        self._keep_secret = acts.keep_secret
        self._page = page
        self._host = ""
        self._message: ChatMessage | None = None
        dialog.hook_given.connect(self._take_hook)
        dialog.another_asked.connect(self._forget)
        dialog.send_asked.connect(self._send)
        dialog.finished.connect(dialog.deleteLater)

    def begin(self) -> None:
        self._outside.chat_url(self._answered(self._found))

    # --- inside ------------------------------------------------------------------------

    def _found(self, url: str, problem: Problem | None) -> None:
        if problem is not None:
            self._show(_failed(problem))
        elif url:
            self._prepare(url)
        else:
            self._show()
        self._dialog.open()

    def _prepare(self, url: str, notice: Notice | None = None) -> None:
        self._message = None
        try:
            self._host = host_of(checked_url(url))
            self._message = chat_message(url, self._page)
        except SettingsError as error:
            notice = _failed(error.problem)
        self._show(notice)

    def _take_hook(self, text: str) -> None:
        try:
            url = checked_url(text)
        except SettingsError as error:
            self._show(_failed(error.problem))
            return

        def kept(_words: str, problem: Problem | None) -> None:
            notice = Notice(title="The hook is in the key store", tone=Tone.GOOD)
            if problem is not None:
                title = "The hook is kept for this run only"
                notice = Notice(title=title, text=problem.advice, tone=Tone.AMBER)
            self._prepare(url, notice)

        self._keep_secret(SECRET, url, self._answered(kept))

    def _forget(self) -> None:
        self._host, self._message = "", None
        self._outside.forget_chat_url(self._answered(self._forgotten))

    def _forgotten(self, words: str, problem: Problem | None) -> None:
        self._show(_failed(problem) if problem else Notice(title=words))

    def _send(self) -> None:
        if self._message is None:
            return
        self._show(is_going=True)
        self._outside.post(self._message, self._answered(self._sent))

    def _sent(self, words: str, problem: Problem | None) -> None:
        if problem is not None:
            self._show(_failed(problem))
        else:
            self._show(Notice(title=words, tone=Tone.GOOD), has_gone=True)

    def _show(
        self, notice: Notice | None = None, *, is_going: bool = False, has_gone: bool = False
    ) -> None:
        self._dialog.show_view(
            ChatView(
                host=self._host,
                body=self._message.shown if self._message is not None else "",
                is_going=is_going,
                has_gone=has_gone,
                notice=notice,
            )
        )

    def _answered(
        self, told: Callable[[str, Problem | None], None]
    ) -> Callable[[str, Problem | None], None]:
        """Nobody is told any more once the dialog is gone."""
        is_gone: list[bool] = []
        self._dialog.destroyed.connect(lambda: is_gone.append(True))

        def answered(words: str, problem: Problem | None) -> None:
            if not is_gone:
                told(words, problem)

        return answered


def _failed(problem: Problem) -> Notice:
    return Notice(title=problem.title, text=problem.advice, tone=Tone.BRICK)
