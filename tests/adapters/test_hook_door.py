"""The door of the hook in a running core: it opens, shuts and says why it cannot."""

import json
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.places import Places
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.commands.hook_trial import hook_part
from supportdesk.commands.requests import RequestDesk, state_of
from supportdesk.core import Core
from supportdesk.diagnosis.parts import hook_health
from supportdesk.domain.alerts import Happened, Notice
from supportdesk.domain.errors import Problem
from supportdesk.domain.health import PartHealth
from supportdesk.domain.settings import HookSettings
from tests.fakes.memory_secrets import MemorySecrets
from tests.fakes.presenter import RecordingPresenter
from tests.lab.waiting import free_port

TOKEN = "sesame"
PATIENCE_MILLISECONDS = 30_000


class Run:
    """A core on a home with the hook on a free port."""

    def __init__(self, home: Path, qtbot: QtBot) -> None:
        self.home = home
        self.port = free_port()
        self.secrets = MemorySecrets({"hook/token": TOKEN})
        self.write(enabled=True)
        self.core = Core(Places.under(home), presenter=RecordingPresenter(), secrets=self.secrets)
        self.notices: list[Notice] = []
        self.core.runner.noticed.connect(self.notices.append)
        self._qtbot = qtbot

    def write(self, *, enabled: bool) -> None:
        said = f"[hook]\nenabled = {str(enabled).lower()}\nport = {self.port}\n"
        (self.home / "settings.toml").write_text(said)

    def change(self, *, enabled: bool) -> None:
        self.write(enabled=enabled)
        self.core.reload_settings()

    def start(self) -> None:
        self.core.start()
        self.wait_until_open()

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(is_so, timeout=PATIENCE_MILLISECONDS)

    def wait_until_open(self) -> None:
        self.wait_for(lambda: self.core.hook_door.is_open)

    def wait_for_problem(self) -> Problem:
        self.wait_for(lambda: "hook" in self.core.problems)
        return self.core.problems["hook"]

    def post(self, token: str = TOKEN, **fields: str) -> int:
        """The status of one event; 0 when nobody listens."""
        statuses: list[int] = []
        said = {"event": "missed", "from": "+420541220018"} | fields
        ask = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/v1/calls",
            data=json.dumps(said).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        sender = threading.Thread(target=lambda: statuses.append(_status(ask)), name="sender")
        sender.start()
        self.wait_for(lambda: not sender.is_alive())
        return statuses[0]

    def outcomes(self) -> list[str]:
        return [str(one.outcome) for one in self.notices if isinstance(one, Happened)]

    def health(self) -> PartHealth:
        (health,) = hook_health(self.core)
        return health


def _status(ask: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(ask, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except urllib.error.URLError:
        return 0


@pytest.fixture
def run(tmp_path: Path, qtbot: QtBot) -> Iterator[Run]:
    made = Run(tmp_path, qtbot)
    yield made
    made.core.stop()


def test_what_is_answered_is_told_and_written(run: Run) -> None:
    run.start()
    assert run.post(id="7", name="Jana") == 200
    assert run.outcomes() == ["missed"]
    store = SqliteDeskStore(run.home / "desk.db")
    assert [call.name for call in store.calls_since(run.core.clock.now().replace(year=2000))] == [
        "Jana"
    ]
    store.close()
    assert run.health().words == f"It listens on port {run.port} of this computer alone."


def test_the_same_sending_counts_once_by_whichever_way(run: Run) -> None:
    run.start()
    assert [run.post(event_id="run-1") for _ in range(3)] == [200] * 3
    desk = RequestDesk(run.core)
    request = {"verb": "call", "turn": "missed", "number": "+420541220018", "event_id": "run-1"}
    assert desk.answer(request) == {"ok": True}
    assert run.outcomes() == ["missed"]
    assert run.post(event_id="run-2", id="next") == 200
    assert run.outcomes() == ["missed", "missed"]


def test_what_the_disk_does_not_take_is_told_but_no_success_until_it_does(run: Run) -> None:
    run.start()
    disk = run.core.store._store
    assert isinstance(disk, SqliteDeskStore)
    disk._connection.execute("PRAGMA query_only = ON")
    assert [run.post(event_id="run-1") for _ in range(2)] == [507, 507]
    assert run.outcomes() == ["missed"]
    run.wait_for(lambda: "disk" in run.core.problems)
    disk._connection.execute("PRAGMA query_only = OFF")
    run.wait_for(lambda: "disk" not in run.core.problems)
    assert run.post(event_id="run-1") == 200
    assert run.outcomes() == ["missed"]


def test_it_follows_the_settings(run: Run) -> None:
    run.start()
    run.change(enabled=False)
    assert not run.core.hook_door.is_open
    assert hook_health(run.core) == ()
    assert run.post() == 0
    run.port = free_port()
    run.change(enabled=True)
    run.wait_until_open()
    assert run.post() == 200


def test_a_new_token_ends_the_old_one_and_none_shuts_the_door(run: Run) -> None:
    run.start()
    run.secrets.set("hook/token", "another")
    run.core.check_now()
    run.wait_for(lambda: run.post("another") == 200)
    assert run.post() == 401
    run.secrets.clear("hook/token")
    run.core.check_now()
    problem = run.wait_for_problem()
    assert "no token" in problem.title
    assert "supportdesk hook token" in problem.advice
    assert run.post("another") == 0
    assert (run.health().is_good, run.health().words) == (False, "Not listening.")
    run.secrets.set("hook", "by its short name")
    run.core.check_now()
    run.wait_until_open()
    assert run.post("by its short name") == 200
    assert run.core.problems == {}


def test_a_key_store_that_goes_away_changes_nothing_while_the_door_is_open(run: Run) -> None:
    run.start()
    run.secrets.is_there = False
    run.core.check_now()
    assert run.wait_for_problem().title == "There is no key store"
    assert run.post() == 200
    assert run.health().words == "It listens."


def test_a_taken_port_is_said_and_tried_again(run: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", run.port))
        other.listen()
        run.core.start()
        problem = run.wait_for_problem()
        assert f"port {run.port}" in problem.title
        assert "settings.toml" in problem.advice
        assert run.health().problem == problem
        told = hook_part(
            run.core.settings.hook, run.secrets, {"ok": True, "state": state_of(run.core)}
        )
        assert (told.is_good, told.problem) == (False, problem)
        tried = hook_part(run.core.settings.hook, run.secrets, None)
        assert tried.problem is not None
        assert tried.problem.title == problem.title
        # The rest goes on.
        desk = RequestDesk(run.core)
        assert desk.answer({"verb": "call", "turn": "missed", "number": "1"}) == {"ok": True}
        assert run.outcomes() == ["missed"]
    run.change(enabled=True)
    run.wait_until_open()
    assert run.core.problems == {}
    assert run.post() == 200


def test_the_line_of_the_doctor(run: Run) -> None:
    assert hook_part(HookSettings(), run.secrets, None).words == "off"
    settings = HookSettings(enabled=True, port=run.port)
    assert hook_part(settings, run.secrets, None).words.startswith("would listen on port")
    running = hook_part(settings, run.secrets, {"ok": True, "state": {"problems": []}})
    assert running.words.startswith("listens on port")
    run.secrets.clear("hook/token")
    without = hook_part(settings, run.secrets, None)
    assert without.problem is not None
    assert "no token" in without.problem.title


def test_while_it_is_off_nothing_of_it_is_loaded() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, supportdesk.bootstrap, supportdesk.commands.app\n"
            "print([name for name in sys.modules if name == 'h11' or 'hook_server' in name"
            " or 'hook_conversation' in name])",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert said.stdout.strip() == "[]"
