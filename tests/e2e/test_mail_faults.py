"""A bad network at every moment of a connection: every mail is told once, and deafness is told.

One run of the real program with its own patience: eight accounts, each failing at another moment,
and two on which nothing can be heard at all. The 500 mails are those of all accounts together.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from supportdesk.domain.health import Hearing
from tests.e2e.bad_servers import TalkingServer
from tests.e2e.mail_account import Worker, client, letter, settings_for
from tests.e2e.running import Line, Watch, make_home
from tests.lab.faulty_wire import Deed, Fault, FaultyWire, Moment
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import free_port, wait_until

pytestmark = pytest.mark.dovecot

MESSAGES = 500
DEAF_SECONDS = 90.0
DELIVER_SECONDS = 75.0


class Account:
    """One account of the program, on a wire of its own."""

    def __init__(self, lab: DovecotLab, name: str, faults: list[Fault]) -> None:
        self.name = name
        self.faults = faults
        self.user = lab.new_address()
        self.wire = FaultyWire(lab.imap_port, lab.certificate, faults)
        colleague = client(lab, self.user)
        colleague.create("Lifted")
        colleague.logout()
        self.delivered: dict[str, float] = {}

    def toml(self, ca_file: Path) -> str:
        more = 'also_watch = ["Lifted", "Archive"]'
        return _toml(self.name, self.wire.port, self.user, ca_file, more)


def _toml(name: str, port: int, user: str, ca_file: Path, more: str = "") -> str:
    return f"""
[[mail]]
name = "{name}"
address = "support@lab.test"
host = "localhost"
port = {port}
user = "{user}"
ca_file = "{ca_file}"
{more}
"""


def _plans() -> dict[str, list[Fault]]:
    plans: dict[str, list[Fault]] = {"good": []}
    for moment in Moment:
        plans[moment.name.lower()] = [Fault(moment=moment, deed=deed) for deed in Deed]
    return plans


@pytest.fixture
def own_dovecot() -> Iterator[DovecotLab]:
    with DovecotLab() as lab:
        yield lab


def test_nothing_is_lost_and_deafness_is_told(own_dovecot: DovecotLab, tmp_path: Path) -> None:
    lab = own_dovecot
    accounts = [Account(lab, name, plan) for name, plan in _plans().items()]
    with ExitStack() as stack:
        for account in accounts:
            stack.enter_context(account.wire)
        toml = '[alerts]\nmail = "never"\n' + "".join(one.toml(lab.ca_file) for one in accounts)
        silent = stack.enter_context(TalkingServer(b""))
        toml += _toml("silent", silent.port, "x", lab.ca_file)
        toml += _toml("nobody", free_port(), "x", lab.ca_file)
        names = ("silent", "nobody", *(account.name for account in accounts))
        secrets = {f"mail/{name}": PASSWORD for name in names}
        watch = stack.enter_context(Watch(make_home(tmp_path, toml, secrets)))
        watch.wait_until_listening(*(account.name for account in accounts), seconds=60)
        delivering = threading.Thread(target=_deliver, args=(lab, accounts), name="deliver")
        delivering.start()
        delivering.join()
        watch.wait_for(lambda _: len(_told(watch)) >= MESSAGES, seconds=120, what="all messages")
        wait_until(
            lambda: all(account.wire.is_planned_out for account in accounts),
            seconds=120,
            what="every fault",
        )
        heard = {account.name for account in accounts}
        watch.wait_for(lambda _: _heard(watch) >= heard, seconds=60, what="all heard again")
        dead = {"silent", "nobody"}
        watch.wait_for(lambda line: _deaf(line) >= dead, seconds=90, what="word of the dead ones")
        assert watch.stop() == 0
    for account in accounts:
        _judge(account, watch)


def test_too_many_connections_is_said_and_borne(tmp_path: Path) -> None:
    """A real server's limit is no wrong password; when others have left, all is well again."""
    with DovecotLab(most_connections=2) as lab:
        user = lab.new_address()
        others = [client(lab, user), client(lab, user)]
        settings = settings_for(lab, user)
        with Worker(settings, tmp_path) as account:
            health = account.log.wait_until(Hearing.DEAF, 60)
            assert health.problem is not None
            assert health.problem.title == f"localhost allows no more connections for {user}"
            assert "Close other mail programs" in health.problem.advice
            assert not health.problem.is_for_founder
            for other in others:
                other.logout()
            lab.deliver(letter(1), to=user)
            account.worker.check_now()
            account.log.wait_until(Hearing.LISTENING, 60)
            account.wait_for_messages(1, 60)


def _deaf(line: Line) -> set[str]:
    sources = line.get("sources", [])
    return {one["source"] for one in sources if one["health"] == "not listening"}


def _deliver(lab: DovecotLab, accounts: list[Account]) -> None:
    """Spread all messages over the whole time, so that some come at every moment."""
    begin = time.monotonic()
    pause = threading.Event()
    for number in range(MESSAGES):
        account = accounts[number % len(accounts)]
        pause.wait(max(0.0, begin + number * DELIVER_SECONDS / MESSAGES - time.monotonic()))
        lab.deliver(letter(f"{account.name}-{number}"), to=account.user)
        account.delivered[f"<{account.name}-{number}@example.org>"] = time.monotonic()


def _told(watch: Watch) -> list[Line]:
    return watch.told("happened", "mail")


def _heard(watch: Watch) -> set[str]:
    sources = watch.state()["sources"]
    return {one["source"] for one in sources if one["health"] == "listening"}


def _judge(account: Account, watch: Watch) -> None:
    told = Counter(line["message_id"] for line in _told(watch) if line["source"] == account.name)
    assert told == Counter(account.delivered.keys()), account.name
    assert set(account.wire.done) == set(account.faults), account.name
    # Three mailboxes more are looked into over the same connection; a new one is made when the old
    # one is closed or closing.
    assert account.wire.most_at_once <= 2, account.name
    deaf = _deaf_times(account.name, watch)
    if not account.faults:
        assert deaf == [], "the good account was disturbed by the others"
    for line in _told(watch):
        if line["source"] == account.name:
            began, ended = account.delivered[line["message_id"]], watch.heard_at(line)
            silent = _longest_without(deaf, began, ended)
            assert silent <= DEAF_SECONDS, f"{account.name}: {silent:.0f} s of unreported deafness"


def _deaf_times(name: str, watch: Watch) -> list[tuple[float, float]]:
    """From when until when the state said that this source is not listened to."""
    times: list[tuple[float, float]] = []
    since: float | None = None
    for line in watch.told("state"):
        states = {one["source"]: one["health"] for one in line["sources"]}
        is_deaf = states.get(name) == "not listening"
        if is_deaf and since is None:
            since = watch.heard_at(line)
        elif not is_deaf and since is not None:
            times.append((since, watch.heard_at(line)))
            since = None
    return times if since is None else [*times, (since, float("inf"))]


def _longest_without(deaf: list[tuple[float, float]], began: float, ended: float) -> float:
    """The longest part of a time in which the state did not say deaf."""
    longest, position = 0.0, began
    for first, last in deaf:
        if last <= position or first >= ended:
            continue
        longest = max(longest, first - position)
        position = max(position, last)
    return max(longest, ended - position)
