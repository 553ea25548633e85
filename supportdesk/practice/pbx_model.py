"""The practice PBX without its socket: callers, members and time in; AMI events out."""

from random import Random

from supportdesk.practice.ami_wire import AmiEvent
from supportdesk.practice.pbx_direct_calls import DirectCalls
from supportdesk.practice.pbx_exchange import Exchange
from supportdesk.practice.pbx_originate import Originate, Originator
from supportdesk.practice.pbx_plan import IncomingCall, PbxPlan
from supportdesk.practice.pbx_queue import Member, Phone, Queue
from supportdesk.practice.pbx_queue_calls import QueueCalls
from supportdesk.practice.pbx_switch import USER, Channel


class PbxModel:
    """What the script and the AMI clients may do to the PBX. Reads no clock, opens no socket."""

    def __init__(
        self, plan: PbxPlan, *, epoch: float, begin: float = 0.0, random: Random | None = None
    ) -> None:
        """The PBX's clock shows `epoch` at second 0 and starts at second `begin`."""
        self.plan = plan
        self._exchange = Exchange(plan, epoch=epoch, begin=begin, random=random or Random())
        self._queue_calls = QueueCalls(self._exchange)
        self._direct_calls = DirectCalls(self._exchange)
        self._originator = Originator(self._exchange, self._queue_calls)

    @property
    def queue(self) -> Queue:
        return self._queue_calls.queue

    @property
    def channels(self) -> list[Channel]:
        return self._exchange.switch.channels

    @property
    def now(self) -> float:
        return self._exchange.timers.now

    @property
    def wall_seconds(self) -> float:
        return self._exchange.switch.wall_seconds

    def advance(self, now: float) -> None:
        self._exchange.timers.advance(now)

    def next_due(self) -> float | None:
        return self._exchange.timers.next_due()

    def take_events(self) -> list[AmiEvent]:
        return self._exchange.take_events()

    def call_queue(self, call: IncomingCall) -> None:
        self._queue_calls.call(call)

    def call_phone(self, extension: str, call: IncomingCall) -> None:
        self._direct_calls.call(extension, call)

    def pause(self, interface: str, reason: str) -> None:
        self._queue_calls.pause(self._member(interface), reason)

    def unpause(self, interface: str) -> None:
        self._queue_calls.unpause(self._member(interface))

    def set_registered(self, interface: str, *, registered: bool) -> None:
        """A phone is unplugged, or comes back."""
        phone = self.phone(interface)
        phone.is_registered = registered
        self._exchange.phone_changed(phone)
        self._queue_calls.ring_free_members()

    def lift(self, interface: str, why: str) -> None:
        """The dialplan's code in the middle of a talk; of a phone that talks to nobody, nothing."""
        exchange = self._exchange
        legs = (one for one in self.channels if one.name.startswith(f"{interface}-"))
        leg = next((one for one in legs if exchange.talk_of(one) is not None), None)
        if leg is not None:
            code = (("UserEvent", "SupportdeskLift"), ("Why", why))
            exchange.switch.emit("UserEvent", USER, leg.fields(), code)

    def originate(self, order: Originate) -> None:
        self._originator.start(order)

    def hang_up(self, channel: Channel) -> None:
        """Somebody ends a channel by hand: AMI Hangup."""
        self._exchange.hang_up_by_hand(channel)

    def phone(self, interface: str) -> Phone:
        return self._exchange.phones[interface]

    def _member(self, interface: str) -> Member:
        return next(m for m in self.queue.members if m.phone.interface == interface)
