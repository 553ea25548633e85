"""One connection to the hook endpoint: bytes in; answers, and events to take in, out.

HTTP/1.1 itself is h11's work. What is here is the order of things:

- A head that is refused is answered at once, before any of the body is read or kept.
- An event is handed out when its request is whole, and the next request of the same connection
  is looked at only after `answer`: what is pipelined waits in its turn, in the socket.
- A refusal ends the connection. Some of the request may still be on its way then, so the rest of
  it is read and dropped, for a moment: closing on unread bytes resets the connection, and the
  sender would never see the sentence.
- Nobody has longer than `request_seconds` for a request, however steadily the bytes trickle.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

import h11

from supportdesk.protocols import hook_answers as answers
from supportdesk.protocols.hook_answers import BIGGEST_BODY, HookAnswer
from supportdesk.protocols.hook_fields import HookFieldError, SentEvent, sent_event
from supportdesk.protocols.hook_gate import EventRate, RequestHead, refusal

_BIGGEST_HEAD: Final = 16_384
_SAID_ALWAYS: Final = (
    ("Content-Type", "application/json; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRules:
    """What holds for all connections.

    Attributes:
        token: Asked for at each request, so that one that was replaced ends at once.
    """

    token: Callable[[], str]
    rate: EventRate
    request_seconds: float = 10.0
    linger_seconds: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HookStep:
    """What to do now: bytes to write, and an event to take in and `answer`."""

    reply: bytes = b""
    sent: SentEvent | None = None


class HookConversation:
    """One connection. `seconds` are of a clock that does not jump."""

    def __init__(self, rules: HookRules, seconds: float) -> None:
        self._rules = rules
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_BIGGEST_HEAD)
        self._body = bytearray()
        self._method = b""
        self._asked: SentEvent | None = None
        self._has_begun = False
        self._is_lingering = False
        self._ends_at = seconds + rules.request_seconds

    @property
    def is_busy(self) -> bool:
        """An event was handed out and is not answered yet: read nothing meanwhile."""
        return self._asked is not None

    @property
    def is_lingering(self) -> bool:
        """All is said; what is left of the request is still being dropped."""
        return self._is_lingering

    @property
    def is_over(self) -> bool:
        """All is said and nothing is left unread: it can be closed."""
        has_ended = self._http.their_state in (h11.DONE, h11.MUST_CLOSE, h11.CLOSED)
        return self._is_lingering and has_ended and not self._http.trailing_data[0]

    def receive(self, data: bytes, now: datetime, seconds: float) -> HookStep:
        """Take in bytes; empty ones are the sender's end."""
        if self._http.their_state is h11.ERROR:
            return HookStep()
        self._has_begun = self._has_begun or bool(data)
        self._http.receive_data(data)
        if self._is_lingering:
            self._drop_rest()
            return HookStep()
        return self._next(now, seconds)

    def answer(self, answer: HookAnswer, now: datetime, seconds: float) -> HookStep:
        """Answer the event that was handed out, and look at what came after it."""
        self._asked = None
        reply = self._reply(answer, seconds)
        if self._is_lingering:
            return HookStep(reply=reply)
        self._http.start_next_cycle()
        self._body.clear()
        self._has_begun = False
        self._ends_at = seconds + self._rules.request_seconds
        after = self._next(now, seconds)
        return HookStep(reply=reply + after.reply, sent=after.sent)

    def refuse(self, answer: HookAnswer, seconds: float) -> HookStep:
        """Answer whatever is asked or half asked with a refusal, and end."""
        self._asked = None
        if self._is_lingering:
            return HookStep()
        return HookStep(reply=self._reply(answer, seconds))

    def is_overdue(self, seconds: float) -> bool:
        """The time for this request, or for reading our last words, is over."""
        return self._asked is None and seconds >= self._ends_at

    def overdue(self, seconds: float) -> HookStep:
        """Say so to who has begun a request; who said nothing hears nothing."""
        if self._has_begun and not self._is_lingering:
            return self.refuse(answers.TOO_SLOW, seconds)
        self._is_lingering = True
        return HookStep()

    # --- inside ----------------------------------------------------------------------------

    def _next(self, now: datetime, seconds: float) -> HookStep:
        """Go on until more bytes are needed, an event is whole or all is said."""
        reply = b""
        while not self._is_lingering:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                answer = answers.no_http(error.error_status_hint)
                return HookStep(reply=reply + self._reply(answer, seconds))
            if event is h11.NEED_DATA or event is h11.PAUSED:
                return HookStep(reply=reply + self._go_on())
            if isinstance(event, h11.ConnectionClosed):
                self._linger(seconds)
            else:
                refused = self._part(event, now, seconds)
                if self._asked is not None:
                    return HookStep(reply=reply, sent=self._asked)
                if refused is not None:
                    reply += self._reply(refused, seconds)
        return HookStep(reply=reply)

    def _part(self, event: object, now: datetime, seconds: float) -> HookAnswer | None:
        """One part of a request: why it is refused, or None to go on."""
        if isinstance(event, h11.Request):
            self._has_begun = True
            self._method = event.method
            head = RequestHead(
                method=event.method, target=event.target, headers=list(event.headers)
            )
            return refusal(head, self._rules.token())
        if isinstance(event, h11.Data):
            self._body += event.data
            return answers.TOO_LARGE if len(self._body) > BIGGEST_BODY else None
        return self._whole(now, seconds)

    def _whole(self, now: datetime, seconds: float) -> HookAnswer | None:
        try:
            sent = sent_event(bytes(self._body), now)
        except HookFieldError as error:
            return answers.wrong_field(error)
        wait_seconds = self._rules.rate.wait_seconds(seconds)
        if wait_seconds:
            return answers.too_many_requests(wait_seconds)
        self._asked = sent
        return None

    def _go_on(self) -> bytes:
        """Who asks whether to send the body is told to (RFC 9110 10.1.1)."""
        if not self._http.they_are_waiting_for_100_continue:
            return b""
        return self._http.send(h11.InformationalResponse(status_code=100, headers=[])) or b""

    def _reply(self, answer: HookAnswer, seconds: float) -> bytes:
        """The bytes of an answer; after a refusal, and where the sender wants it, the end."""
        body = answer.body
        headers = [*_SAID_ALWAYS, *answer.headers, ("Content-Length", str(len(body)))]
        if answer.is_refusal:
            headers.append(("Connection", "close"))
        head = h11.Response(
            status_code=answer.status, headers=headers, reason=HTTPStatus(answer.status).phrase
        )
        reply = self._http.send(head) or b""
        if self._method != b"HEAD":
            reply += self._http.send(h11.Data(data=body)) or b""
        reply += self._http.send(h11.EndOfMessage()) or b""
        if self._http.states != {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}:
            self._linger(seconds)
        return reply

    def _linger(self, seconds: float) -> None:
        self._is_lingering = True
        self._ends_at = seconds + self._rules.linger_seconds
        self._drop_rest()

    def _drop_rest(self) -> None:
        with contextlib.suppress(h11.RemoteProtocolError):
            while isinstance(self._http.next_event(), h11.Request | h11.Data | h11.EndOfMessage):
                pass
