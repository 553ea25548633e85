"""The watch program on a real Dovecot: each mail once, whatever happens to the connection."""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.e2e.running import Watch, make_home
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import wait_until
from tests.lab.wire import RecordingProxy

pytestmark = pytest.mark.dovecot

KILLS = 12


def _message(number: int, to: str) -> bytes:
    message = EmailMessage()
    message["From"] = f"Carla Customer {number} <carla{number}@example.org>"
    message["To"] = to
    message["Subject"] = f"Order {number} has not arrived"
    message["Message-ID"] = f"<order-{number}@example.org>"
    message["Date"] = "Sat, 21 Nov 2026 10:00:00 +0000"
    message.set_content(f"Can you look at order {number}?")
    return message.as_bytes()


def _settings(port: int, user: str, ca_file: Path) -> str:
    return f"""
[[mail]]
name = "Support"
address = "{user}"
host = "localhost"
port = {port}
user = "{user}"
ca_file = "{ca_file}"
[reading]
nudge = false
"""


def _ids(watch: Watch) -> Counter[str]:
    return Counter(line["message_id"] for line in watch.told("happened", "mail"))


@pytest.fixture
def own_dovecot() -> Iterator[DovecotLab]:
    """A server whose record holds nobody's commands but the program's."""
    with DovecotLab() as lab:
        yield lab


def test_fifty_messages_are_told_once_each_while_the_link_is_killed(
    own_dovecot: DovecotLab, tmp_path: Path
) -> None:
    dovecot_lab = own_dovecot
    user = dovecot_lab.new_address()
    dovecot_lab.deliver(_message(1000, user), to=user)
    wanted = {f"<order-{number}@example.org>" for number in range(50)}
    with RecordingProxy(dovecot_lab.imaps_port) as proxy:
        settings = _settings(proxy.port, user, dovecot_lab.ca_file)
        home = make_home(tmp_path, settings, {"mail/Support": PASSWORD})
        with Watch(home) as watch:
            watch.wait_until_listening("Support")
            _deliver_while_killing(dovecot_lab, proxy, user)
            watch.wait_for(lambda _: set(_ids(watch)) >= wanted, seconds=90, what="all 50 messages")
            assert _ids(watch) == Counter(wanted)
            keys = {f"mail/Support/{message_id}" for message_id in wanted}
            watch.wait_for(lambda _: watch.covered() >= keys, seconds=30, what="alerts for all")
            assert watch.stop() == 0
        with Watch(home) as again:
            again.wait_until_listening("Support")
            dovecot_lab.deliver(_message(50, user), to=user)
            again.wait_for(
                lambda line: line.get("message_id") == "<order-50@example.org>",
                seconds=20,
                what="the message after the restart",
            )
            assert list(_ids(again)) == ["<order-50@example.org>"]
    commands = [line.upper() for line in dovecot_lab.imap_commands()]
    assert any(" EXAMINE " in line for line in commands)
    assert any("PEEK" in line for line in commands)
    assert not [line for line in commands if " STORE " in line or " SELECT " in line]
    assert not [line for line in commands if " FETCH " in line and "BODY[" in line]


def _deliver_while_killing(lab: DovecotLab, proxy: RecordingProxy, user: str) -> None:
    """Bursts in one LMTP session (under 5 ms apart), with the link cut in between and meanwhile."""
    lab.deliver(*(_message(number, user) for number in range(10)), to=user)
    proxy.cut()
    lab.deliver(*(_message(number, user) for number in range(10, 20)), to=user)
    cutting = threading.Timer(0.02, proxy.cut)
    cutting.start()
    lab.deliver(*(_message(number, user) for number in range(20, 30)), to=user)
    cutting.join()
    lab.kill_connections()
    lab.deliver(*(_message(number, user) for number in range(30, 40)), to=user)
    for number in range(40, 50):
        lab.deliver(_message(number, user), to=user)


def test_a_crash_repeats_no_message(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    user = dovecot_lab.new_address()
    settings = _settings(dovecot_lab.imaps_port, user, dovecot_lab.ca_file)
    home = make_home(tmp_path, settings, {"mail/Support": PASSWORD})
    with Watch(home) as watch:
        watch.wait_until_listening("Support")
        dovecot_lab.deliver(_message(1, user), to=user)
        watch.wait_for(
            lambda line: line["what"] == "alert", seconds=20, what="the alert of the mail"
        )
        watch.wait_until_noted()
        watch.kill()
    dovecot_lab.deliver(_message(2, user), to=user)
    with Watch(home) as again:
        again.wait_for(
            lambda line: (
                line.get("message_id") == "<order-2@example.org>" and line["what"] == "happened"
            ),
            seconds=20,
            what="what came while it was dead",
        )
        alert = again.wait_for(lambda line: line["what"] == "alert", seconds=40, what="its alert")
        assert alert["covers"] == ["mail/Support/<order-2@example.org>"]
        assert again.told("digest") == again.told("withdrawn") == []
        assert list(_ids(again)) == ["<order-2@example.org>"]


def test_an_account_pointed_at_another_mailbox_tells_nothing_old(
    dovecot_lab: DovecotLab, tmp_path: Path
) -> None:
    first, second = dovecot_lab.new_address(), dovecot_lab.new_address()
    ca_file = dovecot_lab.ca_file
    home = make_home(
        tmp_path,
        _settings(dovecot_lab.imaps_port, first, ca_file),
        {"mail/Support": PASSWORD},
    )
    with Watch(home) as watch:
        watch.wait_until_listening("Support")
        for number in range(100, 105):
            dovecot_lab.deliver(_message(number, second), to=second)
        dovecot_lab.deliver(_message(1, first), to=first)
        watch.wait_for(lambda _: "<order-1@example.org>" in _ids(watch), seconds=20, what="a mail")
        (home / "settings.toml").write_text(_settings(dovecot_lab.imaps_port, second, ca_file))
        watch.wait_for(
            lambda line: line["what"] == "withdrawn", seconds=20, what="the end of the old alert"
        )
        dovecot_lab.deliver(_message(2, second), to=second)
        watch.wait_for(lambda _: "<order-2@example.org>" in _ids(watch), seconds=20, what="news")
        assert sorted(_ids(watch)) == ["<order-1@example.org>", "<order-2@example.org>"]


def test_killed_at_any_moment_no_mail_goes_untold(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    """Over all runs each mail was on some alert, and none was told of twice."""
    user = dovecot_lab.new_address()
    settings = _settings(dovecot_lab.imaps_port, user, dovecot_lab.ca_file)
    home = make_home(tmp_path, settings, {"mail/Support": PASSWORD})
    seed = int.from_bytes(os.urandom(4))
    chance = random.Random(seed)
    told: Counter[str] = Counter()
    covered: set[str] = set()
    delivered: set[str] = set()
    with Watch(home) as watch:
        watch.wait_until_listening("Support")
        watch.stop()
    for kill in range(KILLS):
        with Watch(home) as watch:
            if kill % 2:
                watch.wait_until_listening("Support")
            numbers = range(len(delivered), len(delivered) + chance.randint(1, 4))
            delivered |= {f"<order-{number}@example.org>" for number in numbers}
            dovecot_lab.deliver(*(_message(number, user) for number in numbers), to=user)
            until = time.monotonic() + chance.uniform(0, 0.3 if kill % 2 else 3)
            wait_until(_has_come(until), seconds=20, what="the moment of the kill")
            watch.kill()
        told += _ids(watch)
        covered |= watch.covered()
    wanted = {f"mail/Support/{message_id}" for message_id in delivered}
    with Watch(home) as last:
        last.wait_until_listening("Support")
        last.wait_for(
            lambda _: covered | last.covered() >= wanted,
            seconds=40,
            what=f"alerts for all (seed {seed}), still {wanted - covered}",
        )
    told += _ids(last)
    assert set(told) <= delivered
    assert [message_id for message_id, times in told.items() if times > 1] == [], seed


def _has_come(moment: float) -> Callable[[], bool]:
    return lambda: time.monotonic() >= moment


def test_a_server_that_restarts_is_listened_to_again(
    tmp_path: Path,
) -> None:
    with DovecotLab() as lab:
        user = lab.new_address()
        settings = _settings(lab.imaps_port, user, lab.ca_file)
        home = make_home(tmp_path, settings, {"mail/Support": PASSWORD})
        with Watch(home) as watch:
            watch.wait_until_listening("Support")
            lab.stop_server()
            watch.wait_for(
                lambda line: any(
                    one["health"] == "not listening" for one in line.get("sources", [])
                ),
                seconds=20,
                what="word that it is deaf",
            )
            seen = len(watch.lines)
            lab.start_server()
            lab.deliver(_message(7, user), to=user)
            watch.wait_for(
                lambda line: line.get("message_id") == "<order-7@example.org>",
                seconds=70,
                what="the mail after the restart",
            )
            assert len(watch.lines) > seen
