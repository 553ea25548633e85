"""Synchronising a mailbox of 100,000 messages on a real Dovecot, beside the barest exchange.

Both sides find the server warm: what Dovecot keeps of a mailbox (its cache of envelopes and header
fields) it has made before anything is timed, as for a mailbox that other programs look at too.
Floors and ours take turns; each figure is the median. Set SYNC_BENCH_MESSAGES for another size.
"""

import contextlib
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from supportdesk.adapters.mail.open_mailbox import ENVELOPE_ITEMS
from tests.bench.figures import Figure, percentile
from tests.bench.mail_latency import RawIdle
from tests.bench.mail_sync_box import make_maildir
from tests.bench.mail_sync_raw import RawClient
from tests.lab.mail import DovecotLab
from tests.lab.waiting import wait_until

_MESSAGES = int(os.environ.get("SYNC_BENCH_MESSAGES", "100000"))
_ROUNDS = 3
_RESYNCS = 7
_CHANGES = 20
_QUIET_MS = 20.0
_UNDER_WAY = 1000
_LIST_ITEMS = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)"
_BASIC = "IMAP4rev1 SASL-IR IDLE UIDPLUS LIST-EXTENDED CHILDREN NAMESPACE SPECIAL-USE LITERAL+"
_SERVERS = {
    "QRESYNC": "",
    "CONDSTORE": f"{_BASIC} ESEARCH ENABLE CONDSTORE",
    "neither": _BASIC,
}

Numbers = dict[str, int]
_End = Callable[[Iterable[str]], tuple[dict[str, Any], dict[str, float]]]


def run() -> list[Figure]:
    with DovecotLab() as lab, tempfile.TemporaryDirectory() as folder:
        bench = _Bench(lab, Path(folder))
        bench.prepare()
        figures = bench.full_sync()
        figures += bench.latency()
        for server, capability in _SERVERS.items():
            if capability:
                lab.offer(capability)
            figures += bench.resync(server)
        return figures


class _Bench:
    """One server, one mailbox, and our mail.db of it."""

    def __init__(self, lab: DovecotLab, folder: Path) -> None:
        self._lab = lab
        self._folder = folder
        self._address = lab.new_address()
        self._mail_db = folder / "mail.db"
        self._delivered = 0

    def prepare(self) -> None:
        make_maildir(self._folder / "mail", _MESSAGES)
        self._lab.give_mailbox(self._folder / "mail", self._address)
        with self._raw() as raw:
            raw.discard("EXAMINE INBOX")
            for items in (_LIST_ITEMS, ENVELOPE_ITEMS) * 2:
                raw.discard(f"FETCH 1:* {items}")

    def full_sync(self) -> list[Figure]:
        floors, ours, tools = [], [], []
        for _ in range(_ROUNDS):
            floors.append(self._seconds(f"FETCH 1:* {_LIST_ITEMS}"))
            for name in self._folder.glob("mail.db*"):
                name.unlink()
            ours.append(self._ours("complete"))
            # In turns: a machine that is slow for a while is slow for all of them.
            tools.append(self._tools())
        whole = statistics.median(one["complete_seconds"] for one in ours)
        what = f"{_MESSAGES} messages"
        return [
            Figure(
                what=f"{what}: newest 50 told",
                unit="s",
                ours=statistics.median(one["newest_seconds"] for one in ours),
                floor=None,
                wanted="up to 0.3 s after EXAMINE",
            ),
            Figure(
                what=f"{what}: all in mail.db",
                unit="s",
                ours=whole,
                floor=statistics.median(floors),
                wanted="ratio up to 4",
                floor_is="raw socket, ENVELOPE read and discarded",
            ),
            Figure(
                what=f"{what}: all in mail.db",
                unit="s",
                ours=whole,
                floor=statistics.median(tools),
                wanted="ratio up to 0.25",
                floor_is="imap-tools, bulk=500, the same facts",
            ),
            Figure(
                what=f"{what}: memory above idle",
                unit="MB",
                ours=max(one["peak_mb"] - one["idle_mb"] for one in ours),
                floor=None,
                wanted="under 60 MB",
            ),
            Figure(
                what=f"{what}: events to the window",
                unit="",
                ours=statistics.median(one["events"] for one in ours),
                floor=None,
                wanted="a few hundred",
            ),
        ]

    def latency(self) -> list[Figure]:
        """Mail that arrives while the first synchronisation runs, against a raw IDLE socket."""
        shares: list[float] = []
        for _ in range(_ROUNDS):
            for name in self._folder.glob("mail.db*"):
                name.unlink()
            with RawIdle(self._lab, self._address) as raw, self._client("listening") as ours:
                wanted = {}
                wait_until(lambda: self._known() > _UNDER_WAY, seconds=30, what="a first batch")
                for _ in range(3):
                    before = len(raw.seen)
                    message_id = self._deliver(1)[0]
                    wait_until(
                        lambda before=before: len(raw.seen) > before,  # type: ignore[misc]
                        seconds=10,
                        what="EXISTS",
                    )
                    wanted[message_id] = raw.seen[before]
                _, told = ours(wanted)
            shares += [(told[one] - at) * 1000 for one, at in wanted.items()]
        return [
            Figure(
                what=f"mail during a full sync: our share, p{share * 100:.0f}",
                unit="ms",
                ours=percentile(shares, share),
                floor=None,
                wanted=f"up to {bar} ms",
                floor_is="later than a raw IDLE socket sees EXISTS",
            )
            for share, bar in ((0.5, 5), (0.95, 30))
        ]

    def _known(self) -> int:
        """How many messages are in mail.db by now."""
        if not self._mail_db.exists():
            return 0
        with contextlib.closing(sqlite3.connect(self._mail_db)) as connection:
            try:
                return int(connection.execute("SELECT count(*) FROM places").fetchone()[0])
            except sqlite3.OperationalError:
                return 0  # its tables are being made

    def resync(self, server: str) -> list[Figure]:
        """A new connection: nothing new, then a few arrivals, flags and losses."""
        self._settle()
        self._ours("complete")
        exchange = {"QRESYNC": _qresync, "CONDSTORE": _condstore, "neither": _compare}[server]
        quiet = [self._both(exchange, self._numbers()) for _ in range(_RESYNCS)]
        busy = []
        for _ in range(_RESYNCS):
            before = self._numbers()
            self._change()
            busy.append(self._both(exchange, before))
        bars = {
            "QRESYNC": ("up to 20 ms", "up to 1 kB"),
            "CONDSTORE": ("ratio up to 3", ""),
            "neither": ("ratio up to 3", ""),
        }[server]
        changes = f"{_CHANGES} new, {_CHANGES} flags, {_CHANGES} gone"
        raw = "the same exchange by a raw socket"
        return [
            _figure(f"{server}: nothing new", "ms", quiet, 0, bars[0], raw),
            _figure(f"{server}: nothing new, on the wire", "kB", quiet, 1, bars[1], raw),
            _figure(f"{server}: {changes}", "ms", busy, 0, "ratio up to 1.3", raw),
            _figure(f"{server}: {changes}, on the wire", "kB", busy, 1, "", raw),
        ]

    def _settle(self) -> None:
        """Dovecot reads a maildir anew for some seconds after mail came: wait for the end of it."""
        with self._raw() as raw:
            raw.discard("SELECT INBOX")
        wait_until(
            lambda: max(self._exchange(_open, {})[0] for _ in range(3)) < _QUIET_MS,
            seconds=10,
            what="a quiet server",
        )

    def _both(
        self, exchange: Callable[[RawClient, Numbers], None], before: Numbers
    ) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return (ms, kB) of ours and of the floor."""
        self._exchange(exchange, before)  # the server reads what is new once, for whoever asks
        floor = self._exchange(exchange, before)
        ours = self._ours("listening")
        return (ours["listening_seconds"] * 1000, ours["wire_bytes"] / 1000), floor

    def _exchange(
        self, exchange: Callable[[RawClient, Numbers], None], before: Numbers
    ) -> tuple[float, float]:
        with self._raw() as raw:
            if exchange is _qresync:
                raw.discard("ENABLE QRESYNC")
            raw.received = 0
            start = time.monotonic()
            exchange(raw, before)
            return (time.monotonic() - start) * 1000, raw.received / 1000

    def _change(self) -> None:
        self._deliver(_CHANGES)
        with self._raw() as raw:
            exists = raw.opened("SELECT INBOX")["EXISTS"]
            step = exists // (2 * _CHANGES + 2)
            seqs = [str(step * (number + 1)) for number in range(2 * _CHANGES)]
            sign = "+-"[self._delivered // _CHANGES % 2]
            raw.discard(f"STORE {','.join(seqs[:_CHANGES])} {sign}FLAGS (\\Answered \\Flagged)")
            raw.discard(f"STORE {','.join(seqs[_CHANGES:])} +FLAGS (\\Deleted)")
            raw.discard("EXPUNGE")

    def _deliver(self, count: int) -> list[str]:
        ids = [f"<bench-{self._delivered + number}@example.org>" for number in range(count)]
        self._delivered += count
        self._lab.deliver(*(_letter(one) for one in ids), to=self._address)
        return ids

    def _numbers(self) -> Numbers:
        with self._raw() as raw:
            return raw.opened("EXAMINE INBOX (CONDSTORE)")

    def _raw(self) -> RawClient:
        return RawClient(self._lab.imap_port, self._address)

    def _seconds(self, command: str) -> float:
        with self._raw() as raw:
            start = time.monotonic()
            raw.discard("EXAMINE INBOX")
            raw.discard(command)
            return time.monotonic() - start

    def _tools(self) -> float:
        where = (str(self._lab.imap_port), self._address)
        command = [sys.executable, "-m", "tests.bench.mail_sync_tools", *where]
        return float(subprocess.run(command, check=True, capture_output=True).stdout.split()[0])

    def _ours(self, until: str) -> dict[str, Any]:
        with self._client(until) as client:
            return client(())[0]

    @contextmanager
    def _client(self, until: str) -> Iterator[_End]:
        """Start our worker; what is yielded ends it, once it has told of these messages."""
        where = (str(self._lab.imap_port), self._address, str(self._mail_db), until)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.mail_sync_ours", *where],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

        def end(wanted: Iterable[str]) -> tuple[dict[str, Any], dict[str, float]]:
            output, _ = process.communicate(f"{' '.join(wanted)}\n")
            *lines, last = output.splitlines()
            told = {line.split()[1]: float(line.split()[2]) for line in lines}
            return json.loads(last), told

        try:
            yield end
        finally:
            process.kill()
            process.wait()


def _open(raw: RawClient, _before: Numbers) -> None:
    raw.discard("EXAMINE INBOX")


def _qresync(raw: RawClient, before: Numbers) -> None:
    known = f"{before['UIDVALIDITY']} {before['HIGHESTMODSEQ']}"
    now = raw.opened(f"EXAMINE INBOX (QRESYNC ({known}))")
    _fetch_new(raw, before, now)


def _condstore(raw: RawClient, before: Numbers) -> None:
    now = raw.opened("EXAMINE INBOX (CONDSTORE)")
    _fetch_new(raw, before, now)
    raw.discard(f"UID FETCH 1:* (FLAGS) (CHANGEDSINCE {before['HIGHESTMODSEQ']})")
    raw.discard("UID SEARCH RETURN (ALL) ALL")


def _compare(raw: RawClient, before: Numbers) -> None:
    now = raw.opened("EXAMINE INBOX")
    _fetch_new(raw, before, now)
    raw.discard("FETCH 1:* (UID FLAGS)")


def _fetch_new(raw: RawClient, before: Numbers, now: Numbers) -> None:
    if now["UIDNEXT"] > before["UIDNEXT"]:
        raw.discard(f"UID FETCH {before['UIDNEXT']}:* {ENVELOPE_ITEMS}")


def _figure(
    what: str,
    unit: str,
    pairs: list[tuple[tuple[float, float], tuple[float, float]]],
    index: int,
    wanted: str,
    floor_is: str,
) -> Figure:
    return Figure(
        what=what,
        unit=unit,
        ours=statistics.median(ours[index] for ours, _ in pairs),
        floor=statistics.median(floor[index] for _, floor in pairs),
        wanted=wanted,
        floor_is=floor_is,
    )


def _letter(message_id: str) -> bytes:
    return (
        "From: Carla Customer <carla@example.org>\r\nTo: support@lab.test\r\n"
        f"Subject: Where is my order?\r\nMessage-ID: {message_id}\r\n"
        "Date: Wed, 18 Nov 2026 09:00:00 +0000\r\nContent-Type: text/plain\r\n\r\n"
        "The invoice has not arrived.\r\n"
    ).encode()
