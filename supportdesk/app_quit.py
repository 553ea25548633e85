"""Quitting while an answer is counted down or being written: asked first, and nothing is lost.

The end of the session, and whoever ends the process, is not asked: what was counted down is then
kept as a draft, as after a crash.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from supportdesk.core import Core
from supportdesk.domain.answers import Draft, DraftId
from supportdesk.domain.sending import GONE, UNSENT, Outgoing, SendState
from supportdesk.services.wording import count, fit
from supportdesk.ui.theme.theme import Theme

if TYPE_CHECKING:
    from supportdesk.ui.controllers.window_controller import WindowController
    from supportdesk.ui.quit_question import QuitChoice, QuitQuestion

_NAME = 40
_ON_THEIR_WAY = frozenset({SendState.COUNTING, *UNSENT}) - {
    SendState.HELD,
    SendState.REFUSED,
    SendState.DOUBTFUL,
}


class AppQuit(QObject):
    """Ends the program when the founder means it."""

    def __init__(
        self,
        core: Core,
        theme: Theme,
        *,
        in_front: Callable[[], "WindowController"],
        being_written: Callable[[], tuple[Draft, ...]],
        quit_app: Callable[[], None],
        parent: QObject,
    ) -> None:
        """Ask by a window that is made only when there is something to ask.

        Args:
            core: Knows what is counted down.
            theme: For the question.
            in_front: Brings the window to the front.
            being_written: Drafts in an open composer, with something written in them.
            quit_app: Ends the program.
            parent: As of any QObject.
        """
        super().__init__(parent)
        self._answering = core.answering
        self._theme = theme
        self._in_front = in_front
        self._being_written = being_written
        self._quit = quit_app
        self._question: QuitQuestion | None = None
        self._leaving: frozenset[DraftId] = frozenset()
        self._answering.changed.connect(self._moved)

    def ask(self) -> None:
        """Quit, or ask before it."""
        counting, writing = tuple(self._answering.counting()), self._being_written()
        if not counting and not writing:
            self._quit()
        elif self._question is None:
            self._open(counting, writing)

    # --- inside ------------------------------------------------------------------------

    def _open(self, counting: tuple[DraftId, ...], writing: tuple[Draft, ...]) -> None:
        from supportdesk.ui.quit_question import QuitQuestion

        window = self._in_front().window
        question, text = _counted(counting) if counting else _written(writing)
        self._question = QuitQuestion(
            self._theme, window, question=question, text=text, can_send=bool(counting)
        )
        self._question.chosen.connect(self._chosen)
        self._question.open()

    def _chosen(self, choice: "QuitChoice") -> None:
        from supportdesk.ui.quit_question import QuitChoice

        match choice:
            case QuitChoice.STAY:
                self._close()
            case QuitChoice.KEEP:
                self._close()
                for draft_id in self._answering.counting():
                    self._answering.undo(draft_id)
                self._quit()
            case QuitChoice.SEND_NOW:
                self._send_now()

    def _send_now(self) -> None:
        """It is quit once customers have it, or it is known that they do not."""
        self._leaving = frozenset(self._answering.counting())
        if self._question is not None:
            self._question.say("Sending", "supportdesk ends when it has gone out.", "Quit now")
        for draft_id in self._leaving:
            self._answering.send_now(draft_id)
        self._look()

    def _moved(self, draft_id: DraftId) -> None:
        if draft_id in self._leaving:
            self._look()

    def _look(self) -> None:
        known = [self._answering.outgoing(one) for one in self._leaving]
        left = [one for one in known if one is not None and one.state not in GONE]
        stuck = [one for one in left if _is_stuck(one)]
        if not left:
            self._close()
            self._quit()
        elif len(stuck) == len(left) and self._question is not None:
            self._leaving = frozenset()
            problem = stuck[0].problem
            why = f"{problem.title}. " if problem is not None else ""
            text = f"{why}It is kept. What waits goes out when supportdesk runs and can send."
            self._question.say("It has not gone out", text, "Quit")

    def _close(self) -> None:
        question, self._question = self._question, None
        self._leaving = frozenset()
        if question is not None:
            question.chosen.disconnect(self._chosen)
            question.accept()
            question.deleteLater()


def _is_stuck(outgoing: Outgoing) -> bool:
    """It will not go out in the next moments."""
    has_failed = outgoing.state is SendState.WAITING and outgoing.problem is not None
    return has_failed or outgoing.state not in _ON_THEIR_WAY


def _counted(counting: tuple[DraftId, ...]) -> tuple[str, str]:
    how_many = count(len(counting), "message is", "messages are")
    text = "Their time to undo is not over. Kept as a draft it is there at the next start."
    return f"{how_many} not sent yet", text


def _written(writing: tuple[Draft, ...]) -> tuple[str, str]:
    first = next(iter(writing[0].recipients), None)
    name = fit(first.label, _NAME) if first is not None else "nobody yet"
    more = f", and {len(writing) - 1} more" if len(writing) > 1 else ""
    text = "What you wrote is kept, and is there at the next start. Nothing of it has been sent."
    return f"You are writing to {name}{more}", text
