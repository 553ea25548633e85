"""What a second start hands to the app that runs: the link, and the desktop's leave to come up."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.single_instance import SingleInstance
from supportdesk.adapters.places import Places
from supportdesk.services.watch_lines import JsonObject
from tests.e2e.running import environment, make_home

_HOME = '[[phone]]\nname = "Hook"\nkind = "hook"\n'


class TheFirst:
    """Holds the home, and notes what it is asked for."""

    def __init__(self, home: Path, qtbot: QtBot) -> None:
        self.asked: list[Mapping[str, object]] = []
        self.home = home
        self._qtbot = qtbot
        self._instance = SingleInstance(Places.under(home))
        assert self._instance.try_become_first()
        self._instance.serve(self._answer)

    def _answer(self, request: Mapping[str, object]) -> JsonObject:
        self.asked.append(request)
        return {"ok": True, "words": "Anna has answered it" if request.get("link") else ""}

    def start(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Another process on this home, to its end."""
        known = {name: text for name, text in environment(self.home).items() if name not in _TOKENS}
        process = subprocess.Popen(
            [sys.executable, "-m", "supportdesk", *arguments],
            env={**known, "QT_QPA_PLATFORM": "offscreen", **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            self._qtbot.waitUntil(lambda: process.poll() is not None, timeout=60_000)
        finally:
            process.kill()
        out, err = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def close(self) -> None:
        self._instance.close()


_TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")


@pytest.fixture
def first(tmp_path: Path, qtbot: QtBot) -> Iterator[TheFirst]:
    made = TheFirst(make_home(tmp_path, _HOME), qtbot)
    yield made
    made.close()


def test_the_desktops_leave_is_handed_on(first: TheFirst) -> None:
    for variable in _TOKENS:
        assert first.start(**{variable: "leave-1"}).returncode == 0
        assert first.asked.pop() == {"verb": "show", "token": "leave-1"}


def test_a_link_is_handed_on_and_what_became_of_it_is_printed(first: TheFirst) -> None:
    link = "supportdesk:mail/Support/%3C1@x%3E"
    answer = first.start("open", link)
    assert (answer.returncode, answer.stdout) == (0, "Anna has answered it.\n")
    assert first.asked == [{"verb": "open", "link": link, "token": ""}]


def test_without_a_link_the_window_is_asked_for_and_with_a_wrong_one_nothing(
    first: TheFirst,
) -> None:
    assert first.start("open").returncode == 0
    assert first.asked.pop() == {"verb": "show", "token": ""}
    answer = first.start("open", "supportdesk:call/Hook/1?action=call_back")
    assert (answer.returncode, first.asked) == (1, [])
    assert "That is no link of supportdesk" in answer.stderr


def test_a_quiet_start_leaves_the_window_where_it_is(first: TheFirst) -> None:
    assert first.start("--background").returncode == 0
    assert first.asked == []
