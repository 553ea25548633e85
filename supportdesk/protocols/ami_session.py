"""One AMI connection: greeting, login, boot, snapshot, then live until it ends.

The theory. TABLE (in ami_link) says which state follows which turn; what is not in it is an error.
A connection asks for an MD5 challenge (the secret never travels), logs in, and waits until
Asterisk has booted: while it boots, login works but QueueStatus is unknown. FullyBooted tells, if
the user has the read class `system`; without it we try, and try again. Then lists are asked for,
laid over the call book (ami_snapshot), and events keep the book true. A frozen PBX keeps its
socket open, so silence is answered with a Ping, and a Ping without answer ends the connection.
Nothing is sent again on the next connection.

Time comes in with every call and next_wakeup() says when tick() is due.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, assert_never

from supportdesk.domain.calls import Caller, Capabilities
from supportdesk.domain.errors import (
    ConnectionLost,
    PeerProtocolError,
    Problem,
    SupportDeskError,
)
from supportdesk.domain.events import Event
from supportdesk.protocols import ami_words as words
from supportdesk.protocols.ami import Packet, PacketReader, UnsendableText, encode_action
from supportdesk.protocols.ami_calls import CallBook
from supportdesk.protocols.ami_dial import Ask, DialDesk, DialOutput, missing_right
from supportdesk.protocols.ami_inquiries import Answer, Inquiries, Question
from supportdesk.protocols.ami_line import Phase
from supportdesk.protocols.ami_link import (
    DEADLINES,
    EVENT_MASK,
    LOGGED_IN,
    PROBE_SECONDS,
    TABLE,
    WANTED_EVENTS,
    Close,
    LinkState,
    LinkTurn,
    Login,
    Output,
    Send,
)
from supportdesk.protocols.ami_snapshot import Gap, Lists, check_snapshot, take_snapshot

PING_EVERY_SECONDS: Final = 5.0
PING_DEADLINE_SECONDS: Final = 4.0
CHECK_EVERY_SECONDS: Final = 60.0
DEAF_CHECK_SECONDS: Final = 5.0
"""Without queue events (read class `agent`), the lists are all there is."""
_QUEUE_DOUBT: Final = timedelta(seconds=2)
"""No queue event was heard yet: look soon after a call came whether it waits in a queue."""
_BOOT_TRY: Final = timedelta(seconds=0.3)
_BOOT_RETRY: Final = timedelta(seconds=0.5)
_QUEUES_PATIENCE: Final = timedelta(seconds=20)
"""How long an unknown QueueStatus is taken for a PBX that boots, without FullyBooted to tell."""


class AmiSession:
    """Drives one connection. Bytes, time and wishes in; bytes to send and events out."""

    def __init__(
        self, login: Login, book: CallBook, now: datetime, *, deaf_since: datetime | None
    ) -> None:
        """`deaf_since` is the last proof of life of the connection before; None for the first."""
        self.state = LinkState.CONNECTING
        self.last_heard_at: datetime | None = None
        self.version = ""
        self.lists: Lists | None = None
        self._login = login
        self._book = book
        self._deaf_since = deaf_since
        self._reader = PacketReader(login.peer, WANTED_EVENTS)
        self._desk = DialDesk(book.identity, login.user)
        self._inquiries = Inquiries()
        self._answers: dict[Question, tuple[Packet, ...] | None] = {}
        self._commands: frozenset[str] | None = None
        self._logged_in_at: datetime | None = None
        self._booted_at: datetime | None = None
        self._is_booted = False
        self._is_shutting_down = False
        self._has_probed = False
        self._capabilities: Capabilities | None = None
        self._entered_at = now
        self._next_try_at: datetime | None = None
        self._next_check_at: datetime | None = None
        self._doubt_at: datetime | None = None
        self._ping_sent_at: datetime | None = None

    @property
    def problem(self) -> Problem | None:
        """What is wrong although we are live: a missing right, a queue that is not there."""
        if self.state is not LinkState.LIVE or self.lists is None:
            return None
        identity = self._book.identity
        return words.missing_queue(self._login.peer, self.lists, identity) or words.missing_rights(
            self._login.peer, self._login.user, self._missing_read(), self._missing_write()
        )

    @property
    def greeting(self) -> str:
        """What is at the other end, as "Asterisk 22.10" or "Asterisk (AMI 11.0.0)"."""
        if self.version:
            return f"Asterisk {'.'.join(self.version.split('+')[0].split('.')[:2])}"
        return f"Asterisk (AMI {self._reader.banner.partition('/')[2]})"

    def connected(self, now: datetime) -> list[Output]:
        """The socket is up (and its TLS proven)."""
        self._book.link_made()
        self._turn(LinkTurn.CONNECTED, now)
        return []

    def receive(self, data: bytes, now: datetime) -> list[Output]:
        """Take what arrived, however it was cut."""
        outputs: list[Output] = []
        try:
            packets = self._reader.receive(data)
        except PeerProtocolError as error:
            return self._close(error)
        self._heard(now)
        if self.state is LinkState.GREETING and self._reader.banner:
            outputs += self._greeted(now)
        for packet in packets:
            outputs += self._packet(packet, now)
            if self.state is LinkState.CLOSED:
                break
        return outputs

    def tick(self, now: datetime) -> list[Output]:
        """Do what is due; call it at next_wakeup() or at any time."""
        if self.state is LinkState.CLOSED:
            return []
        if self.state in LOGGED_IN:
            return self._tick_logged_in(now)
        if now >= self._state_deadline():
            return self._close(self._unanswered())
        if self._is_probe_due(now):
            # A web server says nothing until it is spoken to; Asterisk does not mind.
            self._has_probed = True
            return [self._ask(Question.CHALLENGE, ("AuthType", "MD5"))]
        return []

    def next_wakeup(self) -> datetime | None:
        """Return when tick() is due next; None when the connection is closed."""
        if self.state is LinkState.CLOSED:
            return None
        times = [self._next_try_at]
        if self.state in DEADLINES:
            times.append(self._state_deadline())
        if self.state is LinkState.GREETING and not self._has_probed:
            times.append(self._entered_at + timedelta(seconds=PROBE_SECONDS))
        if self.state is LinkState.LIVE:
            times.append(self._check_due())
        if self.state in LOGGED_IN:
            times += [self._ping_due(), self._book.next_wakeup(), self._desk.next_wakeup()]
        return min(time for time in times if time is not None)

    def ended(self, now: datetime) -> list[Output]:
        """Say that the other side closed."""
        return self.failed(self._lost(), now)

    def failed(self, error: SupportDeskError, now: datetime) -> list[Output]:
        """Say that the socket failed; what was heard before may explain it better."""
        if self.state is LinkState.CLOSED:
            return []
        try:
            self._reader.end()
        except PeerProtocolError as better:
            error = better
        return [*self._over(now), *self._close(error)]

    def take(self, caller: Caller, now: datetime) -> list[Output]:
        """Ring the founder for a waiting caller."""
        refusal = self._refusal("Originate", "Hangup") or self._why_too_late(caller)
        if caller.is_lifted and not refusal:
            caller = self._book.lifted(caller)
        return self._dial(self._desk.take(caller, now, refusal), now)

    def call_back(self, number: str, name: str, now: datetime) -> list[Output]:
        """Ring the founder and then a customer."""
        return self._dial(self._desk.call_back(number, name, now, self._refusal("Originate")), now)

    def resync(self, now: datetime) -> list[Output]:
        """Ask for the lists once more."""
        return self._ask_lists(now) if self.state is LinkState.LIVE else []

    # Turns and packets

    def _turn(self, turn: LinkTurn, now: datetime) -> None:
        state = TABLE[self.state, turn]
        if state is not self.state:
            self._entered_at = now
        self.state = state

    def _close(self, error: SupportDeskError) -> list[Output]:
        self.state = LinkState.CLOSED
        return [Close(error)]

    def _over(self, now: datetime) -> list[Output]:
        lost = "The link to the phone system was lost; your phone may still ring"
        return [*self._desk.give_up(lost, now)]

    def _greeted(self, now: datetime) -> list[Output]:
        self._turn(LinkTurn.GREETED, now)
        if self._has_probed:
            return []
        return [self._ask(Question.CHALLENGE, ("AuthType", "MD5"))]

    def _packet(self, packet: Packet, now: datetime) -> list[Output]:
        if self._inquiries.owns(packet):
            answer = self._inquiries.take(packet)
            return [] if answer is None else self._answer(answer, now)
        if packet.event:
            return self._event(packet, now) if self.state in LOGGED_IN else []
        return self._dial(self._desk.respond(packet, now), now)

    def _answer(self, answer: Answer, now: datetime) -> list[Output]:
        packet = answer.packet
        match answer.question:
            case Question.CHALLENGE:
                return self._challenged(packet, now)
            case Question.LOGIN:
                return self._logged_in(packet, now)
            case Question.COMMANDS:
                self._commands = frozenset(key for key, _ in packet.pairs)
            case Question.SETTINGS:
                self.version = packet.get("AsteriskVersion")
            case Question.QUEUES if answer.items is None:
                return self._no_queues(now)
            case Question.QUEUES | Question.CHANNELS:
                return self._listed(answer.question, answer.items, now)
            case Question.PING:
                pass  # Hearing it was the point.
            case _:
                assert_never(answer.question)
        return []

    def _challenged(self, packet: Packet, now: datetime) -> list[Output]:
        challenge = packet.get("Challenge")
        if not challenge:
            return self._close(
                words.refused(self._login.peer, self._login.user, packet.get("Message"))
            )
        self._turn(LinkTurn.CHALLENGED, now)
        key = hashlib.md5((challenge + self._login.secret).encode(), usedforsecurity=False)
        return [
            self._ask(
                Question.LOGIN,
                ("AuthType", "MD5"),
                ("Username", self._login.user),
                ("Key", key.hexdigest()),
                ("Events", EVENT_MASK),
            )
        ]

    def _logged_in(self, packet: Packet, now: datetime) -> list[Output]:
        if packet.response != "Success":
            return self._close(
                words.refused(self._login.peer, self._login.user, packet.get("Message"))
            )
        self._turn(LinkTurn.ACCEPTED, now)
        self._logged_in_at = now
        self._next_try_at = now + _BOOT_TRY
        return [self._ask(Question.COMMANDS), self._ask(Question.SETTINGS)]

    def _event(self, packet: Packet, now: datetime) -> list[Output]:
        match packet.event:
            case "FullyBooted":
                self._is_booted = True
                if packet.get("Uptime"):
                    # Whole seconds: it may have booted almost a second earlier.
                    self._booted_at = now - timedelta(seconds=packet.integer("Uptime") + 1)
                return self._ask_lists(now)
            case "Shutdown":
                self._is_shutting_down = True
                return []
            case _:
                events = self._book.apply(packet, now)
                dialled = self._desk.apply(packet, now)
                for event in events:
                    dialled += self._desk.react(event, now)
                outputs = [*events, *self._dial(dialled, now)]
                # Bridge() takes a caller out of the queue without a word (no QueueCallerLeave).
                if packet.event == "OriginateResponse" or dialled:
                    outputs += self.resync(now)
                elif packet.event == "Newchannel" and self._doubt_at is None:
                    self._doubt_at = now + _QUEUE_DOUBT
                return outputs

    # Lists

    def _ask_lists(self, now: datetime) -> list[Output]:
        self._turn(LinkTurn.BOOTED, now)
        self._next_try_at = self._doubt_at = None
        self._next_check_at = now + timedelta(seconds=CHECK_EVERY_SECONDS)
        self._answers.clear()
        return [self._ask(Question.QUEUES), self._ask(Question.CHANNELS)]

    def _no_queues(self, now: datetime) -> list[Output]:
        """QueueStatus is unknown: Asterisk boots, or has no app_queue."""
        is_new = self._logged_in_at is not None and now < self._logged_in_at + _QUEUES_PATIENCE
        if self.state is LinkState.SNAPSHOT and not self._is_booted and is_new:
            self._turn(LinkTurn.STILL_BOOTING, now)
            self._next_try_at = now + _BOOT_RETRY
            return []
        return self._listed(Question.QUEUES, None, now)

    def _listed(
        self, question: Question, items: tuple[Packet, ...] | None, now: datetime
    ) -> list[Output]:
        self._answers[question] = items
        if len(self._answers) < 2:
            return []
        self.lists = Lists(
            queues=self._answers[Question.QUEUES], channels=self._answers[Question.CHANNELS]
        )
        was_live = self.state is LinkState.LIVE
        self._turn(LinkTurn.LISTED, now)
        events = self._compare(self.lists, now) if was_live else self._take(self.lists, now)
        if self._book.lacks_queues:
            self._next_check_at = now + timedelta(seconds=DEAF_CHECK_SECONDS)
        elif self._book.unannounced:
            self._doubt_at = now + _QUEUE_DOUBT  # Too young to tell a lag from a missing right.
        return [*events]

    def _take(self, lists: Lists, now: datetime) -> list[Event]:
        """Say all that is true, after a gap or at the very beginning."""
        gap = None
        if self._deaf_since is not None:
            gap = Gap(since=self._deaf_since, has_restarted=self._has_restarted(self._deaf_since))
        self._capabilities = self._what_it_can(lists)
        return take_snapshot(self._book, lists, now, gap=gap, capabilities=self._capabilities)

    def _compare(self, lists: Lists, now: datetime) -> list[Event]:
        """Say what the events did not, and what we can when that is new."""
        can = self._what_it_can(lists)
        if can == self._capabilities:
            return check_snapshot(self._book, lists, now, capabilities=can)
        self._capabilities = can
        return take_snapshot(self._book, lists, now, gap=None, capabilities=can)

    def _has_restarted(self, deaf_since: datetime) -> bool:
        return self._booted_at is not None and self._booted_at >= deaf_since

    def _what_it_can(self, lists: Lists) -> Capabilities:
        has_queues = lists.queues is not None
        has_founder = bool(self._book.identity.founder)
        return Capabilities(
            sees_waiting=has_queues,
            sees_busy=has_queues,
            sees_missed=not self._book.lacks_calls,
            can_take=has_founder and not self._refusal("Originate", "Hangup"),
            can_dial=has_founder and not self._refusal("Originate"),
        )

    def _check_due(self) -> datetime | None:
        """Return when to compare with the lists: now and then, and when queues seem unheard."""
        if self._doubt_at is None or self._book.hears_queues or self._next_check_at is None:
            return self._next_check_at
        return min(self._doubt_at, self._next_check_at)

    # Sending

    def _ask(self, question: Question, *fields: tuple[str, str]) -> Send:
        return Send(self._inquiries.ask(question, *fields))

    def _dial(self, outputs: Iterable[DialOutput], now: datetime) -> list[Output]:
        """Turn the desk's wishes into bytes."""
        result: list[Output] = []
        for output in outputs:
            if isinstance(output, Ask):
                try:
                    action_id = output.action_id or self._inquiries.next_id()
                    result.append(Send(encode_action(output.name, action_id, output.fields)))
                except UnsendableText as error:
                    result += self._desk.give_up(f"This call cannot be placed: {error}", now)
            else:
                result.append(output)
        return result

    def _refusal(self, *actions: str) -> str:
        """Return why we may not do this; empty when we may, or do not know."""
        if self.state is not LinkState.LIVE:
            return "The phone system is not connected"
        if self._commands is None or self._commands.issuperset(actions):
            return ""
        return missing_right(self._login.user)

    def _why_too_late(self, caller: Caller) -> str:
        """A click may come when the caller has just gone: then no phone of the founder rings.

        Who was lifted is taken out of a talk: whoever talks to them has asked for it.
        """
        line = self._book.lines.get(caller.call_id)
        if line is None:
            return f"{caller.label} is no longer {'there' if caller.is_lifted else 'waiting'}"
        may_be_taken = line.phase is Phase.WAITING or caller.is_lifted
        return "" if may_be_taken else f"{caller.label} has been answered already"

    # Time

    def _heard(self, now: datetime) -> None:
        self.last_heard_at = now
        self._ping_sent_at = None

    def _state_deadline(self) -> datetime:
        return self._entered_at + timedelta(seconds=DEADLINES[self.state])

    def _is_probe_due(self, now: datetime) -> bool:
        return (
            self.state is LinkState.GREETING
            and not self._has_probed
            and now >= self._entered_at + timedelta(seconds=PROBE_SECONDS)
        )

    def _ping_due(self) -> datetime:
        """Return when to ask for a sign of life, or when to stop waiting for one."""
        if self._ping_sent_at is not None:
            return self._ping_sent_at + timedelta(seconds=PING_DEADLINE_SECONDS)
        return (self.last_heard_at or self._entered_at) + timedelta(seconds=PING_EVERY_SECONDS)

    def _tick_logged_in(self, now: datetime) -> list[Output]:
        outputs: list[Output] = [*self._book.tick(now), *self._dial(self._desk.tick(now), now)]
        if self.last_heard_at is not None and self.last_heard_at > now:
            self.last_heard_at = now  # The clock was set back: silence counts from here.
        is_late = self.state in DEADLINES and now >= self._state_deadline()
        if is_late or (self._ping_sent_at is not None and now >= self._ping_due()):
            return [*outputs, *self._over(now), *self._close(self._unanswered())]
        if self._next_try_at is not None and now >= self._next_try_at:
            return outputs + self._ask_lists(now)
        check_at = self._check_due()
        if self.state is LinkState.LIVE and check_at is not None and now >= check_at:
            outputs += self._ask_lists(now)
        if self._ping_sent_at is None and now >= self._ping_due():
            self._ping_sent_at = now
            outputs.append(self._ask(Question.PING))
        return outputs

    # Words

    def _lost(self) -> ConnectionLost:
        peer = self._login.peer
        if self._is_shutting_down:
            return words.shut_down(peer)
        if self.state is LinkState.GREETING:
            return words.closed_without_greeting(peer)
        if self.state is LinkState.LOGIN:
            return words.closed_during_login(peer)
        return words.lost(peer)

    def _unanswered(self) -> SupportDeskError:
        """Return the error for a silence in this state."""
        try:
            self._reader.end()
        except PeerProtocolError as error:
            return error
        return words.does_not_answer(self._login.peer)

    def _missing_read(self) -> list[str]:
        lacks = (
            ("call", self._book.lacks_calls),
            ("agent", self._book.lacks_queues),
            ("user", self._book.lifts.lacks_codes),
        )
        return [right for right, is_missing in lacks if is_missing]

    def _missing_write(self) -> list[str]:
        missing = []
        if self.lists is not None and self.lists.channels is None:
            missing.append("reporting")
        if self._book.identity.founder and self._commands is not None:
            rights = (("Originate", "originate"), ("Hangup", "call"))
            missing += [right for action, right in rights if action not in self._commands]
        return missing
