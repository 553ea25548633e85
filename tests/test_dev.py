"""dev.py does what README promises of it."""

import os
import re
import signal
import subprocess
import sys
import threading
from itertools import product
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).resolve().parent.parent
_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about X and Wayland")


@_LINUX
@pytest.mark.parametrize(
    ("display", "wayland", "has_display"),
    [("", "", False), (":0", "", True), ("", "wayland-0", True)],
)
def test_a_display_is_seen(
    monkeypatch: pytest.MonkeyPatch, display: str, wayland: str, has_display: bool
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("WAYLAND_DISPLAY", wayland)
    assert dev.has_display() is has_display


def test_the_program_needs_no_tools() -> None:
    assert dev.more(dev.Tools.PROGRAM) == []
    assert "ruff" in dev.more(dev.Tools.EVERYTHING)


def test_all_checks_of_the_house_are_there() -> None:
    names = [check.name for check in dev.CHECKS]
    assert names == ["lint", "format", "types", "layers", "unit tests"]


def test_each_test_runs_in_one_lane_or_with_the_others() -> None:
    ignored = [part.removeprefix("--ignore=") for part in dev.other_tests()]
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        path = file.relative_to(ROOT).as_posix()
        is_left = not any(_is_under(path, each) for each in ignored)
        is_unit = _is_under(path, "tests/unit")
        for has in product((False, True), repeat=4):
            marks = dict(zip(("asterisk", "linphone", "desktop", "dovecot"), has, strict=True))
            lanes = [name for name, lane in dev.LANES.items() if _runs(lane, path, marks)]
            assert len(lanes) + is_left + is_unit == 1, (path, marks, lanes)


def _runs(lane: tuple[str, ...], path: str, marks: dict[str, bool]) -> bool:
    wanted = lane[lane.index("-m") + 1] if "-m" in lane else "True"
    ignored = [part.removeprefix("--ignore=") for part in lane if part.startswith("--ignore=")]
    is_chosen = any(_is_under(path, part) for part in lane)
    return is_chosen and path not in ignored and bool(eval(wanted, {}, marks))


def _is_under(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place}/")


@_LINUX
def test_a_machine_that_runs_these_tests_has_all_libraries() -> None:
    assert dev.missing_system_packages() == []


@_LINUX
@pytest.mark.build
def test_run_without_a_display_watches_the_practice_desk() -> None:
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    run = subprocess.Popen(
        [sys.executable, "dev.py", "run"],
        cwd=ROOT,
        env={**env, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    limit = threading.Timer(300, run.kill)
    limit.start()
    assert run.stdout is not None
    said = ""
    try:
        for line in run.stdout:
            said += line
            if re.search(r"\balert +missed\b", line):
                break
        run.send_signal(signal.SIGTERM)
        assert run.wait(timeout=20) == 0, said
    finally:
        limit.cancel()
        run.kill()
        run.wait()
        run.stdout.close()
    assert "no display" in said
    assert "watch --practice" in said
