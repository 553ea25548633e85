"""The one-folder build of build.spec starts on its own, far from the checkout and from Python."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import supportdesk

pytestmark = pytest.mark.build

ROOT = Path(__file__).resolve().parent.parent
_BUILD_SECONDS = 900
_PRACTICE_SECONDS = 90


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
            *("--distpath", str(folder / "dist"), "--workpath", str(folder / "work")),
            str(ROOT / "build.spec"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_BUILD_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    moved = folder / "elsewhere"
    (folder / "dist" / "supportdesk").rename(moved)
    return moved / "supportdesk"


@pytest.fixture
def bare_environment(tmp_path: Path) -> dict[str, str]:
    """Nothing that leads to the checkout, to its Python, to a display or to a session bus."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LANG": "C.UTF-8"}


def test_the_build_says_its_version(program: Path, bare_environment: dict[str, str]) -> None:
    done = subprocess.run(
        [program, "--version"],
        env=bare_environment,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert supportdesk.__version__ in done.stdout


def test_the_build_watches_the_practice_desk(
    program: Path, bare_environment: dict[str, str], tmp_path: Path
) -> None:
    with (tmp_path / "errors").open("w+") as errors:
        watch = subprocess.Popen(
            [program, "watch", "--practice", "--json"],
            env=bare_environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        limit = threading.Timer(_PRACTICE_SECONDS, watch.kill)
        limit.start()
        wanted = {("alert", "mail"), ("alert", "waiting"), ("withdrawn", "waiting")}
        wanted |= {("happened", "missed")}
        seen: set[tuple[str, str]] = set()
        try:
            for what in _lines(watch):
                seen.add(what)
                if wanted <= seen:
                    watch.send_signal(signal.SIGTERM)
                    break
            status = watch.wait(timeout=20)
        finally:
            limit.cancel()
            watch.kill()
            watch.wait()
            assert watch.stdout is not None
            watch.stdout.close()
        errors.seek(0)
        assert wanted <= seen, f"status {status}, saw {seen}, {errors.read()}"
        assert status == 0


def _lines(watch: subprocess.Popen[str]) -> Iterator[tuple[str, str]]:
    assert watch.stdout is not None
    for line in watch.stdout:
        event = json.loads(line)
        yield event["what"], event.get("kind", "")


def test_it_brings_a_dictionary(program: Path) -> None:
    done = subprocess.run(
        [program, "spell", "en_US"],
        input='{"look": ["jumpd", "jumped"]}\n',
        capture_output=True,
        text=True,
        timeout=_PRACTICE_SECONDS,
        check=True,
    )
    opened, answer = map(json.loads, done.stdout.splitlines())
    assert opened == {"why": ""}
    assert answer["wrong"] == ["jumpd"]
