"""The watch program with softphones on the desk; `doctor` disturbs none of them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.running import Watch, command, make_home
from tests.lab.linphone import LinphoneLab
from tests.lab.softphone_pair import SoftphonePair

pytestmark = pytest.mark.linphone

_DESK = """
[[phone]]
name = "Desk"
kind = "{kind}"
{more}
"""


@pytest.fixture
def pair() -> Iterator[SoftphonePair]:
    with SoftphonePair() as made:
        yield made


def test_calls_on_baresip_are_told_and_doctor_leaves_the_port_alone(
    pair: SoftphonePair, tmp_path: Path
) -> None:
    more = f'host = "{pair.founder_host}"\nport = {pair.control_port}'
    home = make_home(tmp_path, _DESK.format(kind="baresip", more=more))
    with Watch(home) as watch:
        watch.wait_until_listening("Desk")
        doctor = command(home, "doctor")
        assert f"A program listens at {pair.founder_host}:{pair.control_port}" in doctor.stdout
        mark = pair.customer.mark()
        pair.ring()
        waiting = watch.wait_for_turn("waiting")
        assert (waiting["number"], waiting["name"]) == ("+15550100001", "Carla Customer")
        pair.customer.wait_for_event("CALL_RINGING", start=mark)
        pair.customer.hang_up()
        missed = watch.wait_for_turn("missed")
        assert missed["call_id"] == waiting["call_id"]
    assert [line["outcome"] for line in watch.told("happened")] == ["waiting", "missed"]


def test_what_linphone_missed_while_watch_was_off_is_told_by_the_next_run_alone(
    linphone_lab: LinphoneLab, tmp_path: Path
) -> None:
    home = make_home(
        tmp_path, _DESK.format(kind="linphone", more=f'folder = "{linphone_lab.data}"')
    )
    with Watch(home) as watch:
        watch.wait_until_listening("Desk")
        linphone_lab.ring()
        linphone_lab.answer()
        linphone_lab.customer.hang_up()
        watch.wait_for_turn("taken")
    linphone_lab.ring()
    linphone_lab.give_up()
    linphone_lab.stop_linphone()
    with Watch(home) as watch:
        assert watch.wait_for_turn("missed")["name"] == "Carla Customer"
        watch.wait_until_listening("Desk")
    assert [line["outcome"] for line in watch.told("happened")] == ["missed"]
    with Watch(home) as watch:
        watch.wait_until_listening("Desk")
    assert watch.told("happened") == []


def test_doctor_names_a_softphone_that_is_not_there(tmp_path: Path) -> None:
    more = f'folder = "{tmp_path / "nowhere"}"'
    home = make_home(tmp_path / "linphone", _DESK.format(kind="linphone", more=more))
    doctor = command(home, "doctor")
    assert doctor.returncode == 1
    assert "There is no call history of Linphone in" in doctor.stdout
    home = make_home(tmp_path / "baresip", _DESK.format(kind="baresip", more='host = "127.84.1.1"'))
    assert "baresip is not there at 127.84.1.1:4444" in command(home, "doctor").stdout


def test_doctor_reads_a_history(tmp_path: Path) -> None:
    source = Path(__file__).parents[1] / "fixtures" / "softphones" / "linphone-5.1-call-history.db"
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(source, data / "call-history.db")
    home = make_home(tmp_path / "home", _DESK.format(kind="linphone", more=f'folder = "{data}"'))
    assert "with each call when it is over; 11 calls read" in command(home, "doctor").stdout
    (data / "call-history.db").write_bytes(b"SQLite format 3\x00 and then nothing")
    assert "cannot be read" in command(home, "doctor").stdout
