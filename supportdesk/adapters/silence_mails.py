"""Mails to ourselves: sent, looked for and taken away again, each in a thread of its own (F95).

Whoever has sent one takes it away once it was heard of. That of another computer, which may not
have heard of it yet, is left there for an hour. What could not be done is tried again for a day.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from supportdesk.adapters.worker_signals import emit_if_heard
from supportdesk.domain.errors import Problem, StoreError, SupportDeskError
from supportdesk.domain.mail import MessageSummary
from supportdesk.domain.settings import MailSettings
from supportdesk.domain.silence import TEST_MAIL
from supportdesk.services.ports import Clock, SecretStore

_LEFT_FOR = timedelta(hours=1)
_TRIED_FOR = timedelta(days=1)


class _Left(NamedTuple):
    """One that lies in a mailbox: when it is to be taken away, and until when that is tried."""

    source: MailSettings
    due: datetime
    until: datetime


class SilenceMails(QObject):
    """Lives on the GUI thread; what has been begun always ends with one of the signals.

    Signals:
        sent: A source, the Message-ID, and why it was not sent, or None.
        searched: A source, the Message-ID, whether it was there, and why it could not be looked
            for, or None.
    """

    sent = Signal(str, str, object)
    searched = Signal(str, str, bool, object)

    def __init__(self, secrets: SecretStore, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._secrets = secrets
        self._clock = clock
        self._ours: set[str] = set()
        self._left: dict[str, _Left] = {}
        self.searched.connect(self._search_ended)

    def send(self, source: MailSettings) -> None:
        from uuid import uuid4  # as in domain/reading

        # Known before it is sent, for it may be back before that has ended.
        message_id = f"{TEST_MAIL}{uuid4()}@{source.address.rpartition('@')[2]}>"
        self._ours.add(message_id)
        self._in_thread(partial(self._send, source, message_id))

    def search(self, source: MailSettings, message_id: str) -> None:
        """Look where it is, and take it out of there."""
        self._in_thread(partial(self._take, source, message_id))

    def heard_of(self, source: MailSettings, message: MessageSummary) -> None:
        """One has come."""
        now, message_id = self._clock.now(), message.message_id
        is_ours = message_id in self._ours
        due = now if is_ours else message.arrived_at + _LEFT_FOR
        self._left[message_id] = _Left(source, due, now + _TRIED_FOR)
        if is_ours:
            self.take_away_old(now)

    def is_ours(self, message_id: str) -> bool:
        """Sent from here, in this run."""
        return message_id in self._ours

    def gone(self, message_id: str) -> None:
        """It is there no more: whoever has sent it has taken it away."""
        self._left.pop(message_id, None)

    def take_away_old(self, now: datetime) -> None:
        """Nobody else has. It stands here until a search for it has ended well, or for a day."""
        for message_id, left in list(self._left.items()):
            if left.due <= now:
                if left.until <= now:
                    self.gone(message_id)
                else:
                    self._left[message_id] = left._replace(due=now + _LEFT_FOR)
                self.search(left.source, message_id)

    def next_due(self) -> datetime | None:
        """When there is something to take away."""
        return min((left.due for left in self._left.values()), default=None)

    @Slot(str, str, bool, object)
    def _search_ended(
        self, _source: str, message_id: str, _is_there: bool, problem: Problem | None
    ) -> None:
        if problem is None:
            self.gone(message_id)

    # --- in threads --------------------------------------------------------------------------

    def _in_thread(self, work: Callable[[], None]) -> None:
        threading.Thread(target=work, name="test mail", daemon=True).start()

    def _send(self, source: MailSettings, message_id: str) -> None:
        from supportdesk.adapters.mail.letter_to_self import send_to_self
        from supportdesk.adapters.mail.sending_secret import first_secret

        problem = None
        try:
            secret = first_secret(self._secrets, source.sending_secret_names) or ""
            send_to_self(source, secret, self._clock, message_id)
        except SupportDeskError as error:
            problem = error.problem
        except OSError as error:
            problem = _of_this_computer(error)
        emit_if_heard(self.sent, source.name, message_id, problem)

    def _take(self, source: MailSettings, message_id: str) -> None:
        from supportdesk.adapters.mail.letter_to_self import take_from_self
        from supportdesk.adapters.silence_looks import secret_of

        is_there, problem = False, None
        try:
            secret = secret_of(source, self._secrets)
            is_there = take_from_self(source, secret, self._clock, message_id)
        except SupportDeskError as error:
            problem = error.problem
        except OSError as error:
            problem = _of_this_computer(error)
        emit_if_heard(self.searched, source.name, message_id, is_there, problem)


def _of_this_computer(error: OSError) -> Problem:
    """A full disk, or no more open files: a test that cannot be made has to end, too."""
    return StoreError(
        f"This computer could not make the test: {error.strerror or error}",
        "Look at the room on its disk, or start supportdesk anew.",
    ).problem
