"""The hook of the running program: events by HTTP from curl and from raw sockets."""

import json
import signal
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.desktop_app import DesktopApp
from tests.e2e.running import Line, Watch, command, make_home
from tests.lab.desktop import DesktopLab
from tests.lab.waiting import free_port, wait_until

TOKEN = "sesame"
MISSED = {"event": "missed", "from": "+420541220018"}


class Hook:
    """A `supportdesk watch` that listens for events by HTTP."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        settings = f"[hook]\nenabled = true\nport = {self.port}\n"
        self.home = make_home(folder, settings, {"hook/token": TOKEN})
        self.watch = Watch(self.home)

    def wait_until_open(self) -> None:
        wait_until(self._is_open, seconds=30, what="the hook to listen")

    def _is_open(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 10).close()
        except ConnectionRefusedError:
            return False
        return True

    def curl(self, *arguments: str, host: str = "127.0.0.1") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [
                *("curl", "--silent", "--show-error", "--max-time", "60"),
                *("--write-out", "\n%{http_code}"),
                *arguments,
                f"http://{host}:{self.port}/v1/calls",
            ],
            capture_output=True,
            text=True,
            check=False,
        )

    def post(self, *arguments: str, **fields: object) -> tuple[int, Line]:
        """Status and answer of one event, as curl sends it."""
        said = json.dumps(MISSED | {name.rstrip("_"): value for name, value in fields.items()})
        heard = self.curl("--json", said, "--header", f"Authorization: Bearer {TOKEN}", *arguments)
        body, _, status = heard.stdout.rpartition("\n")
        return int(status), json.loads(body)

    def missed(self) -> list[Line]:
        lines = self.watch.told("happened", "missed")
        return [line for line in lines if line["outcome"] == "missed"]


@pytest.fixture
def hook(tmp_path: Path) -> Iterator[Hook]:
    made = Hook(tmp_path)
    with made.watch:
        made.wait_until_open()
        yield made


def test_a_call_rings_is_answered_and_ends(hook: Hook) -> None:
    assert hook.post(event="ringing", name="Pavel Kiss", id=7, to="support") == (
        200,
        {"ok": True},
    )
    assert hook.watch.wait_for_turn("waiting")["name"] == "Pavel Kiss"
    assert hook.post(event="answered", id=7, by="Anna") == (200, {"ok": True})
    assert hook.watch.wait_for_turn("answered")["by"] == "Anna"
    assert hook.post(event="ended", id=7) == (200, {"ok": True})
    assert hook.missed() == []


def test_the_command_and_http_speak_of_the_same_call(hook: Hook) -> None:
    said = ("call", "ringing", "--from", MISSED["from"], "--id", "7", "--name", "Jana")
    assert command(hook.home, *said).returncode == 0
    assert hook.post(id="7")[0] == 200
    assert hook.watch.wait_for_turn("missed")["name"] == "Jana"
    assert len(hook.missed()) == 1


def test_curl_asks_before_it_sends_much(hook: Hook) -> None:
    assert hook.post("--header", "Expect: 100-continue", id="8") == (200, {"ok": True})
    status, answer = hook.post("--header", "Expect: 100-continue", name="x" * 70_000)
    assert (status, answer["ok"]) == (413, False)


_AUTHORIZED = ("--header", f"Authorization: Bearer {TOKEN}")
_JSON = ("--header", "Content-Type: application/json")
_BODY = ("--data", json.dumps(MISSED))
HOSTILE: dict[str, tuple[tuple[str, ...], int]] = {
    "no token": ((*_JSON, *_BODY), 401),
    "a wrong token": ((*_JSON, *_BODY, "--header", "Authorization: Bearer sesamE"), 401),
    "a password instead": ((*_JSON, *_BODY, "--user", f"x:{TOKEN}"), 401),
    "the token in the address": ((*_JSON, *_BODY, "--url-query", f"token={TOKEN}"), 401),
    "a page asks": (
        (*_AUTHORIZED, *_JSON, *_BODY, "--header", "Origin: https://evil.example"),
        403,
    ),
    "a page without a name": ((*_AUTHORIZED, *_JSON, *_BODY, "--header", "Origin: null"), 403),
    "a browser before it asks": (
        (
            *("--request", "OPTIONS", "--header", "Origin: http://localhost"),
            *("--header", "Access-Control-Request-Method: POST"),
        ),
        403,
    ),
    "a browser's own navigation": ((*_AUTHORIZED, "--header", "Sec-Fetch-Site: none"), 403),
    "a name that was bound anew": (
        (*_AUTHORIZED, *_JSON, *_BODY, "--header", "Host: evil.example"),
        403,
    ),
    "another method": ((*_AUTHORIZED,), 405),
    "a form": ((*_AUTHORIZED, *_BODY), 415),
    "plain text": ((*_AUTHORIZED, "--header", "Content-Type: text/plain", *_BODY), 415),
    "no json": ((*_AUTHORIZED, *_JSON, "--data", "{"), 400),
    "brackets without end": ((*_AUTHORIZED, *_JSON, "--data", "[" * 60_000), 400),
    "too large": ((*_AUTHORIZED, *_JSON, "--data", " " * 65_537), 413),
    "too large, in pieces": (
        (*_AUTHORIZED, *_JSON, "--header", "Transfer-Encoding: chunked", "--data", " " * 90_000),
        413,
    ),
    "a head too large": ((*_AUTHORIZED, "--header", f"X: {'x' * 40_000}"), 431),
    "an unknown event": ((*_AUTHORIZED, *_JSON, "--data", '{"event": "rung", "from": "1"}'), 422),
}


def test_hostile_requests_are_refused_with_a_sentence_and_none_comes_in(hook: Hook) -> None:
    for name, (arguments, expected) in HOSTILE.items():
        heard = hook.curl(*arguments)
        body, _, status = heard.stdout.rpartition("\n")
        assert int(status) == expected, f"{name}: {heard.stdout} {heard.stderr}"
        answer = json.loads(body)
        assert answer["ok"] is False
        assert answer["error"].endswith(".")
    assert hook.post(id="last")[0] == 200
    hook.watch.wait_for_turn("missed")
    assert [line["call_id"] for line in hook.missed()] == ["last"]
    assert hook.watch.stop() == 0
    assert hook.watch.errors() == ""


def test_what_would_inject_lines_is_one_line(hook: Hook) -> None:
    assert hook.post(name="Eve\r\nMissed: \u202ebob\x00\ud800", id="1\r\n2")[0] == 200
    missed = hook.watch.wait_for_turn("missed")
    assert (missed["name"], missed["call_id"]) == ("Eve Missed: bob", "1 2")


def _request(number: int, last: bool = False) -> bytes:
    body = f'{{"event": "missed", "from": "+42060{number:07}", "id": {number}}}'
    end = "Connection: close\r\n" if last else ""
    return (
        "POST /v1/calls HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Length: {len(body)}\r\n{end}\r\n{body}"
    ).encode()


class Sender(threading.Thread):
    """Sends one event after the other; knows which were answered 200."""

    def __init__(self, port: int, numbers: range) -> None:
        super().__init__(name="sender")
        self.taken: list[int] = []
        self.refused = 0
        self._port = port
        self._numbers = numbers

    def run(self) -> None:
        for number in self._numbers:
            try:
                heard = self._send(number)
            except (ConnectionError, TimeoutError):
                return
            if heard.startswith(b"HTTP/1.1 200"):
                self.taken.append(number)
            else:
                self.refused += 1

    def _send(self, number: int) -> bytes:
        with socket.create_connection(("127.0.0.1", self._port), timeout=60) as peer:
            peer.sendall(_request(number, last=True))
            heard = b""
            while data := peer.recv(4096):
                heard += data
            return heard


def _kept(home: Path) -> set[int]:
    with closing(sqlite3.connect(f"{(home / 'desk.db').as_uri()}?mode=ro", uri=True)) as desk:
        return {int(row[0]) for row in desk.execute("SELECT call_id FROM call")}


def test_a_burst_of_a_thousand_is_told_once_each(hook: Hook) -> None:
    senders = [Sender(hook.port, range(one * 100, one * 100 + 100)) for one in range(10)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(120)
    taken = sorted(number for sender in senders for number in sender.taken)
    assert taken == list(range(1_000))
    hook.watch.wait_for(lambda _: len(hook.missed()) >= 1_000, seconds=30, what="all of them")
    told = sorted(int(line["call_id"]) for line in hook.missed())
    assert told == taken
    assert _kept(hook.home) == set(taken)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_what_was_answered_outlives_the_program(hook: Hook, end: signal.Signals) -> None:
    senders = [Sender(hook.port, range(one * 1_000, one * 1_000 + 1_000)) for one in range(4)]
    for sender in senders:
        sender.start()
    wait_until(
        lambda: all(len(sender.taken) >= 10 for sender in senders), seconds=60, what="some events"
    )
    if end is signal.SIGTERM:
        assert hook.watch.stop() == 0
        assert hook.watch.errors() == ""
    else:
        hook.watch.kill()
    for sender in senders:
        sender.join(90)
        assert not sender.is_alive()
    taken = {number for sender in senders for number in sender.taken}
    assert taken <= _kept(hook.home)


def test_slow_senders_hold_nobody_up(hook: Hook) -> None:
    slow = [socket.create_connection(("127.0.0.1", hook.port), timeout=60) for _ in range(100)]
    for peer in slow:
        peer.sendall(_request(1)[:40])
    assert hook.post(id="in between")[0] == 200
    for peer in slow:
        assert peer.recv(4096).startswith(b"HTTP/1.1 408")
        peer.close()
    hook.watch.wait_for_turn("missed")
    assert [line["call_id"] for line in hook.missed()] == ["in between"]


def test_a_taken_port_is_told_and_the_rest_works(tmp_path: Path) -> None:
    hook = Hook(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", hook.port))
        other.listen()
        with hook.watch:
            told = hook.watch.wait_for(
                lambda line: line["what"] == "state" and bool(line["problems"]),
                seconds=30,
                what="the problem",
            )
            (problem,) = told["problems"]
            assert problem["part"] == "hook"
            assert f"port {hook.port}" in problem["title"]
            doctor = command(hook.home, "doctor")
            assert doctor.returncode == 1
            assert f"!! Hook: not listening\n   {problem['title']}" in doctor.stdout
            assert command(hook.home, "call", "missed", "--from", "1").returncode == 0
            hook.watch.wait_for(lambda _: len(hook.missed()) == 1, seconds=30, what="the call")


@pytest.mark.desktop
def test_a_token_is_made_shown_once_and_replaced(desktop_lab: DesktopLab, tmp_path: Path) -> None:
    hook = Hook(tmp_path)
    (hook.home / "credentials" / "hook.token").unlink()
    with DesktopApp(desktop_lab, hook.home) as app:

        def status(token: str) -> int:
            said = ("--header", f"Authorization: Bearer {token}", "--json", json.dumps(MISSED))
            return int(hook.curl(*said).stdout.rpartition("\n")[2])

        wait_until(
            lambda: "The hook has no token" in str(app.status()), seconds=30, what="the problem"
        )
        made = app.run("hook", "token")
        assert made.returncode == 0, made.stderr
        assert "Kept in the key store as hook/token" in made.stderr
        first = made.stdout.strip()
        assert len(first) >= 40
        hook.wait_until_open()
        assert status(first) == 200
        assert (app.status() or {})["problems"] == []
        second = app.run("hook", "token").stdout.strip()
        assert second != first
        wait_until(lambda: status(second) == 200, seconds=30, what="the new token to hold")
        assert status(first) == 401
        assert "ok Hook: listens on port" in app.run("doctor").stdout
        for path in hook.home.rglob("*"):
            assert not path.is_file() or second.encode() not in path.read_bytes()
