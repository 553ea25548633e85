"""One running app a home: whoever is first, whatever happened to the one before."""

import os
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.single_instance import SingleInstance, ask, follow
from supportdesk.adapters.places import Places
from supportdesk.domain.errors import ConnectionLost, StoreError
from supportdesk.services.watch_lines import JsonObject
from tests.lab.waiting import wait_until

FIRST_INSTANCE = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from supportdesk.adapters.desktop.single_instance import SingleInstance
from supportdesk.adapters.places import Places
app = QCoreApplication([])
instance = SingleInstance(Places.under(Path(sys.argv[1])))
if "wait" in sys.argv:
    print("waiting", flush=True)
    sys.stdin.readline()
print("first" if instance.try_become_first() else "second", flush=True)
def answer(fields):
    match fields["verb"]:
        case "quit":
            app.quit()
        case "broadcast":
            for number in range(fields["count"]):
                instance.broadcast({"number": number})
        case "subscribers":
            return {"subscribers": instance.subscribers}
    return {"ok": True, "pid": __import__("os").getpid(), **fields}
if "hang" not in sys.argv:
    instance.serve(answer, streaming_verbs=frozenset({"watch"}))
app.exec()
instance.close()
"""

CLIENT_WITHOUT_QT_APP = """
import sys
from pathlib import Path
from supportdesk.adapters.desktop.single_instance import ask
from supportdesk.adapters.places import Places
print(ask(Places.under(Path(sys.argv[1])), {"verb": "status", "text": "zwölf 😀"}))
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places.under(tmp_path / "home")
    made.create_folders()
    return made


@pytest.fixture
def start(places: Places) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        program = subprocess.Popen(
            [sys.executable, "-c", FIRST_INSTANCE, str(places.data_dir), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(program)
        return program

    yield run
    for program in started:
        program.kill()
        program.communicate(timeout=60)


def said(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


def echo(fields: object) -> JsonObject:
    assert isinstance(fields, dict)
    return {"ok": True, **fields}


@pytest.fixture
def first(places: Places, qtbot: QtBot) -> Iterator[SingleInstance]:
    instance = SingleInstance(places)
    assert instance.try_become_first()
    yield instance
    instance.close()


def sent(places: Places, content: bytes, qtbot: QtBot) -> bytes:
    """What the first instance, which this thread runs, says to another one until it hangs up."""
    results: list[bytes] = []

    def run() -> None:
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(30)
            peer.connect(places.socket_name)
            try:
                peer.sendall(content)
                results.extend(iter(lambda: peer.recv(4096), b""))
            except OSError:
                return

    thread = threading.Thread(target=run)
    thread.start()
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=10_000)
    thread.join()
    return b"".join(results)


def test_nobody_is_asked_when_nothing_runs(places: Places) -> None:
    assert ask(places, {"verb": "show"}) is None
    assert follow(places, {"verb": "watch"}) is None


def test_the_first_answers_and_the_second_knows(
    places: Places, start: Callable[..., subprocess.Popen[str]]
) -> None:
    program = start()
    assert said(program) == "first"
    assert said(start()) == "second"
    answer = ask(places, {"verb": "call", "number": "+420 601"})
    assert answer == {"ok": True, "pid": program.pid, "verb": "call", "number": "+420 601"}


def test_asking_needs_no_qt_application(
    places: Places, start: Callable[..., subprocess.Popen[str]]
) -> None:
    assert said(start()) == "first"
    done = subprocess.run(
        [sys.executable, "-c", CLIENT_WITHOUT_QT_APP, str(places.data_dir)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert "zwölf 😀" in done.stdout
    assert done.stderr == ""


def test_after_kill_9_the_next_one_is_first_at_once(
    places: Places, start: Callable[..., subprocess.Popen[str]]
) -> None:
    for _ in range(3):
        program = start()
        assert said(program) == "first"
        program.kill()
        program.wait(60)
        assert Path(places.socket_name).exists()
        assert ask(places, {"verb": "status"}) is None
    assert said(start()) == "first"


def test_of_several_that_start_at_the_same_moment_one_is_first(
    places: Places, start: Callable[..., subprocess.Popen[str]]
) -> None:
    for _ in range(3):
        programs = [start("wait") for _ in range(4)]
        for program in programs:
            assert said(program) == "waiting"
        for program in programs:
            assert program.stdin is not None
            program.stdin.write("\n")
            program.stdin.flush()
        assert sorted(said(program) for program in programs) == ["first"] + ["second"] * 3
        for program in programs:
            program.kill()
            program.wait(60)


def test_a_lock_whose_number_belongs_to_another_program_now(
    places: Places, start: Callable[..., subprocess.Popen[str]], qtbot: QtBot
) -> None:
    program = start()
    assert said(program) == "first"
    lock = places.lock_path.read_bytes()
    program.kill()
    program.wait(60)
    lines = lock.split(b"\n")
    places.lock_path.write_bytes(b"\n".join([str(os.getpid()).encode(), *lines[1:]]))
    instance = SingleInstance(places)
    assert instance.try_become_first()
    assert not SingleInstance(places).try_become_first()
    instance.close()


def test_two_homes_know_nothing_of_each_other(
    places: Places, tmp_path: Path, first: SingleInstance
) -> None:
    other = Places.under(tmp_path / "other")
    other.create_folders()
    second = SingleInstance(other)
    assert second.try_become_first()
    assert not SingleInstance(places).try_become_first()
    second.close()


def test_a_home_is_free_again_after_closing(places: Places, first: SingleInstance) -> None:
    first.close()
    again = SingleInstance(places)
    assert again.try_become_first()
    again.close()


def test_the_socket_is_for_this_user_alone(places: Places, first: SingleInstance) -> None:
    mode = Path(places.socket_name).stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) & 0o077 == 0


def test_requests_before_serving_wait_for_it(
    places: Places, first: SingleInstance, qtbot: QtBot
) -> None:
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(places.socket_name)
        peer.sendall(b'{"verb": "status"}\n')
        qtbot.wait(100)
        first.serve(echo)
        peer.settimeout(30)
        assert peer.recv(1000) == b'{"ok": true, "verb": "status"}\n'


def test_an_app_that_hangs_is_said(
    places: Places, start: Callable[..., subprocess.Popen[str]]
) -> None:
    assert said(start("hang")) == "first"
    with pytest.raises(ConnectionLost, match="does not answer"):
        ask(places, {"verb": "status"}, 0.3)


@pytest.mark.parametrize(
    "line", [b"GET / HTTP/1.1\r\n\r\n", b"[1]\n", b'{"no": "verb"}\n', b'{"verb": 5}\n', b"\xff\n"]
)
def test_what_is_no_request_is_refused(
    places: Places, first: SingleInstance, qtbot: QtBot, line: bytes
) -> None:
    first.serve(echo)
    answer = sent(places, line, qtbot)
    assert answer.startswith(b'{"ok": false, "title": "That is not a request')


def test_an_endless_line_is_cut_off(places: Places, first: SingleInstance, qtbot: QtBot) -> None:
    first.serve(echo)
    assert sent(places, b"x" * 1_000_000, qtbot) == b""


def test_subscribers_get_what_is_broadcast(
    places: Places, start: Callable[..., subprocess.Popen[str]]
) -> None:
    program = start()
    assert said(program) == "first"
    stream = follow(places, {"verb": "watch"})
    assert stream is not None
    answer = next(stream)
    assert answer is not None
    assert answer["verb"] == "watch"
    assert ask(places, {"verb": "subscribers"}) == {"subscribers": 1}
    ask(places, {"verb": "broadcast", "count": 1000})
    assert [next(stream) for _ in range(1000)] == [{"number": n} for n in range(1000)]
    assert next(stream) is None, "nothing came for a second"
    ask(places, {"verb": "quit"})
    assert [values for values in stream if values is not None] == []


def test_a_subscriber_that_leaves_is_forgotten(
    places: Places, start: Callable[..., subprocess.Popen[str]]
) -> None:
    assert said(start()) == "first"
    stream = follow(places, {"verb": "watch"})
    assert stream is not None
    next(stream)
    del stream
    wait_until(
        lambda: ask(places, {"verb": "subscribers"}) == {"subscribers": 0},
        seconds=5,
        what="the subscriber to be forgotten",
    )


def test_a_subscriber_that_does_not_read_is_let_go(
    places: Places, first: SingleInstance, qtbot: QtBot
) -> None:
    first.serve(echo, streaming_verbs=frozenset({"watch"}))
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(places.socket_name)
        peer.sendall(b'{"verb": "watch"}\n')
        qtbot.waitUntil(lambda: first.subscribers == 1)
        for _ in range(100):
            first.broadcast({"text": "x" * 50_000})
        qtbot.waitUntil(lambda: first.subscribers == 0)


def test_a_folder_that_cannot_hold_a_lock_is_said(tmp_path: Path, qtbot: QtBot) -> None:
    with pytest.raises(StoreError, match="lock file"):
        SingleInstance(Places.under(tmp_path / "missing")).try_become_first()


def test_a_place_that_cannot_hold_a_socket_is_said(places: Places, qtbot: QtBot) -> None:
    Path(places.socket_name).mkdir()
    (Path(places.socket_name) / "file").write_text("in the way")
    instance = SingleInstance(places)
    with pytest.raises(StoreError, match="socket"):
        instance.try_become_first()
    (Path(places.socket_name) / "file").unlink()
    Path(places.socket_name).rmdir()
    assert instance.try_become_first()
    instance.close()


def test_the_program_that_is_asked_to_quit_answers_first(
    places: Places, start: Callable[..., subprocess.Popen[str]]
) -> None:
    program = start()
    assert said(program) == "first"
    answer = ask(places, {"verb": "quit"})
    assert answer is not None
    assert answer["verb"] == "quit"
    wait_until(lambda: program.poll() is not None, seconds=10, what="the first to quit")
    assert program.returncode == 0
    assert not Path(places.socket_name).exists()
