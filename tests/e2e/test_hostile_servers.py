"""Servers that are wrong or mean: bounded time and memory, plain words, and the others go on."""

import os
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from supportdesk.adapters.clock import SystemClock
from supportdesk.adapters.mail.imap_worker import ImapWorker
from supportdesk.domain.health import Hearing
from supportdesk.domain.settings import MailSettings, Security
from supportdesk.protocols.mailbox_sync import ListeningRules
from tests.e2e.mail_account import NAME, Worker, letter
from tests.e2e.running import Watch, make_home
from tests.fakes.event_log import EventLog
from tests.fakes.hostile_imap import ENDLESS, HOSTILE, Hostility
from tests.fakes.imap_server import ImapServer
from tests.fakes.random_imap import random_answers
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import LOOPBACK, wait_until

QUICK = ListeningRules(look_around_seconds=0.5, catch_up_seconds=1.5, answer_seconds=2)
LONG = 60.0
# What an account may send in the seconds that a test watches it; a busy loop sends thousands.
MANY_COMMANDS = 400
# With forty accounts, of which the worst may each hold one response of 16 MB for a moment.
MOST_MB = 300
CALM_SECONDS, CALM_SHARE = 4.0, 0.5


def _server(hostility: Hostility) -> ImapServer:
    return ImapServer(hostility.answers, greeting=hostility.greeting)


def _settings(port: int) -> MailSettings:
    return MailSettings(
        name=NAME,
        address="support@lab.test",
        host=LOOPBACK,
        port=port,
        user="support@lab.test",
        security=Security.NONE,
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_said_or_borne(name: str, tmp_path: Path) -> None:
    """Either the account says what is wrong, or it listens; in both cases without a busy loop."""
    hostility = HOSTILE[name]
    with _server(hostility) as server:
        with Worker(_settings(server.port), tmp_path, rules=QUICK) as account:
            if hostility.says:
                account.log.wait_for(
                    lambda: hostility.says in _shown(account), hostility.says, LONG
                )
            else:
                account.log.wait_until(Hearing.LISTENING, LONG)
                account.wait_for_messages(len(hostility.subjects), LONG)
                before = server.command_count
                wait_until(
                    lambda: server.command_count >= before + 4, seconds=LONG, what="more to happen"
                )
            assert server.command_count < MANY_COMMANDS
        assert account.subjects[: len(hostility.subjects)] == list(hostility.subjects)
        assert server.connections < 20


class _FastClock(SystemClock):
    """A minute passes in a second and a half."""

    def monotonic_seconds(self) -> float:
        return super().monotonic_seconds() * 40


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends_is_given_up(name: str, tmp_path: Path) -> None:
    hostility = ENDLESS[name]
    log = EventLog()
    with _server(hostility) as server:
        worker = ImapWorker(
            _settings(server.port), lambda: "x", tmp_path / "mail.db", log, _FastClock()
        )
        worker.start()
        try:
            log.wait_for(lambda: hostility.says in log.problem, hostility.says, LONG)
        finally:
            worker.stop(60)


def test_nobody_knows_what_they_will_say(tmp_path: Path) -> None:
    """Twelve servers that bend their lines at random; no mistake of ours may come into the log."""
    with ExitStack() as stack:
        servers: list[ImapServer] = []
        for seed in range(12):
            server = stack.enter_context(ImapServer(random_answers(seed)))
            servers.append(server)
            folder = tmp_path / str(seed)
            folder.mkdir()
            rules = ListeningRules(
                look_around_seconds=0.2, catch_up_seconds=0.5, answer_seconds=0.5, poll_seconds=0.2
            )
            stack.enter_context(Worker(_settings(server.port), folder, rules=rules))
        wait_until(
            lambda: all(server.command_count > 15 for server in servers),
            seconds=LONG,
            what="fifteen commands to each",
        )


def _shown(account: Worker) -> str:
    health = account.log.health
    return f"{health.problem.title}. {health.problem.advice}" if health and health.problem else ""


class _Process:
    """Memory and processor time of a process."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    @property
    def peak_mb(self) -> float:
        for line in Path(f"/proc/{self._pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise ValueError("no VmHWM")

    @property
    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _account(name: str, port: int, more: str) -> str:
    return f"""
[[mail]]
name = "{name}"
address = "support@lab.test"
host = "localhost"
port = {port}
{more}
"""


@pytest.mark.dovecot
def test_all_of_them_at_once_disturb_no_other(dovecot_lab: DovecotLab, tmp_path: Path) -> None:
    """One program, every hostile server and a good one: its mail is told, memory and time stay."""
    user = dovecot_lab.new_address()
    good = f'user = "{user}"\nca_file = "{dovecot_lab.ca_file}"'
    toml = _account("Good", dovecot_lab.imaps_port, good)
    with ExitStack() as stack:
        servers = [stack.enter_context(_server(hostility)) for hostility in HOSTILE.values()]
        for number, server in enumerate(servers):
            toml += _account(f"Bad {number}", server.port, 'user = "x"\nsecurity = "none"')
        names = ["Good", *(f"Bad {number}" for number in range(len(servers)))]
        home = make_home(tmp_path, toml, {f"mail/{name}": PASSWORD for name in names})
        watch = stack.enter_context(Watch(home))
        watch.wait_until_listening("Good", seconds=LONG)
        for number in range(20):
            dovecot_lab.deliver(letter(number), to=user)
            _wait_for_message(watch, number)
        wait_until(
            lambda: all(server.command_count > 0 for server in servers),
            seconds=LONG,
            what="every server to have been spoken to",
        )
        process = _Process(watch.pid)
        _wait_for_calm(process)
        dovecot_lab.deliver(letter(20), to=user)
        _wait_for_message(watch, 20)
        told = [line["source"] for line in watch.told("happened", "mail")]
        assert told.count("Good") == 21
        assert process.peak_mb < MOST_MB
        assert "Traceback" not in watch.errors()
        assert watch.stop() == 0


def _wait_for_calm(process: _Process) -> None:
    """Wait for a while in which hardly any processor time is used: nothing loops busily."""
    begin, before = time.monotonic(), process.cpu_seconds

    def is_calm() -> bool:
        nonlocal begin, before
        if time.monotonic() - begin < CALM_SECONDS:
            return False
        used = process.cpu_seconds - before
        begin, before = time.monotonic(), process.cpu_seconds
        return used < CALM_SHARE * CALM_SECONDS

    wait_until(is_calm, seconds=LONG, what="the program to be calm")


def _wait_for_message(watch: Watch, number: int) -> None:
    watch.wait_for(
        lambda line: line.get("message_id") == f"<{number}@example.org>",
        seconds=LONG,
        what=f"message {number}",
    )
