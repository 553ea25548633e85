"""The Asterisk adapter over real sockets to a make-believe PBX: health, retries, words."""

import errno
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from supportdesk.adapters.phone.connection_test import AsteriskConnectionTest
from supportdesk.adapters.phone.phone_problems import of_socket
from supportdesk.domain.calls import Caller, CallId
from supportdesk.domain.errors import CertificateRejected, Problem, SecretsUnavailable
from supportdesk.domain.events import (
    DialProgressed,
    Event,
    PhoneSnapshotTaken,
    SourceHeard,
)
from supportdesk.domain.health import Hearing
from supportdesk.domain.settings import PhoneSettings, Security
from tests.adapters.asterisk_desk import OFFICE, QUEUES, SETTINGS, Desk, HandClock
from tests.fakes.ami_script import AmiScript, entry, member, packet, queue
from tests.fakes.ami_server import FakeAmi
from tests.lab.certificates import LabAuthority

pytestmark = pytest.mark.usefixtures("qapp")

CARLA = Caller(
    phone=OFFICE,
    call_id=CallId("1.0"),
    number="+1555",
    name="Carla",
    queue="support",
    joined_at=datetime(2026, 11, 21, tzinfo=UTC),
    channel="PJSIP/trunk-1",
)


@pytest.fixture
def pbx() -> Iterator[FakeAmi]:
    made = FakeAmi(AmiScript(queues=[*QUEUES]))
    yield made
    made.close()


@pytest.fixture
def desks() -> Iterator[list[Desk]]:
    """Whoever is put in here is stopped at the end."""
    made: list[Desk] = []
    yield made
    for desk in made:
        desk.phone.stop()


@pytest.fixture
def desk(pbx: FakeAmi, desks: list[Desk], qtbot: QtBot) -> Desk:
    return start(desks, replace(SETTINGS, port=pbx.port))


def start(
    desks: list[Desk], settings: PhoneSettings, secret_of: Callable[[], str] = lambda: "s"
) -> Desk:
    made = Desk(settings, secret_of)
    desks.append(made)
    made.phone.start()
    return made


def hears(qtbot: QtBot, desk: Desk, hearing: Hearing = Hearing.LISTENING) -> None:
    qtbot.waitUntil(lambda: desk.hearing is hearing, timeout=5000)


def test_it_connects_and_listens(desk: Desk, qtbot: QtBot) -> None:
    hears(qtbot, desk)
    assert [health.hearing for health in desk.healths] == [Hearing.CONNECTING, Hearing.LISTENING]
    assert desk.count(PhoneSnapshotTaken) == 1
    kinds = [type(event) for event in desk.events]
    assert kinds.index(PhoneSnapshotTaken) < len(kinds) - 1, "the facts come before the all-clear"
    assert desk.healths[-1].last_heard_at == desk.clock.now()
    assert desk.healths[-1].problem is None


def test_starting_twice_is_starting_once(desk: Desk, pbx: FakeAmi, qtbot: QtBot) -> None:
    desk.phone.start()
    hears(qtbot, desk)
    assert pbx.connections == 1


def test_proof_of_life_is_told_once_a_minute(desk: Desk, pbx: FakeAmi, qtbot: QtBot) -> None:
    hears(qtbot, desk)
    for expected in (0, 1, 1, 2):
        before = desk.count(SourceHeard)
        pbx.say(packet(Event="Hangup", Privilege="call,all", Uniqueid="9.9"))
        qtbot.waitUntil(lambda: desk.count(SourceHeard) >= expected)  # noqa: B023 - waits here
        qtbot.wait(50)
        assert desk.count(SourceHeard) == expected, before
        desk.clock.time += timedelta(seconds=31)
        if expected == 0:
            desk.clock.time += timedelta(seconds=31)


def test_a_lost_link_is_made_again_and_health_is_said_once_for_each_change(
    desk: Desk, pbx: FakeAmi, qtbot: QtBot
) -> None:
    hears(qtbot, desk)
    pbx.refuse()
    pbx.cut()
    hears(qtbot, desk, Hearing.DEAF)
    since = desk.healths[-1].since
    qtbot.waitUntil(lambda: "refuses the connection" in desk.problem.title, timeout=5000)
    assert desk.healths[-1].since == since
    said = len(desk.healths)
    qtbot.wait(1500)
    assert len(desk.healths) == said, "one refusal is as good as ten"
    pbx.listen(pbx.port)
    hears(qtbot, desk)
    snapshots = [event for event in desk.events if isinstance(event, PhoneSnapshotTaken)]
    assert [one.deaf_since for one in snapshots] == [None, desk.clock.now()]


def test_check_now_does_not_wait_for_the_next_try(desk: Desk, pbx: FakeAmi, qtbot: QtBot) -> None:
    hears(qtbot, desk)
    pbx.refuse()
    pbx.cut()
    hears(qtbot, desk, Hearing.DEAF)
    qtbot.waitUntil(desk.phone._retry.isActive)
    desk.phone._retry.start(3600 * 1000)  # no try in this test is its own
    pbx.listen(pbx.port)
    desk.phone.check_now()
    hears(qtbot, desk)
    asked = len(pbx.actions)
    desk.phone.check_now()
    qtbot.waitUntil(lambda: len(pbx.actions) == asked + 2)


def test_whoever_asks_is_told_when_the_lists_are_here_and_not_before(
    desk: Desk, pbx: FakeAmi, qtbot: QtBot
) -> None:
    """After a sleep the socket is full of what was said meanwhile."""

    def answers() -> int:
        return sum(isinstance(one, SourceHeard) and one.is_caught_up for one in desk.events)

    hears(qtbot, desk)
    assert answers() == 0
    pbx.script.silent_on = ("QueueStatus",)
    desk.clock.time += timedelta(hours=2)
    desk.phone.check_now()
    pbx.say(packet(Event="Hangup", Privilege="call,all", Uniqueid="9.9"))
    qtbot.waitUntil(lambda: desk.count(SourceHeard) == 1, timeout=30_000)
    assert answers() == 0
    pbx.script.silent_on = ()
    desk.phone.check_now()
    qtbot.waitUntil(lambda: answers() == 1, timeout=30_000)
    pbx.say(packet(Event="Hangup", Privilege="call,all", Uniqueid="9.9"))
    qtbot.wait(50)
    assert answers() == 1


def test_after_stop_it_is_silent(desk: Desk, pbx: FakeAmi, qtbot: QtBot) -> None:
    hears(qtbot, desk)
    desk.phone.stop()
    said = len(desk.events)
    pbx.cut()
    qtbot.wait(700)
    assert len(desk.events) == said
    assert pbx.connections == 1


def test_stopping_from_within_an_event_is_fine(pbx: FakeAmi, qtbot: QtBot) -> None:
    desk = Desk(replace(SETTINGS, port=pbx.port))
    seen = desk.events.append

    def publish(event: Event) -> None:
        seen(event)
        if isinstance(event, PhoneSnapshotTaken):
            desk.phone.stop()

    desk.publish = publish  # type: ignore[method-assign]  # this desk leaves in the middle
    desk.phone.start()
    qtbot.waitUntil(lambda: desk.count(PhoneSnapshotTaken) == 1, timeout=3000)
    qtbot.wait(100)
    assert desk.hearing is Hearing.CONNECTING


def test_a_refused_login_waits_until_it_is_asked(
    desks: list[Desk], pbx: FakeAmi, qtbot: QtBot
) -> None:
    pbx.script.silent_on = ("Login",)
    desk = start(desks, replace(SETTINGS, port=pbx.port))
    qtbot.waitUntil(lambda: len(pbx.actions) == 2, timeout=3000)
    action_id = pbx.actions[-1]["ActionID"]
    refusal = {"Response": "Error", "Message": "Authentication failed"}
    pbx.say(packet(ActionID=action_id, **refusal))
    hears(qtbot, desk, Hearing.DEAF)
    assert "refuses the phone user “desk”" in desk.problem.title
    assert desk.problem.is_for_founder
    qtbot.wait(1200)
    assert pbx.connections == 1
    desk.phone.check_now()
    qtbot.waitUntil(lambda: pbx.connections == 2, timeout=1000)


def test_a_missing_right_is_said_while_listening(
    desks: list[Desk], pbx: FakeAmi, qtbot: QtBot
) -> None:
    pbx.script.channels = None
    desk = start(desks, replace(SETTINGS, port=pbx.port))
    hears(qtbot, desk)
    assert "`reporting`" in desk.problem.advice


def test_another_protocol_is_named(desks: list[Desk], qtbot: QtBot) -> None:
    web = FakeAmi(greeting=b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    desk = start(desks, replace(SETTINGS, port=web.port))
    hears(qtbot, desk, Hearing.DEAF)
    assert desk.problem.title == (
        f"127.0.0.1:{web.port} is not an Asterisk manager port: a web server answers there"
    )
    web.close()


def test_a_host_that_is_not_there(desks: list[Desk], qtbot: QtBot) -> None:
    settings = replace(SETTINGS, host="pbx.invalid", port=5039, security=Security.TLS, queues=())
    desk = start(desks, settings)
    qtbot.waitUntil(lambda: desk.hearing is Hearing.DEAF, timeout=10_000)
    assert desk.problem.title == "The phone system pbx.invalid cannot be found"
    assert not desk.problem.is_for_founder


# TLS


@pytest.fixture
def authority(tmp_path: Path) -> LabAuthority:
    return LabAuthority(tmp_path)


@pytest.mark.parametrize(
    ("names", "valid_for", "trusts", "title"),
    [
        (
            ["pbx.example"],
            None,
            True,
            "The certificate of 127.0.0.1 belongs to another host name",
        ),
        (["127.0.0.1"], timedelta(days=30), True, "The certificate of 127.0.0.1 has expired"),
        (
            ["127.0.0.1"],
            None,
            False,
            "The certificate of 127.0.0.1 is from an authority this computer does not know",
        ),
    ],
)
def test_a_certificate_that_proves_nothing(
    authority: LabAuthority,
    desks: list[Desk],
    qtbot: QtBot,
    names: list[str],
    valid_for: timedelta | None,
    trusts: bool,
    title: str,
) -> None:
    more = {} if valid_for is None else {"valid_for": valid_for}
    certificate = authority.issue("pbx", names=names, **more)
    pbx = FakeAmi(certificate=certificate)
    settings = replace(
        SETTINGS,
        port=pbx.port,
        security=Security.TLS,
        ca_file=str(authority.ca_file) if trusts else "",
    )
    desk = start(desks, settings)
    hears(qtbot, desk, Hearing.DEAF)
    assert title in desk.problem.title
    assert "127.0.0.1" in desk.problem.title
    assert "Nothing secret was sent" in desk.problem.advice
    assert desk.problem.is_for_founder
    assert pbx.actions == []
    pbx.close()


def test_a_certificate_that_is_right(
    authority: LabAuthority, desks: list[Desk], qtbot: QtBot
) -> None:
    pbx = FakeAmi(AmiScript(queues=[*QUEUES]), certificate=authority.issue("pbx"))
    settings = replace(
        SETTINGS, port=pbx.port, security=Security.TLS, ca_file=str(authority.ca_file)
    )
    hears(qtbot, start(desks, settings))
    pbx.close()


def test_tls_to_a_port_without_it(desks: list[Desk], pbx: FakeAmi, qtbot: QtBot) -> None:
    desk = start(desks, replace(SETTINGS, port=pbx.port, security=Security.TLS))
    hears(qtbot, desk, Hearing.DEAF)
    assert desk.problem.title == f"127.0.0.1:{pbx.port} does not speak TLS"


# Settings and secrets


@pytest.mark.parametrize(
    ("wrong", "title"),
    [
        ({"host": ""}, "The phone “Office” has no host"),
        ({"user": ""}, "The phone “Office” has no usable user"),
        ({"user": "a\nb"}, "The phone “Office” has no usable user"),
        ({"security": Security.STARTTLS}, "The phone “Office” cannot use STARTTLS"),
        ({"host": "192.0.2.1"}, "The phone “Office” would be watched without encryption"),
        ({"host": "pbx.example.com"}, "The phone “Office” would be watched without encryption"),
        (
            {"security": Security.TLS, "ca_file": "/nowhere/ca.pem"},
            "The CA file /nowhere/ca.pem cannot be read or holds no certificate",
        ),
    ],
)
def test_settings_that_cannot_work_are_said_and_nothing_is_sent(
    desks: list[Desk], qtbot: QtBot, wrong: dict[str, object], title: str
) -> None:
    desk = start(desks, replace(SETTINGS, **wrong))  # type: ignore[arg-type]  # any field
    assert desk.hearing is Hearing.DEAF
    assert desk.problem.title == title
    assert desk.problem.is_for_founder
    failures: list[Problem] = []
    test = AsteriskConnectionTest(
        replace(SETTINGS, **wrong),  # type: ignore[arg-type]  # any field
        "s",
        HandClock(),
    )
    test.failed.connect(failures.append)
    test.start()
    assert [failure.title for failure in failures] == [title]


def test_a_ca_file_that_comes_later_is_found(
    desks: list[Desk], authority: LabAuthority, tmp_path: Path, qtbot: QtBot
) -> None:
    pbx = FakeAmi(AmiScript(queues=[*QUEUES]), certificate=authority.issue("pbx"))
    ca_file = tmp_path / "mounted" / "ca.pem"
    tls = replace(SETTINGS, port=pbx.port, security=Security.TLS, ca_file=str(ca_file))
    desk = start(desks, tls)
    assert "cannot be read" in desk.problem.title
    [retry] = [timer for timer in desk.phone.findChildren(QTimer) if timer.isActive()]
    assert retry.interval() == 5 * 60 * 1000
    ca_file.parent.mkdir()
    ca_file.write_bytes(authority.ca_file.read_bytes())
    retry.start(0)
    hears(qtbot, desk)
    pbx.close()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "127.8.9.10"])
def test_this_computer_may_be_watched_without_encryption(
    desks: list[Desk], qtbot: QtBot, host: str
) -> None:
    desk = start(desks, replace(SETTINGS, host=host, port=1))
    hears(qtbot, desk, Hearing.DEAF)
    assert "refuses the connection" in desk.problem.title


def test_a_trusted_network_may_be_watched_without_encryption(
    desks: list[Desk], qtbot: QtBot
) -> None:
    desk = start(desks, replace(SETTINGS, host="pbx.invalid", trust_network=True))
    qtbot.waitUntil(lambda: desk.hearing is Hearing.DEAF, timeout=10_000)
    assert "cannot be found" in desk.problem.title


def test_a_secret_that_cannot_be_had_is_asked_for_again_on_check_now(
    desks: list[Desk], pbx: FakeAmi, qtbot: QtBot
) -> None:
    secrets = ["found"]

    def secret_of() -> str:
        if len(secrets) < 2:
            raise SecretsUnavailable("The key store is locked", "Unlock it.")
        return secrets[-1]

    desk = start(desks, replace(SETTINGS, port=pbx.port), secret_of)
    assert desk.problem.title == "The key store is locked"
    secrets.append("now")
    desk.phone.check_now()
    hears(qtbot, desk)


# Dialling without a link


def test_dialling_without_a_link_is_refused(desks: list[Desk], qtbot: QtBot) -> None:
    desk = start(desks, replace(SETTINGS, host=""))
    desk.phone.take(CARLA)
    desk.phone.call_back("+1555", "Carla")
    take, back = [event for event in desk.events if isinstance(event, DialProgressed)]
    assert (take.call_id, take.words) == ("1.0", "The phone system is not connected")
    assert (back.call_id, back.number, back.is_over, back.has_failed) == (None, "+1555", True, True)


def test_dialling_sends_one_originate(desk: Desk, pbx: FakeAmi, qtbot: QtBot) -> None:
    hears(qtbot, desk)
    desk.phone.take(CARLA)
    desk.phone.take(CARLA)
    desk.phone.call_back("+1555", "Carla")
    qtbot.waitUntil(lambda: pbx.actions[-1]["Action"] == "Originate", timeout=1000)
    qtbot.wait(50)
    assert [action["Action"] for action in pbx.actions].count("Originate") == 1


# The test button


def try_out(qtbot: QtBot, settings: PhoneSettings) -> tuple[str, Problem | None]:
    """Run a connection test; give its sentence and problem."""
    test = AsteriskConnectionTest(settings, "s", HandClock())
    answers: list[tuple[str, Problem | None]] = []
    test.succeeded.connect(lambda words, problem: answers.append((words, problem)))
    test.failed.connect(lambda problem: answers.append(("", problem)))
    test.start()
    qtbot.waitUntil(lambda: bool(answers), timeout=5000)
    qtbot.wait(20)
    assert len(answers) == 1
    return answers[0]


@pytest.mark.parametrize(
    ("queues", "watched", "words"),
    [
        (QUEUES, ("support",), "queue support, 2 members, 0 waiting"),
        (
            [*QUEUES, entry("support", "1.0")],
            ("support",),
            "queue support, 2 members, 1 waiting",
        ),
        (
            [*QUEUES, queue("sales"), member("sales", "PJSIP/203", "Cy")],
            (),
            "queues sales, support, 3 members, 0 waiting",
        ),
        ([queue("support")], ("support",), "queue support, 0 members, 0 waiting"),
        ([QUEUES[0], QUEUES[1]], (), "queue support, 1 member, 0 waiting"),
        ([], (), "queues without members, 0 members, 0 waiting"),
        (None, (), "no queues, 0 callers ringing"),
    ],
)
def test_a_connection_test_says_what_it_found(
    pbx: FakeAmi,
    qtbot: QtBot,
    queues: list[dict[str, str]] | None,
    watched: tuple[str, ...],
    words: str,
) -> None:
    pbx.script.queues = queues
    sentence, problem = try_out(qtbot, replace(SETTINGS, port=pbx.port, queues=watched))
    assert sentence == f"Connected to Asterisk 22.10: {words}"
    assert (problem is None) is (queues is not None)


def test_a_connection_test_says_what_is_missing(pbx: FakeAmi, qtbot: QtBot) -> None:
    sentence, problem = try_out(qtbot, replace(SETTINGS, port=pbx.port, queues=("suport",)))
    assert sentence.startswith("Connected")
    assert problem is not None
    assert "has no queue “suport”" in problem.title


def test_a_connection_test_says_why_it_failed(qtbot: QtBot) -> None:
    sentence, problem = try_out(qtbot, replace(SETTINGS, port=1))
    assert sentence == ""
    assert problem is not None
    assert problem.title == "The phone system 127.0.0.1:1 refuses the connection"


def test_a_connection_test_that_is_cancelled_is_silent(
    pbx: FakeAmi, qtbot: QtBot, qapp: QApplication
) -> None:
    test = AsteriskConnectionTest(replace(SETTINGS, port=pbx.port), "s", HandClock())
    answers: list[object] = []
    test.succeeded.connect(lambda *found: answers.append(found))
    test.failed.connect(answers.append)
    test.start()
    test.cancel()
    test.cancel()
    qtbot.wait(300)
    assert answers == []


# Words for what a socket may say


def tls_error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (OSError(errno.ENETUNREACH, ""), "There is no way to the phone system 127.0.0.1"),
        (OSError(errno.EHOSTUNREACH, ""), "There is no way to the phone system 127.0.0.1"),
        (
            OSError(errno.ETIMEDOUT, "timed out"),
            "The phone system 127.0.0.1:5038 does not answer",
        ),
        (socket.gaierror(socket.EAI_NONAME, ""), "The phone system 127.0.0.1 cannot be found"),
        (
            tls_error("NO_SHARED_CIPHER"),
            "The phone system 127.0.0.1:5038 cannot agree on encryption (NO_SHARED_CIPHER)",
        ),
        (
            OSError(errno.EMFILE, "Too many open files"),
            "The phone system 127.0.0.1:5038 cannot be reached (Too many open files)",
        ),
    ],
)
def test_words_for_socket_errors(error: OSError, title: str) -> None:
    assert of_socket(error, SETTINGS).title == title


@pytest.mark.parametrize(
    ("code", "title"),
    [
        (18, "The certificate of 127.0.0.1 is signed by itself, so it proves nothing"),
        (62, "The certificate of 127.0.0.1 belongs to another host name"),
        (9, "The certificate of 127.0.0.1 is not valid yet"),
        (23, "The certificate of 127.0.0.1 cannot be verified (certificate revoked)"),
    ],
)
def test_words_for_certificates(code: int, title: str) -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, "certificate revoked"
    problem = of_socket(error, SETTINGS)
    assert isinstance(problem, CertificateRejected)
    assert problem.title == title
