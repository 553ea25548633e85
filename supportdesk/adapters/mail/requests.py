"""What other threads ask of a mail worker, kept until it has time."""

import contextlib
from collections import deque

from supportdesk.adapters.mail.transport import Waker
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import SourceName
from supportdesk.domain.mail import MessageId, MessagePart
from supportdesk.services.ports import Publisher

Wanted = tuple[MessageId, MessagePart]


class Requests:
    """Asked from any thread, taken by the worker; each request wakes it.

    Attributes:
        attended: What is being answered: what colleagues send is looked for often meanwhile.
        were_files_asked: Once in this run, so that some may still be on their way.
    """

    def __init__(self, waker: Waker) -> None:
        self._waker = waker
        self.attended: MessageId | None = None
        self.were_files_asked = False
        self._texts: deque[MessageId] = deque()
        self._heads: deque[MessageId] = deque()
        self._threads: deque[str] = deque()
        self._parts: deque[Wanted] = deque()
        self._given_up: deque[tuple[MessageId, str]] = deque()
        self._checks: deque[None] = deque(maxlen=1)

    def ask_text(self, message_id: MessageId) -> None:
        self._texts.append(message_id)
        self._waker.wake()

    def ask_part(self, message_id: MessageId, part: MessagePart) -> None:
        self.were_files_asked = True
        self._parts.append((message_id, part))
        self._waker.wake()

    def give_up_part(self, message_id: MessageId, section: str) -> None:
        self.were_files_asked = True
        # What was asked for before and not taken yet must not begin after this.
        for wanted in list(self._parts):
            if (wanted[0], wanted[1].section) == (message_id, section):
                with contextlib.suppress(ValueError):  # the worker was quicker
                    self._parts.remove(wanted)
        self._given_up.append((message_id, section))
        self._waker.wake()

    def ask_head(self, message_id: MessageId) -> None:
        self._heads.append(message_id)
        self._waker.wake()

    def ask_thread(self, token: str) -> None:
        self._threads.append(token)
        self._waker.wake()

    def attend(self, message_id: MessageId | None) -> None:
        self.attended = message_id
        self._waker.wake()

    def ask_check(self) -> None:
        self._checks.append(None)
        self._waker.wake()

    @property
    def has_any(self) -> bool:
        """Somebody waits for something."""
        return bool(self._texts or self._parts or self._checks or self._heads or self._threads)

    @property
    def threads(self) -> tuple[str, ...]:
        """What was asked to be checked and is not yet, the oldest first."""
        return tuple(self._threads)

    def thread_checked(
        self,
        token: str,
        account: SourceName,
        publisher: Publisher,
        problem: Problem | None = None,
    ) -> None:
        """Tell it. It is asked until here: a check that a broken link cut short is owed still."""
        # Imported with the first answer that is sent.
        from supportdesk.domain.send_events import ThreadChecked

        publisher.publish(ThreadChecked(account=account, token=token, problem=problem))
        self._threads.remove(token)

    def take_text(self) -> MessageId | None:
        return self._texts.popleft() if self._texts else None

    def take_head(self) -> MessageId | None:
        return self._heads.popleft() if self._heads else None

    def take_part(self) -> Wanted | None:
        return self._parts.popleft() if self._parts else None

    def take_given_up(self) -> tuple[MessageId, str] | None:
        return self._given_up.popleft() if self._given_up else None

    def take_check(self) -> bool:
        """Tell whether a check was asked for since the last call."""
        was_asked = bool(self._checks)
        self._checks.clear()
        return was_asked
