#!/usr/bin/env python3
"""Sets up, runs and tests supportdesk from a checkout. Needs nothing but Python 3.11 or newer.

python3 dev.py setup    make .venv with everything the program and its tests need
python3 dev.py run      start supportdesk on the practice desk
python3 dev.py check    formatting, lint, types, layers, and the unit tests with their coverage
python3 dev.py test     check, and every other test; as root on Debian it installs the labs

python3 dev.py screenshots   take the pictures in docs/images anew, on a desktop of its own
"""

import argparse
import contextlib
import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO

if sys.version_info < (3, 11):  # noqa: UP036  # whoever has an older one deserves a sentence
    sys.exit("supportdesk needs Python 3.11 or newer.")

import tomllib

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "supportdesk-setup"
CONSTRAINTS = ROOT / "constraints.txt"

# What PySide6-Essentials loads, and the Debian package each library comes from.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libbrotlidec.so.1": "libbrotli1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# Not a library, but no letter is drawn without it.
FONT_PACKAGE = "fonts-dejavu-core"
TEST_HANGS_AFTER_SECONDS = 600
_PHONES = "asterisk or linphone"
_OUTCOMES = "tests/e2e/test_call_outcomes.py"
_WHOLE_PROGRAMS = ("tests/e2e", f"--ignore={_OUTCOMES}")
# Side by side: each of them waits for real servers half of its time, and for different ones.
LANES = {
    "what became of each call": (_OUTCOMES,),
    "real phones": (*_WHOLE_PROGRAMS, "-m", _PHONES),
    "whole programs on a desktop": (*_WHOLE_PROGRAMS, "-m", f"desktop and not ({_PHONES})"),
    "whole programs and a mail server": (
        *_WHOLE_PROGRAMS,
        *("-m", f"dovecot and not (desktop or {_PHONES})"),
    ),
    "other whole programs": (*_WHOLE_PROGRAMS, "-m", f"not (desktop or dovecot or {_PHONES})"),
    "adapters, the labs, the build": (
        *("tests/adapters", "tests/lab", "tests/practice"),
        *("tests/test_build.py", "tests/test_dev.py"),
    ),
}


class Tools(Enum):
    """How much an environment holds: the program alone, or its tests too."""

    PROGRAM = "program"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One of the quick checks, run inside the environment."""

    name: str
    command: tuple[str, ...]


CHECKS = (
    Check(name="lint", command=(str(PYTHON), "-m", "ruff", "check", ".")),
    Check(name="format", command=(str(PYTHON), "-m", "ruff", "format", "--check", ".")),
    Check(name="types", command=(str(PYTHON), "-m", "mypy", "supportdesk", "tests", "dev.py")),
    Check(name="layers", command=(str(SCRIPTS / "lint-imports"),)),
    Check(name="unit tests", command=(str(PYTHON), "-m", "tests.unit_coverage")),
)


def setup(tools: Tools) -> None:
    """Make the environment; does nothing when it is as it should be."""
    if is_ready(tools):
        return
    install_system_packages()
    say(f"Setting up {VENV}")
    if not PYTHON.exists() or run([str(PYTHON), "-c", ""]) != 0:
        must_run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    STAMP.unlink(missing_ok=True)
    constraints = str(CONSTRAINTS)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "-c", constraints]
    # What builds the package is pinned by these, one for older and one for newer pips.
    pins = {"PIP_CONSTRAINT": constraints, "PIP_BUILD_CONSTRAINT": constraints}
    must_run([*pip, "-e", ".", *more(tools)], env=pins)
    STAMP.write_text(f"{fingerprint()} {tools.value}")


def is_ready(tools: Tools) -> bool:
    if not STAMP.exists() or not PYTHON.exists():
        return False
    made_from, _, held = STAMP.read_text().partition(" ")
    return made_from == fingerprint() and held in (tools.value, Tools.EVERYTHING.value)


def fingerprint() -> str:
    """Return what an environment depends on, in short."""
    parts = [sys.version.encode(), str(ROOT).encode()]
    parts += [path.read_bytes() for path in (ROOT / "pyproject.toml", CONSTRAINTS)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def more(tools: Tools) -> list[str]:
    if tools is Tools.PROGRAM:
        return []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups: dict[str, list[str]] = project["dependency-groups"]
    return groups["dev"]


def install_system_packages() -> None:
    """Install the libraries Qt loads and Python's venv, where this may be done; else say how."""
    packages = missing_system_packages()
    if not packages:
        return
    line = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if shutil.which("apt-get") is None:
        sys.exit(f"Install what your system has for these Debian packages: {' '.join(packages)}")
    if os.geteuid() != 0:
        sys.exit(f"Some system packages are missing. Type this, then try again:\n  sudo {line}")
    say("Installing system packages")
    env = {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3"]
    must_run([*apt, "update"], env=env)
    must_run([*apt, "install", "-y", "--no-install-recommends", *packages], env=env)


def missing_system_packages() -> list[str]:
    if not sys.platform.startswith("linux"):
        return []
    missing = [package for name, package in QT_LIBRARIES.items() if not can_load(name)]
    if missing:
        missing.append(FONT_PACKAGE)
    if importlib.util.find_spec("ensurepip") is None and not PYTHON.exists():
        missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    return missing


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def start_practice_desk() -> int:
    """Run the program on the practice desk, in the terminal when there is no display."""
    setup(Tools.PROGRAM)
    command = [str(PYTHON), "-m", "supportdesk"]
    if has_display():
        command.append("demo")
    else:
        say("There is no display here, so this runs: supportdesk watch --practice")
        command += ["watch", "--practice"]
    if os.name == "nt":
        return run(command)
    # In place of this process, so that Ctrl-C and the exit status are the program's own.
    os.chdir(ROOT)
    os.execv(command[0], command)  # noqa: S606  # no shell is wanted


def has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def check(env: Mapping[str, str] | None = None) -> int:
    """Run all quick checks, also after one has failed, and name those that did."""
    setup(Tools.EVERYTHING)
    failed = []
    for each in CHECKS:
        say(each.name)
        started = time.monotonic()
        if run(each.command, env=env) != 0:
            failed.append(each.name)
        print(f"   {time.monotonic() - started:.1f} s", flush=True)
    if failed:
        say(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


def test() -> int:
    setup(Tools.EVERYTHING)
    env = {"CI": "1"} if can_install_labs() else {}
    with beside([str(PYTHON), "-m", "tests.lab.install"], env) as labs:
        is_checked = check(env) == 0
        # Also where that failed: apt is not to be interrupted.
        is_installed = labs.wait() == 0
        say("labs, installed meanwhile")
        print(labs.told(), flush=True)
    return test_in_lanes(env) if is_checked and is_installed else 1


def test_in_lanes(env: Mapping[str, str]) -> int:
    """Run what waits for real servers beside what computes: half the time on two cores.

    The unit tests have just run, with their coverage.
    """
    limits = [
        f"faulthandler_timeout={TEST_HANGS_AFTER_SECONDS}",
        "faulthandler_exit_on_timeout=true",
    ]
    options = [part for limit in limits for part in ("-o", limit)]
    pytest = [str(PYTHON), "-m", "pytest", *options]
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        lanes = {}
        for name, what in LANES.items():
            say(f"{name}, told at the end: {' '.join(what)}")
            command = [*pytest, "-p", "no:cacheprovider", *what]
            lanes[name] = stack.enter_context(beside(command, env))
        say("all other tests")
        status = run([*pytest, *other_tests()], env=env)
        for name, lane in lanes.items():
            status = lane.wait() or status
            say(name)
            print(lane.told(), flush=True)
    print(f"   {time.monotonic() - started:.1f} s", flush=True)
    return status


def other_tests() -> list[str]:
    """What no lane runs, and not the unit tests."""
    named = {part for lane in LANES.values() for part in lane if part.startswith("tests/")}
    return [f"--ignore={each}" for each in ("tests/unit", *sorted(named))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A command that runs beside others; what it says is kept, to be told in one piece."""

    process: "subprocess.Popen[bytes]"
    output: IO[bytes]

    def wait(self) -> int:
        return self.process.wait()

    def told(self) -> str:
        self.output.seek(0)
        return self.output.read().decode("utf-8", "replace")


@contextlib.contextmanager
def beside(command: Sequence[str], env: Mapping[str, str]) -> Iterator[Beside]:
    """Start a command; whoever leaves before it has ended ends it."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **env},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Beside(process=process, output=output)
        finally:
            process.terminate()
            process.wait()


def take_screenshots() -> int:
    """Start the real app on the lab desktop and take its pictures; about a minute."""
    setup(Tools.EVERYTHING)
    if can_install_labs():
        say("desktop lab")
        must_run([str(PYTHON), "-m", "tests.lab.desktop", "install"])
    say("pictures")
    return run([str(PYTHON), "-m", "tests.lab.screenshots"])


def can_install_labs() -> bool:
    """Where the labs can be installed no test may be skipped."""
    return os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def say(text: str) -> None:
    print(f"== {text}", flush=True)


def run(command: Sequence[str], *, env: Mapping[str, str] | None = None) -> int:
    try:
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **(env or {})}, check=False)
    except KeyboardInterrupt:
        return 130
    return done.returncode


def must_run(command: Sequence[str], *, env: Mapping[str, str] | None = None) -> None:
    status = run(command, env=env)
    if status != 0:
        sys.exit(f"This failed with status {status}: {' '.join(command)}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["setup", "run", "check", "test", "screenshots"])
    command = parser.parse_args().command
    if command == "run":
        return start_practice_desk()
    if command == "check":
        return check()
    if command == "test":
        return test()
    if command == "screenshots":
        return take_screenshots()
    setup(Tools.EVERYTHING)
    say(f"Ready. Start it with: {sys.executable} dev.py run")
    return 0


if __name__ == "__main__":
    sys.exit(main())
