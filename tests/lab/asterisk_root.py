"""Asterisk unpacked into a private root: nothing is installed on the machine, nothing is mounted.

The root is kept in a cache folder outside of the project (`SUPPORTDESK_LAB_CACHE` names another).
Version 22 comes from Debian sid, version 16 from bullseye: what AMI says differs between them.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab.packages import LabUnavailableError, apt_install

PACKAGES = ("mmdebstrap", "baresip-core", "sip-tester")
_SUITES = {"22": "sid", "16": "bullseye"}
VERSIONS = tuple(_SUITES)
_TRIES = 3
_COMPLETE = ".complete"
_NOT_NEEDED = ("doc", "man", "locale", "perl")


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskRoot:
    """An unpacked Asterisk, run through its own loader with its own libraries."""

    folder: Path

    @property
    def version(self) -> str:
        return (self.folder / _COMPLETE).read_text().strip()

    @property
    def modules(self) -> Path:
        library = self.folder / "usr/lib"
        return next(
            path
            for path in (_triplet(library) / "asterisk/modules", library / "asterisk/modules")
            if path.is_dir()
        )

    def command(self, *arguments: str) -> list[str]:
        # Before Debian 12, lib was a folder beside usr/lib and not a link to it.
        folders = [_triplet(self.folder / name) for name in ("usr/lib", "lib")]
        # lib64/ld-linux-* may be an absolute link out of the root (bullseye): take the loader.
        loader = min(path for folder in folders for path in folder.glob("ld-*.so*"))
        path = ":".join(str(folder) for folder in (*folders, self.folder / "usr/lib"))
        program = self.folder / "usr/sbin/asterisk"
        return [str(loader), "--library-path", path, str(program), *arguments]


def cache_folder() -> Path:
    named = os.environ.get("SUPPORTDESK_LAB_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "supportdesk-lab"


def find_root(version: str = VERSIONS[0]) -> AsteriskRoot | None:
    """Return an Asterisk that was unpacked before."""
    folder = cache_folder() / f"asterisk-{version}"
    return AsteriskRoot(folder=folder) if (folder / _COMPLETE).exists() else None


def install_programs() -> None:
    """Install by apt what unpacks an Asterisk, and the phones."""
    apt_install(PACKAGES)


def install() -> list[AsteriskRoot]:
    """Unpack each Asterisk, unless it is there."""
    install_programs()
    with one_at_a_time(), ThreadPoolExecutor() as pool:
        return list(pool.map(_found_or_unpacked, VERSIONS))


def _found_or_unpacked(version: str) -> AsteriskRoot:
    return find_root(version) or _try_to_unpack(version)


def _try_to_unpack(version: str) -> AsteriskRoot:
    problems: list[str] = []
    for attempt in range(1, _TRIES + 1):
        try:
            return _unpack(version)
        except (subprocess.CalledProcessError, OSError, StopIteration, ValueError) as error:
            problem = f"Asterisk {version}, try {attempt}: {error!r}"
            problems.append(problem)
            print(problem, file=sys.stderr)  # noqa: T201  # minutes of work, for people
    raise LabUnavailableError("; ".join(problems))


def _unpack(version: str) -> AsteriskRoot:
    cache = cache_folder()
    partial = cache / f"asterisk-{version}.part"
    shutil.rmtree(partial, ignore_errors=True)
    mirror = os.environ.get("SUPPORTDESK_LAB_MIRROR") or _apt_mirror()
    excluded = [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in _NOT_NEEDED]
    subprocess.run(
        [
            "mmdebstrap",
            "--quiet",
            "--variant=extract",
            "--mode=root",
            "--include=asterisk",
            '--aptopt=APT::Install-Recommends "false"',
            # A mirror that lags leaves sid's Release expired: it is good for a week only.
            '--aptopt=Acquire::Check-Valid-Until "false"',
            '--aptopt=Acquire::Retries "3"',
            *excluded,
            "--format=directory",
            _SUITES[version],
            str(partial),
            mirror,
        ],
        env={**os.environ, "TMPDIR": str(cache)},
        stdout=sys.stderr,
        check=True,
    )
    _add_merged_usr_links(partial)
    answer = subprocess.run(
        AsteriskRoot(folder=partial).command("-V"), capture_output=True, text=True, check=True
    )
    (partial / _COMPLETE).write_text(answer.stdout)
    folder = cache / f"asterisk-{version}"
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return AsteriskRoot(folder=folder)


def _add_merged_usr_links(root: Path) -> None:
    """Make the links that a maintainer script would have made; none of them is run."""
    for name in ("bin", "sbin", "lib", "lib64"):
        link = root / name
        if not link.exists() and not link.is_symlink():
            link.symlink_to(f"usr/{name}")


def _triplet(library: Path) -> Path:
    return next(path for path in library.glob("*-linux-gnu*") if path.is_dir())


def _apt_mirror() -> str:
    """Return the Debian mirror this machine's apt is set up with."""
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(SUITE)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for line in targets.splitlines():
        address, suite = line.split()
        address = address.rstrip("/")
        if "security" not in address + suite and address.endswith("/debian"):
            return address
    raise ValueError("apt knows no Debian mirror: set SUPPORTDESK_LAB_MIRROR")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Keep two installers out of the cache folder at once."""
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
