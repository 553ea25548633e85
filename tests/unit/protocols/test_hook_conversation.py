"""Transcripts of connections to the hook endpoint: what a sender says, what it hears."""

import json
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk.protocols import hook_answers as answers
from supportdesk.protocols.hook_conversation import HookConversation, HookRules, HookStep
from supportdesk.protocols.hook_gate import EventRate

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
TOKEN = "sesame"
EVENT = b'{"event": "missed", "from": "+420541220018"}'
HEAD = b"POST /v1/calls HTTP/1.1\r\nHost: localhost\r\n"
RIGHTS = b"Authorization: Bearer sesame\r\nContent-Type: application/json\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


class Talk:
    """One connection at 0 seconds; events are taken in as soon as they are whole."""

    def __init__(self, *, burst: int = 100, takes: bool = True) -> None:
        self.token = TOKEN
        rate = EventRate(burst=burst, events_a_second=1.0)
        self.rules = HookRules(token=lambda: self.token, rate=rate)
        self.conversation = HookConversation(self.rules, 0.0)
        self.heard = b""
        self.numbers: list[str] = []
        self._takes = takes

    def says(self, data: bytes, seconds: float = 0.0) -> "Talk":
        self._follow(self.conversation.receive(data, NOW, seconds), seconds)
        return self

    def follow(self, step: HookStep) -> "Talk":
        self._follow(step, 0.0)
        return self

    def _follow(self, step: HookStep, seconds: float) -> None:
        self.heard += step.reply
        while step.sent is not None:
            self.numbers.append(step.sent.event.number)
            if not self._takes:
                return
            step = self.conversation.answer(answers.taken(step.sent.ignored), NOW, seconds)
            self.heard += step.reply

    @property
    def is_over(self) -> bool:
        return self.conversation.is_over

    @property
    def statuses(self) -> list[int]:
        return [int(part[:3]) for part in self.heard.split(b"HTTP/1.1 ")[1:]]


def post(body: bytes = EVENT, more: bytes = b"") -> bytes:
    return HEAD + RIGHTS + more + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def test_an_event_is_taken_in_before_it_is_answered() -> None:
    talk = Talk(takes=False).says(post())
    assert (talk.numbers, talk.heard) == (["+420541220018"], b"")
    assert talk.conversation.is_busy
    talk.follow(talk.conversation.answer(answers.taken(("agent",)), NOW, 0.0))
    assert talk.statuses == [200]
    head, _, body = talk.heard.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Cache-Control: no-store" in head
    assert b"Access-Control" not in head
    assert json.loads(body) == {"ok": True, "ignored": ["agent"]}
    assert not talk.conversation.is_busy


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


TRANSCRIPTS = {
    "one": (post(), [200], 1),
    "two in a row": (post() + post(), [200, 200], 2),
    "a refusal ends what is pipelined": (post(b"{") + post(), [400], 0),
    "chunked": (HEAD + RIGHTS + CHUNKED + chunk(EVENT) + chunk(b""), [200], 1),
    "http/1.0": (post().replace(b"HTTP/1.1", b"HTTP/1.0", 1), [200], 1),
    "who wants the end": (post(more=b"Connection: close\r\n"), [200], 1),
    "asks whether to go on": (post(more=b"Expect: 100-continue\r\n"), [200], 1),
    "an upgrade is not taken up": (
        post(more=b"Connection: Upgrade\r\nUpgrade: h2c\r\n"),
        [200],
        1,
    ),
    "no token": (HEAD + b"\r\n", [401], 0),
    "from a page": (post(more=b"Origin: https://evil.example\r\n"), [403], 0),
    "another host": (b"POST /v1/calls HTTP/1.1\r\nHost: evil.example\r\n\r\n", [403], 0),
    "no host": (b"POST /v1/calls HTTP/1.1\r\n\r\n", [400], 0),
    "no host in 1.0": (b"POST /v1/calls HTTP/1.0\r\n\r\n", [403], 0),
    "two hosts": (HEAD + b"Host: localhost\r\n\r\n", [400], 0),
    "another path": (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", [404], 0),
    "another method": (b"GET /v1/calls HTTP/1.1\r\nHost: localhost\r\n\r\n", [405], 0),
    "a tunnel": (b"CONNECT /v1/calls HTTP/1.1\r\nHost: localhost\r\n\r\n", [405], 0),
    "no json": (HEAD + b"Authorization: Bearer sesame\r\n\r\n", [415], 0),
    "broken json": (post(b"{"), [400], 0),
    "a wrong field": (post(b'{"event": "missed"}'), [422], 0),
    "too large, said before": (HEAD + RIGHTS + b"Content-Length: 99999999999\r\n\r\n", [413], 0),
    "too large, in chunks": (HEAD + RIGHTS + CHUNKED + chunk(b" " * 0xFFF) * 17, [413], 0),
    "a head without end": (HEAD + b"X: " + b"x" * 70_000, [431], 0),
    "many headers": (HEAD + b"X: y\r\n" * 20_000, [431], 0),
    "no http": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", [400], 0),
    "http/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [403], 0),
    "two lengths": (post(more=b"Content-Length: 1\r\n"), [400], 0),
    "a length below nothing": (HEAD + RIGHTS + b"Content-Length: -1\r\n\r\n", [400], 0),
    "an injected header": (HEAD + b"X: a\rb\r\n\r\n", [400], 0),
    "a chunk that is none": (HEAD + RIGHTS + CHUNKED + b"zz\r\n", [400], 0),
}


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_transcript(name: str) -> None:
    said, statuses, events = TRANSCRIPTS[name]
    whole = Talk().says(said)
    assert [status for status in whole.statuses if status != 100] == statuses
    assert len(whole.numbers) == events
    piecewise = Talk()
    for start, end in pairwise(range(0, len(said) + 1, 1 if len(said) < 2_000 else 997)):
        piecewise.says(said[start:end])
    piecewise.says(said[len(said) - len(said) % 997 :] if len(said) >= 2_000 else b"")
    assert [status for status in piecewise.statuses if status != 100] == statuses
    assert len(piecewise.numbers) == events


def test_who_asks_is_told_to_go_on_once_it_may() -> None:
    head, _, body = post(more=b"Expect: 100-continue\r\n").partition(b"\r\n\r\n")
    talk = Talk().says(head + b"\r\n\r\n")
    assert talk.statuses == [100]
    assert talk.says(body).statuses == [100, 200]
    refused = Talk().says(HEAD + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n")
    assert refused.statuses == [401]


def test_a_refusal_reaches_who_is_still_sending() -> None:
    talk = Talk().says(HEAD + b"Content-Length: 100\r\n\r\n" + b"x" * 40)
    assert talk.statuses == [401]
    assert talk.conversation.is_lingering
    assert not talk.conversation.is_over
    assert talk.says(b"x" * 60).is_over
    assert talk.statuses == [401]


def test_what_is_no_http_is_read_no_further() -> None:
    talk = Talk().says(b"\x00\r\n\r\n")
    assert talk.statuses == [400]
    talk.says(b"x" * 100_000)
    assert (talk.statuses, talk.conversation.is_over) == ([400], False)
    assert talk.conversation.refuse(answers.STOPPING, 1.0) == HookStep()
    assert not talk.conversation.is_overdue(1.9)
    assert talk.conversation.is_overdue(2.0)


def test_a_sender_that_leaves_in_between() -> None:
    assert Talk().says(b"").conversation.is_over
    assert Talk().says(HEAD).says(b"").statuses == [400]
    assert Talk().says(post()).says(b"").conversation.is_over


def test_who_is_slow_is_told_and_who_says_nothing_is_not() -> None:
    slow = Talk()
    for second in range(9):
        slow.says(HEAD[second : second + 1], second)
    assert not slow.conversation.is_overdue(9.9)
    assert slow.conversation.is_overdue(10.0)
    assert slow.follow(slow.conversation.overdue(10.0)).statuses == [408]
    silent = Talk()
    assert silent.conversation.is_overdue(10.0)
    assert silent.follow(silent.conversation.overdue(10.0)).heard == b""
    assert silent.conversation.is_lingering


def test_each_request_has_the_whole_time_and_taking_in_costs_none_of_it() -> None:
    talk = Talk(takes=False).says(post(), 9.0)
    assert not talk.conversation.is_overdue(1000.0)
    talk.follow(talk.conversation.answer(answers.taken(()), NOW, 20.0))
    assert not talk.conversation.is_overdue(29.9)
    assert talk.conversation.is_overdue(30.0)
    assert talk.conversation.overdue(30.0).reply == b""


def test_an_event_that_waits_while_the_program_stops_is_refused() -> None:
    talk = Talk(takes=False).says(post())
    talk.follow(talk.conversation.refuse(answers.STOPPING, 0.0))
    assert talk.statuses == [503]
    assert not talk.conversation.is_busy


def test_an_event_that_cannot_be_kept_is_no_success() -> None:
    talk = Talk(takes=False).says(post())
    talk.follow(talk.conversation.answer(answers.NOT_KEPT, NOW, 0.0))
    assert talk.statuses == [507]
    assert talk.conversation.is_over


def test_a_flood_is_told_when_to_come_again() -> None:
    talk = Talk(burst=2).says(post() * 3)
    assert talk.statuses == [200, 200, 429]
    assert b"Retry-After: 1\r\n" in talk.heard


def test_a_new_token_holds_at_once() -> None:
    talk = Talk().says(post())
    talk.token = "another"
    assert talk.says(post()).statuses == [200, 401]


def test_a_head_request_gets_no_body() -> None:
    talk = Talk().says(b"HEAD /v1/calls HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert talk.statuses == [405]
    assert talk.heard.endswith(b"\r\n\r\n")
    assert talk.conversation.is_over


_PIECES = [
    HEAD,
    RIGHTS,
    CHUNKED,
    EVENT,
    post(),
    chunk(EVENT),
    chunk(b""),
    b"\r\n",
    b"\r\n\r\n",
    b"Expect: 100-continue\r\n",
    b"Connection: Upgrade\r\nUpgrade: h2c\r\n",
    b"Content-Length: 5\r\n",
    b"HEAD /v1/calls HTTP/1.0\r\n",
    b"CONNECT x:1 HTTP/1.1\r\n",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_PIECES) | st.binary(max_size=30), max_size=12), st.booleans())
def test_whatever_is_said_is_answered_or_waited_for(said: list[bytes], ends: bool) -> None:
    talk = Talk()
    for number, data in enumerate(said):
        if data:
            talk.says(data, float(number))
    if ends:
        talk.says(b"", 20.0)
    conversation = talk.conversation
    if not conversation.is_lingering:
        talk.follow(conversation.overdue(30.0))
    assert conversation.is_lingering
    assert set(talk.statuses) <= {100, 200, 400, 401, 403, 404, 405, 408, 413, 415, 422, 431}
