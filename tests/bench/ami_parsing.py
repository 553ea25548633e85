"""How fast the manager stream of a busy PBX is read, against a plain splitter of the same bytes."""

from pathlib import Path

from supportdesk.protocols.ami import PacketReader
from supportdesk.protocols.ami_link import WANTED_EVENTS
from tests.bench.figures import Figure, median_seconds

_CAPTURES = Path(__file__).parents[1] / "practice" / "captures"
_MEGABYTES = 20
_CHUNK = 65_536
_TIMES = 5


def run() -> list[Figure]:
    stream = _stream()
    chunks = [stream[start : start + _CHUNK] for start in range(0, len(stream), _CHUNK)]

    def ours(wanted: dict[str, tuple[str, ...]] | None) -> float:
        def read() -> None:
            reader = PacketReader("bench", wanted)
            reader.receive(b"Asterisk Call Manager/11.0.0\r\n")
            for chunk in chunks:
                for packet in reader.receive(chunk):
                    packet.get("Event")

        return len(stream) / 1e6 / median_seconds(read, times=_TIMES)

    def floor(wanted: tuple[bytes, ...]) -> float:
        def read() -> None:
            _split(chunks, wanted)

        return len(stream) / 1e6 / median_seconds(read, times=_TIMES)

    prefixes = tuple(b"Event: " + name.encode() for name in WANTED_EVENTS)
    return [
        Figure(
            what="AMI, wanted events decoded",
            unit="MB/s",
            ours=ours(dict(WANTED_EVENTS)),
            floor=floor((*prefixes, b"Response: ")),
            wanted="over 60 MB/s",
            floor_is="split, prefix test, dict",
        ),
        Figure(
            what="AMI, every event decoded",
            unit="MB/s",
            ours=ours(None),
            floor=floor((b"",)),
            floor_is="split, dict",
        ),
    ]


def _stream() -> bytes:
    """What Asterisk said in all captured calls, in a row, again and again."""
    calls = [path.read_bytes().strip() for path in sorted(_CAPTURES.glob("*.ami"))]
    packets = b"\n\n".join([*calls, b""]).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return packets * (_MEGABYTES * 1_000_000 // len(packets) + 1)


def _split(chunks: list[bytes], wanted: tuple[bytes, ...]) -> None:
    rest = b""
    for chunk in chunks:
        parts = (rest + chunk).split(b"\r\n\r\n")
        rest = parts.pop()
        for part in parts:
            if part.startswith(wanted):
                dict(line.partition(": ")[::2] for line in part.decode().split("\r\n"))
