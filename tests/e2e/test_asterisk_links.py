"""Links to a real Asterisk: killed, frozen, restarted, cut, refused, over TLS, without rights."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.phone.connection_test import AsteriskConnectionTest
from supportdesk.domain.calls import MemberState, MissedReason
from supportdesk.domain.errors import Problem
from supportdesk.domain.events import (
    CallAnswered,
    CallEnded,
    CallerJoined,
    CallMissed,
    HealthChanged,
    PhoneSnapshotTaken,
)
from supportdesk.domain.health import Hearing
from supportdesk.domain.settings import Security
from tests.e2e.asterisk_office import Office, settings_for
from tests.fakes.heard_events import wait_until
from tests.lab.asterisk_conf import SECRET
from tests.lab.phone import AsteriskLab
from tests.lab.wire import RecordingProxy

pytestmark = [pytest.mark.asterisk, pytest.mark.usefixtures("qapp")]


@pytest.fixture
def wire(asterisk_lab: AsteriskLab) -> Iterator[RecordingProxy]:
    with RecordingProxy(asterisk_lab.ami_port) as proxy:
        yield proxy


@pytest.fixture
def office(asterisk_lab: AsteriskLab, wire: RecordingProxy, qapp: QApplication) -> Iterator[Office]:
    """An office whose link can be cut while the PBX goes on."""
    with Office(replace(settings_for(asterisk_lab), port=wire.port)) as made:
        yield made.listening()


def test_killed_and_restarted_while_two_callers_wait(
    asterisk_lab: AsteriskLab, qapp: QApplication
) -> None:
    asterisk_lab.agent("201")
    carla, dan = asterisk_lab.customer(1), asterisk_lab.customer(2, name="Dan Customer")
    with Office(settings_for(asterisk_lab)) as office:
        office.listening()
        carla.call("800")
        dan.call("800")
        office.wait_until(
            lambda: len(office.of(CallerJoined)) == 2, seconds=10, what="both to wait"
        )
        asterisk_lab.kill()
        office.deaf(seconds=3)
        office.wait_until(
            lambda: "refuses the connection" in office.problem_title, seconds=5, what="a refusal"
        )
        assert office.health is not None
        since = office.health.since
        start = len(office.events)

        asterisk_lab.start_server()
        office.listening(seconds=10)
        snapshot = office.wait_for(PhoneSnapshotTaken, start=start)
        assert snapshot.callers == ()
        assert snapshot.deaf_since is not None
        assert snapshot.deaf_since <= since
        missed = {event.call_id: event.reason for event in office.of(CallMissed)}
        joined = {event.caller.call_id for event in office.of(CallerJoined)}
        assert missed == dict.fromkeys(joined, MissedReason.UNSEEN)
        assert len(missed) == 2
        assert office.problem_title == ""
        asterisk_lab.agent("202")
        office.wait_until(
            lambda: office.member_states["Bob Agent"] is MemberState.FREE,
            seconds=5,
            what="Bob to log in",
        )


def test_an_orderly_stop_is_called_so_and_a_restart_is_heard(
    asterisk_lab: AsteriskLab, qapp: QApplication
) -> None:
    with Office(settings_for(asterisk_lab)) as office:
        office.listening()
        asterisk_lab.stop_server()
        office.wait_until(
            lambda: "has shut down" in office.problem_title, seconds=5, what="the shutdown"
        )
        asterisk_lab.launch_server()
        office.listening(seconds=15)
        first, second = office.of(PhoneSnapshotTaken)
        assert first.deaf_since is None
        assert second.deaf_since is not None
        assert {member.name for member in second.members or ()} == {"Ann Agent", "Bob Agent"}


def test_a_user_without_the_class_system_waits_for_a_booting_pbx_too(
    asterisk_lab: AsteriskLab, qapp: QApplication
) -> None:
    asterisk_lab.kill()
    with Office(settings_for(asterisk_lab, user="watcher", founder="")) as office:
        office.deaf()
        asterisk_lab.launch_server()
        office.listening(seconds=15)
        snapshot = office.wait_for(PhoneSnapshotTaken)
        assert {member.name for member in snapshot.members or ()} == {"Ann Agent", "Bob Agent"}


def test_a_frozen_pbx_is_noticed_within_ten_seconds(
    asterisk_lab: AsteriskLab, qapp: QApplication
) -> None:
    with Office(settings_for(asterisk_lab)) as office:
        office.listening()
        asterisk_lab.freeze()
        try:
            office.deaf(seconds=10)
            assert "does not answer" in office.problem_title
        finally:
            asterisk_lab.thaw()
        office.listening(seconds=10)


def test_what_was_missed_behind_our_back_is_counted(
    asterisk_lab: AsteriskLab, wire: RecordingProxy, office: Office
) -> None:
    carla, dan = asterisk_lab.customer(1), asterisk_lab.customer(2, name="Dan Customer")
    admin = asterisk_lab.ami()
    carla.call("800")
    waiting = office.wait_for(CallerJoined)
    wire.refuse()
    wire.cut()
    office.deaf()
    for phone in (dan, carla):
        start = admin.mark()
        if phone is dan:
            dan.call("800")
            admin.wait_for_event("QueueCallerJoin", start=start)
        phone.hang_up()
        admin.wait_for_event("QueueCallerAbandon", start=start)
    wire.accept()
    office.listening()

    snapshot = office.of(PhoneSnapshotTaken)[-1]
    assert snapshot.deaf_since is not None
    assert snapshot.missed_meanwhile == 1, "Dan, whom we never saw"
    [missed] = office.of(CallMissed)
    assert missed.call_id == waiting.caller.call_id
    assert missed.reason is MissedReason.UNSEEN


def test_who_was_answered_behind_our_back_is_told(
    asterisk_lab: AsteriskLab, wire: RecordingProxy, office: Office
) -> None:
    ann = asterisk_lab.agent("201")
    carla = asterisk_lab.customer()
    carla.call("800")
    waiting = office.wait_for(CallerJoined)
    wire.refuse()
    wire.cut()
    office.deaf()
    ann.answer_next()
    wire.accept()
    office.listening()
    answered = office.wait_for(CallAnswered)
    assert answered.call_id == waiting.caller.call_id
    assert (answered.by, answered.by_interface) == ("Ann Agent", "PJSIP/201")
    assert office.of(PhoneSnapshotTaken)[-1].missed_meanwhile == 0
    carla.hang_up()
    assert office.wait_for(CallEnded).call_id == waiting.caller.call_id
    assert office.of(CallMissed) == []


def test_the_secret_never_travels(wire: RecordingProxy, office: Office) -> None:
    assert b"Action: Login" in wire.client_bytes
    assert SECRET.encode() not in wire.client_bytes


def test_an_idle_link_is_kept_alive_by_pings(wire: RecordingProxy, office: Office) -> None:
    began = time.monotonic()
    wire.forget()

    def pings() -> int:
        return wire.client_lines().count("Action: Ping")

    office.wait_until(lambda: pings() >= 2, "two pings", seconds=11)
    seen = pings()
    assert seen <= (time.monotonic() - began) / 5 + 1, "one in five seconds"
    assert office.hearing is Hearing.LISTENING


def test_tls_with_the_right_authority(asterisk_lab: AsteriskLab, qapp: QApplication) -> None:
    settings = settings_for(asterisk_lab, security=Security.TLS, ca_file=str(asterisk_lab.ca_file))
    with Office(settings) as office:
        office.listening()
        assert office.problem_title == ""


def test_tls_with_an_unknown_authority(asterisk_lab: AsteriskLab, qapp: QApplication) -> None:
    with Office(settings_for(asterisk_lab, security=Security.TLS)) as office:
        office.deaf(seconds=5)
        assert office.health is not None
        problem = office.health.problem
        assert problem is not None
        assert problem.title == (
            "The certificate of 127.0.0.1 is from an authority this computer does not know"
        )
        assert "Nothing secret was sent" in problem.advice
        assert problem.is_for_founder


def test_plain_words_to_the_tls_port(asterisk_lab: AsteriskLab, qapp: QApplication) -> None:
    settings = replace(settings_for(asterisk_lab), port=asterisk_lab.ami_tls_port)
    with Office(settings) as office:
        office.deaf()
        assert "closed the connection without a greeting" in office.problem_title


def test_tls_to_the_plain_port(asterisk_lab: AsteriskLab, qapp: QApplication) -> None:
    settings = settings_for(asterisk_lab, security=Security.TLS)
    with Office(replace(settings, port=asterisk_lab.ami_port)) as office:
        office.deaf()
        assert office.problem_title.endswith("does not speak TLS")


@pytest.mark.parametrize(
    ("user", "secret"), [("supportdesk", "wrong"), ("nobody", "x"), ("elsewhere", SECRET)]
)
def test_a_refused_login_is_not_tried_again(
    asterisk_lab: AsteriskLab, qapp: QApplication, user: str, secret: str
) -> None:
    with RecordingProxy(asterisk_lab.ami_port) as wire:
        settings = replace(settings_for(asterisk_lab, user=user), port=wire.port)
        with Office(settings, secret) as office:
            office.deaf(seconds=5)
            assert f"refuses the phone user “{user}”" in office.problem_title
            assert office.health is not None
            assert office.health.problem is not None
            assert office.health.problem.is_for_founder
            office.run_for(3)
            assert wire.connections == 1
            office.phone.check_now()
            office.wait_until(lambda: wire.connections == 2, seconds=5, what="another try")


@pytest.mark.parametrize(
    ("user", "rights"),
    [
        ("watcher", ("`reporting`, `originate`, `call` to the `write` line",)),
        ("readonly", ("`reporting`, `originate`, `call` to the `write` line",)),
    ],
)
def test_missing_write_rights_are_named_and_the_rest_works(
    asterisk_lab: AsteriskLab, qapp: QApplication, user: str, rights: tuple[str, ...]
) -> None:
    carla = asterisk_lab.customer()
    with Office(settings_for(asterisk_lab, user=user)) as office:
        office.listening()
        assert office.health is not None
        problem = office.health.problem
        assert problem is not None
        assert all(right in problem.advice for right in rights)
        capabilities = office.wait_for(PhoneSnapshotTaken).capabilities
        assert (capabilities.can_take, capabilities.can_dial) == (False, False)
        carla.call("800")
        caller = office.wait_for(CallerJoined).caller
        office.phone.take(caller)
        assert "may not start calls: add `originate`" in office.words[-1]
        carla.hang_up()
        assert office.wait_for(CallMissed).call_id == caller.call_id


def test_a_user_who_hears_no_hangups(asterisk_lab: AsteriskLab, qapp: QApplication) -> None:
    carla = asterisk_lab.customer()
    with Office(settings_for(asterisk_lab, user="agentonly", founder="")) as office:
        office.listening()
        began = time.monotonic()
        carla.call("800")
        office.wait_for(CallerJoined)
        office.wait_until(
            lambda: (
                office.health is not None
                and office.health.problem is not None
                and "`call` to the `read` line" in office.health.problem.advice
            ),
            seconds=3,
            what="the missing class call",
        )
        carla.hang_up()
        hung_up_after = time.monotonic() - began
        missed = office.wait_for(CallMissed)
        assert missed.reason is MissedReason.NOBODY_THERE
        assert missed.waited_seconds < hung_up_after + 4


def test_a_user_who_hears_no_queues(asterisk_lab: AsteriskLab, qapp: QApplication) -> None:
    carla = asterisk_lab.customer()
    with Office(settings_for(asterisk_lab, user="callonly", founder="")) as office:
        office.listening()
        carla.call("800")
        snapshot = office.wait_for(PhoneSnapshotTaken, lambda event: bool(event.callers))
        assert snapshot.callers[0].queue == "support"
        office.wait_until(
            lambda: (
                office.health is not None
                and office.health.problem is not None
                and "`agent` to the `read` line" in office.health.problem.advice
            ),
            seconds=5,
            what="the missing class agent",
        )
        carla.hang_up()
        assert office.wait_for(CallMissed).number == "+15550100001"


def test_the_test_button_says_what_is_there(asterisk_lab: AsteriskLab, qapp: QApplication) -> None:
    answers: list[tuple[str, Problem | None]] = []
    trial = AsteriskConnectionTest(settings_for(asterisk_lab), SECRET, SystemClock())
    trial.succeeded.connect(lambda words, problem: answers.append((words, problem)))
    trial.start()
    wait_until(lambda: bool(answers), seconds=5, what="the test's answer")
    [(words, problem)] = answers
    assert re.fullmatch(
        r"Connected to Asterisk \d+\.\d+: queue support, 2 members, 0 waiting", words
    )
    assert problem is None


def test_a_queue_that_is_not_there_is_named(asterisk_lab: AsteriskLab, qapp: QApplication) -> None:
    with Office(settings_for(asterisk_lab, queues=("support", "suport"))) as office:
        office.listening()
        assert "has no queue “suport”" in office.problem_title
        assert office.health is not None
        assert office.health.problem is not None
        assert "fpbx, sales, strict, support" in office.health.problem.advice
        changes = len(office.of(HealthChanged))
        office.phone.check_now()
        office.run_for(0.5)
        assert len(office.of(HealthChanged)) == changes, "said once"
