"""Call hooks that come while nothing runs: none is lost, none is told twice."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from supportdesk.adapters.call_spool import CallSpool, Fields
from supportdesk.adapters.places import Places
from supportdesk.domain.errors import StoreError
from tests.conftest import ExpectLog


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.under(tmp_path)


def numbers(spool: CallSpool) -> list[object]:
    return [fields["number"] for fields in spool.drain()]


def test_events_come_back_in_order_and_once(places: Places) -> None:
    spool = CallSpool(places)
    assert numbers(spool) == []
    spool_id = spool.append({"turn": "ringing", "number": "1"})
    for number in range(2, 30):
        spool.append({"number": str(number)})
    (first, *_) = list(CallSpool(places).drain())
    assert first == {"turn": "ringing", "number": "1", "spool_id": spool_id}
    assert numbers(spool) == []


def test_each_file_is_for_this_user_alone_and_whole(places: Places) -> None:
    CallSpool(places).append({"number": "1"})
    assert stat.S_IMODE(places.spool_dir.stat().st_mode) == 0o700
    (file,) = places.spool_dir.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_event_that_could_not_be_taken_in_stays(places: Places) -> None:
    spool = CallSpool(places)
    for number in "123":
        spool.append({"number": number})

    def take(fields: Fields) -> None:
        if fields["number"] == "2":
            raise RuntimeError("the desk is not ready")

    def drain() -> None:
        for fields in spool.drain():
            take(fields)

    with pytest.raises(RuntimeError):
        drain()
    assert numbers(spool) == ["2", "3"]


def test_what_is_no_event_is_said_and_dropped(places: Places, expect_log: ExpectLog) -> None:
    expect_log("spooled call .* is none")
    spool = CallSpool(places)
    spool.append({"number": "1"})
    (places.spool_dir / "0-broken.json").write_text('{"number": ')
    (places.spool_dir / "0-list.json").write_text("[1]")
    assert numbers(spool) == ["1"]
    assert list(places.spool_dir.iterdir()) == []


def test_what_cannot_be_read_is_said_and_kept(places: Places, expect_log: ExpectLog) -> None:
    expect_log("cannot be read")
    spool = CallSpool(places)
    spool.append({"number": "1"})
    (places.spool_dir / "0-folder.json").mkdir()
    assert numbers(spool) == ["1"]
    assert len(list(places.spool_dir.iterdir())) == 1


def test_a_place_that_cannot_be_written_is_said(places: Places) -> None:
    places.spool_dir.write_text("in the way")
    with pytest.raises(StoreError, match="could not be noted"):
        CallSpool(places).append({"number": "1"})


APPENDER = """
import sys
from pathlib import Path
from supportdesk.adapters.call_spool import CallSpool
from supportdesk.adapters.places import Places
spool = CallSpool(Places.under(Path(sys.argv[1])))
number = 0
while True:
    number += 1
    spool.append({"number": f"{sys.argv[2]}/{number}"})
    print(number, flush=True)
"""


def test_kill_9_while_appending_leaves_only_whole_events(places: Places) -> None:
    writers = []
    for name in ("a", "b", "c"):
        command = [sys.executable, "-c", APPENDER, str(places.data_dir), name]
        writers.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
    written: set[object] = set()
    for name, writer in zip("abc", writers, strict=True):
        assert writer.stdout is not None
        for _ in range(40):
            writer.stdout.readline()
        os.kill(writer.pid, signal.SIGKILL)
        rest = writer.stdout.read().splitlines()
        last = int(rest[-1]) if rest else 40
        writer.communicate()
        written |= {f"{name}/{number}" for number in range(1, last + 1)}
    found = numbers(CallSpool(places))
    assert written <= set(found)
    assert len(found) == len(set(found))
    assert len(found) <= len(written) + 3
