"""Stripped captures of a real Asterisk 22, and what may differ between two runs of it."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from supportdesk.practice.ami_wire import AmiEvent

Fields = tuple[tuple[str, str], ...]

_FOLDER = Path(__file__).parent / "captures"
# Other threads of Asterisk send these, so their place among the rest differs from run to run.
_LOOSE = frozenset(
    {"DeviceStateChange", "ExtensionStatus", "QueueMemberStatus", "NewConnectedLine", "DialState"}
)
# These tell the ringing leg as it happens to be at that instant.
_SNAPSHOT_RACES = frozenset({"DialBegin", "DialState", "AgentCalled"})
_RACING = frozenset(
    {
        "DestChannelState",
        "DestChannelStateDesc",
        "DestConnectedLineNum",
        "DestConnectedLineName",
        "DestExten",
    }
)


def captured(name: str) -> list[Fields]:
    blocks = (_FOLDER / f"{name}.ami").read_text(encoding="utf-8").strip().split("\n\n")
    return [tuple(_pair(line) for line in block.split("\n")) for block in blocks]


def told(events: Iterable[AmiEvent]) -> list[Fields]:
    return [(("Event", e.name), ("Privilege", e.privilege), *e.fields) for e in events]


def comparable(events: Iterable[Fields]) -> list[Fields]:
    """The events with names for ids, and without what two runs of Asterisk do not share."""
    names: dict[tuple[str, str], str] = {}

    def named(kind: str, value: str) -> str:
        if value in ("", "<unknown>"):
            return value
        known = sum(1 for key in names if key[0] == kind)
        return names.setdefault((kind, value), f"{kind}{known}")

    def plain(event: Fields, key: str, value: str) -> str:
        if key.lower().endswith(("uniqueid", "linkedid")):
            return named("bridge" if "Bridge" in key else "id", value)
        if key.endswith("Channel") or key == "Data":
            return named("channel", value)
        if key in ("LoginTime", "LastCall", "LastPause"):
            return "some time" if value != "0" else "never"
        if key == "BridgeTechnology":
            return "as the phones allow"
        if key in _RACING and event[0][1] in _SNAPSHOT_RACES:
            return "as it happens"
        return value

    events = [event for event in events if not _is_local_device(event)]
    return [tuple((key, plain(event, key, value)) for key, value in event) for event in events]


def of_each_channel(events: Iterable[Fields]) -> dict[str, list[Fields]]:
    """The order on one channel is Asterisk's own; between channels it is the scheduler's."""
    orders: dict[str, list[Fields]] = {}
    for event in events:
        facts = dict(event)
        if "Channel" in facts and facts["Privilege"] == "call,all" and facts["Event"] not in _LOOSE:
            orders.setdefault(facts["Channel"], []).append(event)
    return orders


def of_the_queue(events: Iterable[Fields]) -> list[Fields]:
    return [e for e in events if dict(e)["Privilege"] == "agent,all" and e[0][1] not in _LOOSE]


def counted(events: Iterable[Fields]) -> Counter[Fields]:
    return Counter(events)


def _pair(line: str) -> tuple[str, str]:
    key, _, value = line.partition(":")
    return key, value.strip()


def _is_local_device(event: Fields) -> bool:
    # Asterisk repeats the state of a Local pair as often as something asks for it.
    return ("Event", "DeviceStateChange") in event and dict(event)["Device"].startswith("Local/")
