"""The watch program on a real Asterisk with real phones: the one-ring rule, kept to the second."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.phone_home import phone_home
from tests.e2e.running import Line, Watch, command
from tests.lab.phone import AsteriskLab
from tests.lab.waiting import PATIENCE, wait_until
from tests.lab.wire import RecordingProxy

pytestmark = pytest.mark.asterisk

RING_SECONDS = 6.0
SOON = timedelta(seconds=PATIENCE)
"""A second on a quiet machine; also on a busy one less than a ring."""


@pytest.fixture
def watch(asterisk_lab: AsteriskLab, tmp_path: Path) -> Iterator[Watch]:
    with Watch(phone_home(tmp_path, asterisk_lab.ami_port)) as running:
        running.wait_until_listening("Office")
        yield running


def _at(line: Line) -> datetime:
    return datetime.fromisoformat(line["at"])


def _of(watch: Watch, what: str, key: str) -> list[Line]:
    return [line for line in watch.told(what, "waiting") if line["key"] == key]


def test_a_third_caller_is_yours_from_the_second_ring_until_the_answer(
    asterisk_lab: AsteriskLab, watch: Watch
) -> None:
    ann, bob = asterisk_lab.agent("201"), asterisk_lab.agent("202")
    for index, member in ((1, ann), (2, bob)):
        mark = member.mark()
        caller = asterisk_lab.customer(index, name=f"Customer {index}")
        caller.call("800")
        member.answer_next(start=mark)
        if index == 1:
            first = caller
        watch.wait_for_turn("answered", f"Customer {index}", seconds=10)
    asterisk_lab.customer(3, name="Third Customer").call("800")
    joined = watch.wait_for_turn("waiting", "Third Customer", seconds=10)
    alert = watch.wait_for(
        lambda line: line["what"] == "alert" and line["kind"] == "waiting",
        seconds=RING_SECONDS + 5,
        what="the alert of the second ring",
    )
    assert joined["key"] in alert["covers"] or alert["key"] == joined["key"]
    waited = _at(alert) - _at(joined)
    assert timedelta(seconds=RING_SECONDS - 0.5) < waited < timedelta(seconds=RING_SECONDS) + SOON
    assert "take_call" in alert["actions"]
    mark = ann.mark()
    first.hang_up()
    ann.answer_next(start=mark, seconds=20)
    established = watch.now()
    answered = watch.wait_for_turn("answered", "Third Customer", seconds=10)
    assert answered["by"] == "Ann Agent"
    withdrawn = watch.wait_for(
        lambda line: line["what"] == "withdrawn" and line["key"] == alert["key"],
        seconds=5,
        what="the alert to be taken back",
    )
    # The phone's own clock, not ours: the program may not be late with both lines alike.
    assert abs(_at(withdrawn) - established) < SOON
    assert watch.now() - established < SOON
    assert len(watch.told("alert", "waiting")) == 1


def test_while_a_member_is_free_the_founder_is_left_alone(
    asterisk_lab: AsteriskLab, watch: Watch
) -> None:
    ann = asterisk_lab.agent("201")
    mark = ann.mark()
    asterisk_lab.customer(1, name="Carla Customer").call("800")
    joined = watch.wait_for_turn("waiting", "Carla Customer", seconds=10)
    ann.wait_for_event("CALL_INCOMING", start=mark)
    # Two and a half rings: the alert would be due after one.
    watch.wait_for(
        lambda _: watch.age_of(joined) > 2.5 * RING_SECONDS, seconds=30, what="two rings to pass"
    )
    ann.answer()
    watch.wait_for_turn("answered", "Carla Customer", seconds=10)
    assert watch.told("alert", "waiting") == []


def test_who_gives_up_is_missed_once(asterisk_lab: AsteriskLab, watch: Watch) -> None:
    asterisk_lab.agent("201")
    caller = asterisk_lab.customer(1, name="Carla Customer")
    caller.call("800")
    watch.wait_for_turn("waiting", "Carla Customer", seconds=10)
    caller.hang_up()
    missed = watch.wait_for_turn("missed", "Carla Customer", seconds=10)
    assert missed["number"] == "+15550100001"
    watch.wait_for(
        lambda line: line["what"] == "alert" and line["kind"] == "missed",
        seconds=5,
        what="the missed call's alert",
    )
    assert len(watch.told("happened", "missed")) == 1
    assert len(watch.told("alert", "missed")) == 1


def test_with_nobody_logged_in_the_alert_comes_at_once(
    asterisk_lab: AsteriskLab, watch: Watch
) -> None:
    asterisk_lab.customer(1, name="Carla Customer").call("800")
    joined = watch.wait_for_turn("waiting", "Carla Customer", seconds=10)
    alert = watch.wait_for(
        lambda line: line["what"] == "alert" and line["kind"] == "waiting",
        seconds=5,
        what="the alert at ring 1",
    )
    assert _at(alert) - _at(joined) < SOON


def test_a_killed_pbx_is_told_and_right_again_soon_after_its_restart(
    asterisk_lab: AsteriskLab, watch: Watch
) -> None:
    asterisk_lab.customer(1, name="Carla Customer").call("800")
    watch.wait_for_turn("waiting", "Carla Customer", seconds=10)
    watch.wait_for(lambda line: line.get("waiting") == 1, seconds=5, what="one waiting")
    asterisk_lab.kill()
    deaf = watch.wait_for(
        lambda line: line["what"] == "state" and line["sources"][0]["health"] == "not listening",
        seconds=10,
        what="word that the phones are not heard",
    )
    assert deaf["waiting"] is None
    asterisk_lab.start_server()
    started = watch.now()
    again = watch.wait_for(
        lambda line: (
            line["what"] == "state"
            and _at(line) > _at(deaf)
            and line["sources"][0]["health"] == "listening"
            and line["waiting"] == 0
        ),
        seconds=15,
        what="the phones to be heard again",
    )
    assert _at(again) - started < timedelta(seconds=10)
    missed = watch.wait_for_turn("missed", "Carla Customer", seconds=5)
    watch.wait_for(
        lambda line: line["what"] in ("alert", "digest") and missed["key"] in line["covers"],
        seconds=5,
        what="an alert for the call that the PBX lost",
    )


def test_a_link_that_is_cut_keeps_the_one_alert_until_the_answer(
    asterisk_lab: AsteriskLab, tmp_path: Path
) -> None:
    with (
        RecordingProxy(asterisk_lab.ami_port) as proxy,
        Watch(phone_home(tmp_path, proxy.port)) as watch,
    ):
        watch.wait_until_listening("Office")
        caller = asterisk_lab.customer(1, name="Carla Customer")
        caller.call("800")
        alert = watch.wait_for(
            lambda line: line["what"] == "alert" and line["kind"] == "waiting",
            seconds=10,
            what="the alert for a caller nobody is there for",
        )
        for _ in range(3):
            lines = len(watch.lines)
            proxy.cut()
            deaf = _wait_for_hearing(watch, "not listening", after=lines)
            _wait_for_hearing(watch, "listening", after=deaf)
        assert watch.told("withdrawn", "waiting") == []
        assert watch.told("alert", "waiting") == [alert]
        caller.hang_up()
        watch.wait_for(
            lambda line: line["what"] == "withdrawn" and line["key"] == alert["key"],
            seconds=5,
            what="the alert to be taken back",
        )
        assert watch.told("alert", "waiting") == [alert]


def test_who_gives_up_while_the_program_is_off_is_told_by_the_next_run(
    asterisk_lab: AsteriskLab, tmp_path: Path
) -> None:
    home = phone_home(tmp_path, asterisk_lab.ami_port)
    with Watch(home) as watch:
        watch.wait_until_listening("Office")
        first = asterisk_lab.customer(1, name="Before Crash")
        first.call("800")
        waiting = watch.wait_for_turn("waiting", "Before Crash", seconds=10)
        watch.wait_for(
            lambda line: line["what"] == "alert" and line["kind"] == "waiting",
            seconds=10,
            what="the alert for a caller nobody is there for",
        )
        watch.wait_until_noted()
        watch.kill()
    first.hang_up()
    second = asterisk_lab.customer(2, name="While Off")
    second.call("800")
    second.wait_for_event("CALL_ESTABLISHED")
    wait_until(
        lambda: "1. PJSIP" in asterisk_lab.cli("queue show support"),
        seconds=10,
        what="the second caller alone to wait",
    )
    second.hang_up()
    wait_until(
        lambda: "No Callers" in asterisk_lab.cli("queue show support"),
        seconds=10,
        what="the queue to be empty",
    )
    with Watch(home) as watch:
        missed = watch.wait_for_turn("missed", "Before Crash", seconds=20)
        assert (missed["key"], missed["number"]) == (waiting["key"], "+15550100001")
        counted = watch.wait_for_turn("missed", "", seconds=5)
        told = {missed["key"], counted["key"]}
        watch.wait_for(lambda _: told <= watch.covered(), seconds=20, what="alerts for both")
        assert len(watch.told("happened", "missed")) == 2
        assert len(watch.told("withdrawn", "waiting")) == 1
        watch.stop()
    with Watch(home) as watch:
        watch.wait_until_listening("Office")
        third = asterisk_lab.customer(3, name="Third Customer")
        third.call("800")
        watch.wait_for_turn("waiting", "Third Customer", seconds=10)
        assert watch.told("happened", "missed") == [], "told once"


def test_without_queue_events_a_phone_that_rings_is_somebody_who_is_there(
    asterisk_lab: AsteriskLab, tmp_path: Path
) -> None:
    with Watch(phone_home(tmp_path, asterisk_lab.ami_port, user="callonly")) as watch:
        watch.wait_until_listening("Office")
        ann = asterisk_lab.agent("201")
        mark = ann.mark()
        asterisk_lab.customer(1, name="Carla Customer").call("800")
        joined = watch.wait_for_turn("waiting", "Carla Customer", seconds=10)
        ann.wait_for_event("CALL_INCOMING", start=mark)
        watch.wait_for(
            lambda _: watch.age_of(joined) > 1.5 * RING_SECONDS, seconds=30, what="a ring to pass"
        )
        ann.answer()
        watch.wait_for_turn("answered", "Carla Customer", seconds=10)
        assert watch.told("alert", "waiting") == []


def test_a_talk_of_the_founder_counts_although_the_program_died_in_it(
    asterisk_lab: AsteriskLab, tmp_path: Path
) -> None:
    home = phone_home(tmp_path, asterisk_lab.ami_port)
    fay, caller = asterisk_lab.agent("100"), asterisk_lab.customer(1, name="Carla Customer")
    with Watch(home) as watch:
        watch.wait_until_listening("Office")
        mark = fay.mark()
        caller.call("100")
        fay.answer_next(start=mark)
        taken = watch.wait_for_turn("taken", "Carla Customer", seconds=10)
        watch.kill()
    with Watch(home) as watch:
        watch.wait_until_listening("Office")
        at_least = watch.age_of(taken)
        caller.hang_up()

        def talk_seconds() -> float:
            week = json.loads(command(home, "week", "--json").stdout)
            return float(week["talk_seconds"])

        wait_until(lambda: talk_seconds() > 0, seconds=15, what="the talk in the week")
        at_most = watch.age_of(taken)
        assert at_least - 2 < talk_seconds() < at_most + 2
        assert watch.told("happened", "missed") == []


def _wait_for_hearing(watch: Watch, health: str, *, after: int) -> int:
    """Returns after how many lines it was so."""

    def is_heard(line: Line) -> bool:
        is_new = any(line is one for one in watch.lines[after:])
        return is_new and line["what"] == "state" and line["sources"][0]["health"] == health

    heard = watch.wait_for(is_heard, seconds=15, what=f"the phones to be {health}")
    return next(place for place, line in enumerate(watch.lines, start=1) if line is heard)
