"""Debian packages unpacked into a private folder: servers that may not be installed side by side.

Nothing of them is installed and none of their scripts runs. They use the libraries of this machine
and, from the folder, those which it has not; so they are of the release that this machine runs.
The folder is kept in the cache of the labs.
"""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.asterisk_root import cache_folder, one_at_a_time
from tests.lab.packages import LabUnavailableError, apt_download

_COMPLETE = ".complete"
# What a whole mail system would have too, and a large virus scanner.
_NOT_NEEDED = ("exim4", "libclamav", "gawk", "db5", "gnutls-bin", "libgnutls28-dev")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpackedPackages:
    """Programs in a folder of their own."""

    folder: Path

    def program(self, path: str) -> str:
        return str(self.folder / path)

    @property
    def libraries(self) -> list[Path]:
        roots = (self.folder / "usr/lib", self.folder / "lib")
        triplets = [path for root in roots for path in root.glob("*-linux-gnu*")]
        return [*triplets, *roots]

    def environment(self) -> dict[str, str]:
        """Return what the programs need to find their libraries."""
        return {"LD_LIBRARY_PATH": ":".join(str(path) for path in self.libraries)}

    def copied_to(self, folder: Path) -> "UnpackedPackages":
        """Return a copy that any user may run: a home folder is closed to others."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return UnpackedPackages(folder=folder)

    def can_run(self, program: str) -> bool:
        """Tell whether all libraries are there: the machine may have lost some since."""
        try:
            answer = subprocess.run(
                ["ldd", self.program(program)],
                env=self.environment(),
                capture_output=True,
                text=True,
                check=True,
            )
        except (subprocess.CalledProcessError, OSError):
            return False
        return "not found" not in answer.stdout


def find_unpacked(name: str) -> UnpackedPackages | None:
    folder = cache_folder() / name
    return UnpackedPackages(folder=folder) if (folder / _COMPLETE).exists() else None


def unpack(name: str, packages: Sequence[str], programs: Sequence[str]) -> UnpackedPackages:
    """Download and unpack, unless that was done before and the programs still find all they need.

    Args:
        name: Of the folder.
        packages: To download, with what they need.
        programs: Paths in the folder that have to be able to run.
    """
    with one_at_a_time():
        found = find_unpacked(name)
        if found is None or not all(found.can_run(program) for program in programs):
            found = _unpack(name, packages)
    missing = [program for program in programs if not found.can_run(program)]
    if missing:
        raise LabUnavailableError(f"{', '.join(missing)} of {name} cannot run here")
    return found


def _unpack(name: str, packages: Sequence[str]) -> UnpackedPackages:
    partial = cache_folder() / f"{name}.part"
    shutil.rmtree(partial, ignore_errors=True)
    archives = partial / "archives"
    for package in apt_download(packages, archives):
        if not package.name.startswith(_NOT_NEEDED):
            subprocess.run(["dpkg-deb", "-x", str(package), str(partial)], check=True)
    shutil.rmtree(archives)
    (partial / _COMPLETE).touch()
    folder = cache_folder() / name
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return UnpackedPackages(folder=folder)
