"""Saved replies at a composer: offered with their fields filled in, made, changed and deleted."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from supportdesk.domain.answers import Draft, DraftId
from supportdesk.domain.errors import StoreError
from supportdesk.domain.mail import Mailer
from supportdesk.domain.reply_rules import own_words
from supportdesk.services.saved_replies import Filled, SavedReply, field_values, filled
from supportdesk.services.wording import fit
from supportdesk.ui.controllers.acts import Acts
from supportdesk.ui.main_window import MainWindow
from supportdesk.ui.rows import Notice, Tone
from supportdesk.ui.rows.composer import ReplyRow
from supportdesk.ui.theme.theme import Theme

_NAME = 40
_NOBODY = Mailer(name="", email="")


class SavedRepliesController(QObject):
    """Owns nothing: the replies are files, the words go into the composer.

    Signals:
        said: A `Notice` for beside the message.
    """

    said = Signal(object)

    def __init__(self, window: MainWindow, acts: Acts, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._acts = acts
        self._theme = theme
        choices = window.choices
        choices.replies_asked.connect(self._offer)
        choices.reply_chosen.connect(self._insert)
        choices.reply_made.connect(self._make)
        choices.reply_edited.connect(self._change)

    def _offer(self, draft_id: str) -> None:
        draft = self._draft(draft_id)
        if draft is not None:
            offered = [
                ReplyRow(key=one.key, name=one.name, text=_filled(one, draft).text)
                for one in self._acts.saved_replies.replies()
            ]
            self._window.composers.show_replies(draft_id, offered)

    def _insert(self, draft_id: str, key: str) -> None:
        draft, reply = self._draft(draft_id), self._reply(key)
        if draft is None or reply is None:
            return
        made = _filled(reply, draft)
        self._window.composers.insert(draft_id, made.text)
        if made.left:
            self.said.emit(
                Notice(
                    title=f"{', '.join(made.left)} stands in the text as it is",
                    text="This conversation has nothing to fill in there. Write what belongs "
                    "there before you send it.",
                    tone=Tone.AMBER,
                )
            )

    def _make(self, draft_id: str) -> None:
        """A new one, of what is written already."""
        draft = self._draft(draft_id)
        self._ask(draft_id, "", own_words(draft.body).strip() if draft is not None else "", "")

    def _change(self, draft_id: str, key: str) -> None:
        reply = self._reply(key)
        if reply is not None:
            self._ask(draft_id, reply.name, reply.text, key)

    def _ask(self, draft_id: str, name: str, text: str, key: str) -> None:
        # Rarely asked for: a quiet window does without it.
        from supportdesk.ui.compose.saved_reply_dialog import SavedReplyDialog

        dialog = SavedReplyDialog(self._theme, name, text, self._window, is_new=not key)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(lambda name, text: self._save(draft_id, name, text, key))
        dialog.delete_asked.connect(lambda: self._ask_to_delete(draft_id, name, key))
        dialog.open()

    def _save(self, draft_id: str, name: str, text: str, key: str) -> None:
        folder = self._acts.saved_replies
        self._keep(draft_id, lambda: folder.save(name, text, key))

    def _ask_to_delete(self, draft_id: str, name: str, key: str) -> None:
        from supportdesk.ui.widgets.second_question import SecondQuestion

        question = SecondQuestion(
            self._theme,
            self._window,
            title="Delete a saved reply",
            question=f"Delete “{fit(name, _NAME)}”?",
            goes="This deletes its file. It cannot be undone.",
            stays="Answers that it was put into stay as they are.",
            keep="Keep it",
            delete="Delete it",
        )
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.agreed.connect(
            lambda: self._keep(draft_id, lambda: self._acts.saved_replies.remove(key))
        )
        question.open()

    def _keep(self, draft_id: str, change: Callable[[], object]) -> None:
        try:
            change()
        except StoreError as error:
            self.said.emit(Notice(title=error.title, text=error.advice, tone=Tone.BRICK))
        else:
            self._offer(draft_id)

    def _draft(self, draft_id: str) -> Draft | None:
        # What was typed in the last second counts too.
        self._window.composers.flush()
        return self._acts.answering.draft(DraftId(draft_id))

    def _reply(self, key: str) -> SavedReply | None:
        return next((one for one in self._acts.saved_replies.replies() if one.key == key), None)


def _filled(reply: SavedReply, draft: Draft) -> Filled:
    customer = next(iter(draft.recipients), _NOBODY)
    return filled(reply.text, field_values(customer, draft.sender, draft.subject))
