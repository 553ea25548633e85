"""The connection that writes into the mailbox: made when it is needed, and anew when it was lost.

What is done over it is begun once more after a loss, so all of it has to bear that.
"""

from collections.abc import Callable
from typing import TypeVar

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.imap_login import log_in_as
from supportdesk.adapters.mail.transport import StoppedError, Transport, Waker
from supportdesk.adapters.mail.writing_link import WritingLink
from supportdesk.domain.errors import ConnectionLost, PeerProtocolError, SupportDeskError
from supportdesk.domain.settings import MailSettings
from supportdesk.services.ports import Clock

_ANSWER_SECONDS = 25.0
_T = TypeVar("_T")


class WritingConnection:
    """At most one connection; belongs to the thread that uses it."""

    def __init__(
        self,
        settings: MailSettings,
        secret_of: Callable[[], str],
        clock: Clock,
        is_stopping: Callable[[], bool],
    ) -> None:
        self._settings = settings
        self._secret_of = secret_of
        self._clock = clock
        self._is_stopping = is_stopping
        self._link: WritingLink | None = None

    def use(self, waker: Waker, act: Callable[[WritingLink], _T]) -> _T:
        """Do something in the mailbox. Raises SupportDeskError and StoppedError.

        A link that lay idle may have been lost without a word: then all is done over a new one.
        """
        if self._link is not None:
            try:
                return self._tried(self._link, act)
            except SupportDeskError:
                if self._link is not None:
                    raise  # the server said no; another link would hear the same
        transport = Transport(waker, self._clock, self._is_stopping)
        self._link = log_in_as(
            WritingLink, transport, self._settings, self._secret_of(), _ANSWER_SECONDS
        )
        return self._tried(self._link, act)

    def drop(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None

    def _tried(self, link: WritingLink, act: Callable[[WritingLink], _T]) -> _T:
        """A link whose loss was noticed is dropped."""
        try:
            return act(link)
        except OSError as error:
            self.drop()
            raise mail_problems.of_network(error, self._settings) from error
        except StoppedError:
            self.drop()
            raise
        except SupportDeskError as error:
            if not is_refusal(error):
                self.drop()
            raise


def is_refusal(error: SupportDeskError) -> bool:
    """The server said no, over a link that is sound."""
    return type(error) not in (ConnectionLost, PeerProtocolError)
