"""Debian packages for the labs: which are missing, and installing them as root."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

_INSTALL = ("install", "-y", "-qq", "--no-install-recommends")
_APT = ("apt-get", "-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3")


class LabUnavailableError(Exception):
    """This machine cannot have the lab: another platform, or not root. The text says which."""


def missing_packages(packages: Iterable[str]) -> list[str]:
    return [name for name in packages if not _is_installed(name)]


def _is_installed(name: str) -> bool:
    query = subprocess.run(
        ["dpkg-query", "-W", "-f=${db:Status-Status}", name],
        capture_output=True,
        text=True,
        check=False,
    )
    return query.stdout == "installed"


def why_unavailable(programs: Iterable[str], *, folders: Iterable[str] = ()) -> str | None:
    """Say why the lab cannot run here, or None when all of its programs are there."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin", *folders])
    missing = [program for program in programs if shutil.which(program, path=path) is None]
    if missing:
        return f"{', '.join(missing)} not installed (python3 -m tests.lab.install, as root)"
    return None


def apt_install(packages: Iterable[str]) -> None:
    """Install what is missing; raise LabUnavailableError where that cannot be done."""
    _must_have_apt()
    missing = missing_packages(packages)
    if not missing:
        return
    if os.geteuid() != 0:
        raise LabUnavailableError(f"not root; type: sudo apt-get install {' '.join(missing)}")
    _apt("update", "-qq")
    _apt(*_INSTALL, *missing)


def apt_download(packages: Iterable[str], folder: Path) -> list[Path]:
    """Fetch packages and what they need beyond this machine's own into a folder; install nothing.

    A package that conflicts with an installed one can be had so, too.
    """
    _must_have_apt()
    if os.geteuid() != 0:
        raise LabUnavailableError("not root: apt downloads for root only")
    (folder / "partial").mkdir(parents=True, exist_ok=True)
    _apt("update", "-qq")
    _apt("-o", f"Dir::Cache::archives={folder}", *_INSTALL, "--download-only", *packages)
    return sorted(folder.glob("*.deb"))


def _must_have_apt() -> None:
    if shutil.which("apt-get") is None or shutil.which("dpkg-query") is None:
        raise LabUnavailableError("the labs are installed by apt, on Debian and Ubuntu only")


def _apt(*arguments: str) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*_APT, *arguments], env=env, check=True)
