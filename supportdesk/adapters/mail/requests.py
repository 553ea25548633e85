"""What other threads ask of a mail worker, kept until it has time."""

from collections import deque

from supportdesk.adapters.mail.transport import Waker
from supportdesk.domain.mail import MessageId


class Requests:
    """Asked from any thread, taken by the worker; each request wakes it."""

    def __init__(self, waker: Waker) -> None:
        self._waker = waker
        self._texts: deque[MessageId] = deque()
        self._checks: deque[None] = deque(maxlen=1)

    def ask_text(self, message_id: MessageId) -> None:
        self._texts.append(message_id)
        self._waker.wake()

    def ask_check(self) -> None:
        self._checks.append(None)
        self._waker.wake()

    def take_text(self) -> MessageId | None:
        return self._texts.popleft() if self._texts else None

    def take_check(self) -> bool:
        """Tell whether a check was asked for since the last call."""
        was_asked = bool(self._checks)
        self._checks.clear()
        return was_asked
