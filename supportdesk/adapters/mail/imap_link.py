"""Commands and answers on a logged-in IMAP connection; reading only.

The caller sees every response, asked for or not, in the order in which it came: nothing that the
server says is dropped between two commands, which is how mail gets lost (DESIGN section 11).
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from supportdesk.adapters.mail import mail_problems
from supportdesk.adapters.mail.transport import Transport, Wakeup
from supportdesk.domain.errors import PeerProtocolError
from supportdesk.domain.settings import MailSettings
from supportdesk.protocols.imap_parser import ResponseFramer, broken, parse_response
from supportdesk.protocols.imap_responses import (
    Bye,
    Capability,
    Continuation,
    OtherResponse,
    Response,
    TaggedStatus,
    UntaggedStatus,
)

Hearer = Callable[[Response], None]
Taker = Callable[[bytes], bool]
# Only what leaves no trace: STORE, SELECT, APPEND, EXPUNGE and the like cannot be sent by mistake.
_ALLOWED = (
    "CAPABILITY",
    "EXAMINE",
    "UID FETCH",
    "FETCH",
    "UID SEARCH",
    "STATUS",
    "LIST",
    "NOOP",
    "ENABLE",
)
_FLAGS = b"* FLAGS "
# While one answer goes on no new mail is told: a server that only ever goes on is given up.
LONGEST_COMMAND_SECONDS = 80.0
MAX_RESPONSES = 2_000_000


class IdleRefusedError(Exception):
    """The server offers IDLE and refuses it; we poll instead."""


@dataclass(slots=True)
class Command:
    """A command that was sent; `ended` once its end was heard."""

    tag: str
    hear: Hearer
    take: Taker | None
    ended: TaggedStatus | None = None


class ImapLink:
    """One logged-in connection. Belongs to one thread. Raises OSError and SupportDeskError.

    Attributes:
        capabilities: In upper case, as of after the login.
        broken_responses: Responses that could not be read; they were skipped.
        on_alert: Told what the server wants its user to read (RFC 3501, 7.1).
        on_flags: Told which flags and keywords there are in the open mailbox (RFC 3501, 7.2.6).
        answer_seconds: How long the server may be silent while it owes an answer.
        woken_answer_seconds: The same when IDLE is ended because somebody wants something, or has
            reason to doubt the link.
        is_qresync_on: The server tells by itself what changed and what is gone (RFC 7162).
    """

    def __init__(self, transport: Transport, settings: MailSettings, answer_seconds: float) -> None:
        self.capabilities: frozenset[str] = frozenset()
        self.broken_responses = 0
        self.on_alert: Callable[[str], None] = lambda _text: None
        self.on_flags: Callable[[bytes], None] = lambda _line: None
        self.answer_seconds = answer_seconds
        self.woken_answer_seconds = answer_seconds
        self._transport = transport
        self._settings = settings
        self._framer = ResponseFramer()
        self._pending: deque[bytes] = deque()
        self._begun: Command | None = None
        self._deadline = 0.0
        self._count = 0
        self.run("CAPABILITY", self._learn)
        self.is_qresync_on = self._enable_qresync()

    def run(self, command: str, hear: Hearer, take: Taker | None = None) -> TaggedStatus:
        """Send a command, pass on all that is heard, return how it ended (OK, NO or BAD)."""
        return self.finish(self.begin(command, hear, take))

    def begin(self, command: str, hear: Hearer, take: Taker | None = None) -> Command:
        """Send a command and come back: the server works on it while we do something else.

        Its answers are heard in `finish`, or before the next command is sent: of two commands at
        once servers may mix the answers, and nothing in them tells which is whose.
        `take` is offered each response as it came and may keep it from being parsed.
        """
        if "\r" in command or "\n" in command or not self._may_send(command):
            raise ValueError(f"{command.split()[0]} could leave a trace in the mailbox")
        if self._begun is not None:
            self.finish(self._begun)
        begun = self._begun = Command(tag=self._send(command), hear=hear, take=take)
        return begun

    def finish(self, command: Command) -> TaggedStatus:
        """Hear the answer to a command to its end."""
        self._deadline = self._transport.clock.monotonic_seconds() + LONGEST_COMMAND_SECONDS
        heard = 0
        while command.ended is None:
            self._hear_one(command)
            heard += 1
            if heard > MAX_RESPONSES:
                raise broken("an answer without end")
        return command.ended

    def idle(self, seconds: float, hear: Hearer, is_news: Callable[[Response], bool]) -> Wakeup:
        """Listen until there is news, a wake-up or the end of the time (RFC 2177)."""
        if self._begun is not None:
            self.finish(self._begun)
        tag = self._send("IDLE")
        self._deadline = self._transport.clock.monotonic_seconds() + LONGEST_COMMAND_SECONDS
        idling = Command(tag=tag, hear=hear, take=None)
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
        patience = self.answer_seconds
        if why is Wakeup.WOKEN:
            self.answer_seconds = min(patience, self.woken_answer_seconds)
        self._transport.send(b"DONE\r\n", self.answer_seconds)
        self.finish(idling)
        self.answer_seconds = patience
        return why

    def wait(self, seconds: float) -> Wakeup:
        """Wait without IDLE; what arrives meanwhile is heard with the next command."""
        return self._transport.wait_for_data(seconds)

    def close(self) -> None:
        self._transport.close()

    def _may_send(self, command: str) -> bool:
        """Only what leaves no trace; `WritingLink` names the few things that may leave one."""
        return command.startswith(_ALLOWED) and "BODY[" not in command

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

    def _hear_one(self, command: Command) -> None:
        if self._take_pending(command):
            return
        response = self._next_response()
        if isinstance(response, TaggedStatus):
            if response.tag == command.tag:
                command.ended = response
                self._begun = None
        elif response is not None:
            self._pass_on(response, command.hear)

    def _pass_on(self, response: Response, hear: Hearer) -> None:
        if isinstance(response, Bye):
            raise mail_problems.of_farewell(response.text, self._settings)
        if isinstance(response, UntaggedStatus) and response.code.upper() == "ALERT":
            self.on_alert(response.text)
        if isinstance(response, OtherResponse) and response.line.upper().startswith(_FLAGS):
            self.on_flags(response.line)
        hear(response)

    def _take_pending(self, command: Command) -> bool:
        """Offer what has come, in order; True when all of it was taken."""
        take, pending = command.take, self._pending
        if take is None:
            return False
        self._receive()
        while pending and take(pending[0]):
            pending.popleft()
        return not pending

    def _receive(self) -> None:
        while not self._pending:
            self._pending += self._framer.receive(self._transport.receive(self._patience()))

    def _next_response(self) -> Response | None:
        self._receive()
        try:
            return parse_response(self._pending.popleft())
        except PeerProtocolError:
            self.broken_responses += 1
            return None

    def _enable_qresync(self) -> bool:
        if not {"QRESYNC", "ENABLE"} <= self.capabilities:
            return False
        enabled: list[Response] = []
        self.run("ENABLE QRESYNC", enabled.append)
        return any(
            isinstance(one, OtherResponse) and b"QRESYNC" in one.line.upper() for one in enabled
        )

    def _patience(self) -> float:
        left = self._deadline - self._transport.clock.monotonic_seconds()
        if left <= 0:
            raise TimeoutError("the server did not come to an end of its answer")
        return min(self.answer_seconds, left)

    def _learn(self, response: Response) -> None:
        if isinstance(response, Capability):
            self.capabilities = response.names
