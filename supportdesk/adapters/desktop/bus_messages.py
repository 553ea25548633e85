"""What is said on a D-Bus connection, as plain values, and where the buses are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jeepney import MatchRule  # type: ignore[import-untyped]  # it ships no types

Body = tuple[Any, ...]
"""What a message carries. D-Bus values are typed by their signature, not by Python."""

NO_ANSWER = "supportdesk.NoAnswer"
LINK_LOST = "supportdesk.LinkLost"
WRONG_ANSWER = "supportdesk.WrongAnswer"
BUS_NAME = "org.freedesktop.DBus"
BUS_PATH = "/org/freedesktop/DBus"
SERVICE_UNKNOWN = "org.freedesktop.DBus.Error.ServiceUnknown"
NO_REPLY = "org.freedesktop.DBus.Error.NoReply"
"""What the bus answers for a service that went away without answering."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A method call. Without `may_start` a service that is not running is not started for it.

    Attributes:
        answer: The signature that the answer has to have; None takes any.
    """

    service: str
    path: str
    interface: str
    member: str
    signature: str = ""
    body: Body = ()
    may_start: bool = True
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back; `sender` is the unique name of the connection that answered."""

    sender: str
    body: Body


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFailure:
    """Why nothing came back that could be used.

    Attributes:
        name: An error name of D-Bus, NO_ANSWER, WRONG_ANSWER or LINK_LOST.
        sender: Who said so; empty when nobody did.
    """

    name: str
    text: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSpec:
    """Which signals to hear. Empty fields match all.

    Attributes:
        signature: Of what they carry; None takes any, other signals are as good as not sent.
    """

    interface: str
    member: str
    sender: str = ""
    path: str = ""
    arg0: str = ""
    signature: str | None = None

    def rule(self) -> str:
        rule = MatchRule(
            type="signal",
            interface=self.interface,
            member=self.member,
            sender=self.sender or None,
            path=self.path or None,
        )
        if self.arg0:
            rule.add_arg_condition(0, self.arg0)
        return str(rule.serialise())


def owner_changes(name: str) -> SignalSpec:
    """That a service comes, goes, or is another program: its name, old owner and new owner."""
    return SignalSpec(
        interface=BUS_NAME,
        member="NameOwnerChanged",
        sender=BUS_NAME,
        arg0=name,
        signature="sss",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BusSignal:
    """A signal that was heard."""

    sender: str
    path: str
    interface: str
    member: str
    body: Body


def bus_call(
    member: str, signature: str = "", body: Body = (), *, answer: str | None = None
) -> Call:
    """A call to the bus itself."""
    return Call(
        service=BUS_NAME,
        path=BUS_PATH,
        interface=BUS_NAME,
        member=member,
        signature=signature,
        body=body,
        answer=answer,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitedAnswers:
    """Calls whose answers matter, however late they come.

    Attributes:
        descriptor: Of the connection by which they were asked.
        serials: Which calls of that connection they are.
    """

    descriptor: int
    serials: tuple[int, ...]


def session_bus_address(environ: Mapping[str, str]) -> str | None:
    """Where the session bus should be; None on a machine without sessions."""
    address = environ.get("DBUS_SESSION_BUS_ADDRESS")
    if address:
        return address
    runtime_dir = environ.get("XDG_RUNTIME_DIR")
    return f"unix:path={runtime_dir}/bus" if runtime_dir else None


def system_bus_address(environ: Mapping[str, str]) -> str:
    return environ.get("DBUS_SYSTEM_BUS_ADDRESS") or "unix:path=/run/dbus/system_bus_socket"
