"""Commands and answers on a logged-in IMAP connection; reading only.

The caller sees every response, asked for or not, in the order in which it came: nothing that the
server says is dropped between two commands, which is how mail gets lost (DESIGN section 11).
"""

from collections import deque
from collections.abc import Callable

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.transport import Transport, Wakeup
from supportdesk.domain.errors import PeerProtocolError
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_parser import ResponseFramer, parse_response
from supportdesk.protocols.imap_responses import (
    Bye,
    Capability,
    Continuation,
    Response,
    TaggedStatus,
)

Hearer = Callable[[Response], None]
# Only what leaves no trace: STORE, SELECT, APPEND, EXPUNGE and the like cannot be sent by mistake.
_ALLOWED = ("CAPABILITY", "EXAMINE", "UID FETCH", "FETCH", "UID SEARCH", "STATUS", "LIST", "NOOP")


class IdleRefusedError(Exception):
    """The server offers IDLE and refuses it; we poll instead."""


class ImapLink:
    """One logged-in connection. Belongs to one thread. Raises OSError and SupportDeskError.

    Attributes:
        capabilities: In upper case, as of after the login.
        broken_responses: Responses that could not be read; they were skipped.
        answer_seconds: How long the server may be silent while it owes an answer.
    """

    def __init__(self, transport: Transport, settings: MailSettings, answer_seconds: float) -> None:
        self.capabilities: frozenset[str] = frozenset()
        self.broken_responses = 0
        self.answer_seconds = answer_seconds
        self._transport = transport
        self._settings = settings
        self._framer = ResponseFramer()
        self._pending: deque[bytes] = deque()
        self._count = 0
        self.run("CAPABILITY", self._learn)

    def run(self, command: str, hear: Hearer) -> TaggedStatus:
        """Send a command, pass on all that is heard, return how it ended (OK, NO or BAD)."""
        if not command.startswith(_ALLOWED) or "BODY[" in command:
            raise ValueError(f"{command.split()[0]} could leave a trace in the mailbox")
        tag = self._send(command)
        while True:
            ended = self._hear_one(tag, hear)
            if ended is not None:
                return ended

    def idle(self, seconds: float, hear: Hearer, is_news: Callable[[Response], bool]) -> Wakeup:
        """Listen until there is news, a wake-up or the end of the time (RFC 2177)."""
        tag = self._send("IDLE")
        why = self._begin_idle(tag, hear, is_news)
        clock = self._transport.clock
        deadline = clock.monotonic_seconds() + seconds
        while why is None:
            while self._pending and why is None:
                response = self._next_response()
                why = self._judge(response, hear, is_news)
            if why is not None:
                break
            why = self._transport.wait_for_data(deadline - clock.monotonic_seconds())
            if why is Wakeup.DATA:
                self._pending += self._framer.receive(self._transport.receive(0))
                why = None
        self._transport.send(b"DONE\r\n", self.answer_seconds)
        while self._hear_one(tag, hear) is None:
            pass
        return why

    def wait(self, seconds: float) -> Wakeup:
        """Wait without IDLE; what arrives meanwhile is heard with the next command."""
        return self._transport.wait_for_data(seconds)

    def close(self) -> None:
        self._transport.close()

    def _begin_idle(
        self, tag: str, hear: Hearer, is_news: Callable[[Response], bool]
    ) -> Wakeup | None:
        """Wait for the continuation; news may come before it."""
        why: Wakeup | None = None
        while True:
            response = self._next_response()
            if isinstance(response, Continuation):
                return why
            if isinstance(response, TaggedStatus) and response.tag == tag:
                raise IdleRefusedError(response.text)
            why = self._judge(response, hear, is_news) or why

    def _judge(
        self, response: Response | None, hear: Hearer, is_news: Callable[[Response], bool]
    ) -> Wakeup | None:
        if response is None:
            return None
        self._pass_on(response, hear)
        return Wakeup.DATA if is_news(response) else None

    def _send(self, command: str) -> str:
        self._count += 1
        tag = f"S{self._count}"
        self._transport.send(f"{tag} {command}\r\n".encode(), self.answer_seconds)
        return tag

    def _hear_one(self, tag: str, hear: Hearer) -> TaggedStatus | None:
        response = self._next_response()
        if isinstance(response, TaggedStatus):
            # Another tag would be the end of a command that was given up: none ever is.
            return response if response.tag == tag else None
        if response is not None:
            self._pass_on(response, hear)
        return None

    def _pass_on(self, response: Response, hear: Hearer) -> None:
        if isinstance(response, Bye):
            raise mail_problems.of_farewell(response.text, self._settings)
        hear(response)

    def _next_response(self) -> Response | None:
        while not self._pending:
            self._pending += self._framer.receive(self._transport.receive(self.answer_seconds))
        try:
            return parse_response(self._pending.popleft())
        except PeerProtocolError:
            self.broken_responses += 1
            return None

    def _learn(self, response: Response) -> None:
        if isinstance(response, Capability):
            self.capabilities = response.names
