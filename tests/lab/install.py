"""Installs every lab, as root on Debian: python -m tests.lab.install

A lab that cannot be had here is named with its reason; its tests are skipped, and in CI they fail.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from tests.lab import chromium, courier, cyrus, desktop, linphone, lonely_network, mail, phone
from tests.lab.packages import LabUnavailableError, apt_install


def _install_tools() -> None:
    """Install what PyInstaller needs (objdump, Debian's Python as a library), and curl."""
    packages = ["binutils", "curl"]
    if sys.base_prefix == "/usr":
        packages.append(f"libpython{sys.version_info.major}.{sys.version_info.minor}")
    apt_install(packages)


_INSTALLERS: dict[str, Callable[[], None]] = {
    "mail": mail.install,
    "cyrus": cyrus.install,
    "courier": courier.install,
    "softphones": phone.install_softphones,
    "phone": phone.install,
    "linphone": linphone.install,
    "desktop": desktop.install,
    "network": lonely_network.install,
    "browser": chromium.install,
    "tools": _install_tools,
}


# Minutes of waiting for archives, which needs no apt: while this unpacks, apt installs the others.
_BESIDE_THE_OTHERS = "phone"


def install_all() -> dict[str, str]:
    """Install what can be installed; return the reasons of the labs that cannot."""
    problems: dict[str, str] = {}
    with ThreadPoolExecutor() as beside:
        started: dict[str, Future[None]] = {}
        for name, installer in _INSTALLERS.items():
            started[name] = beside.submit(installer)
            if name != _BESIDE_THE_OTHERS:
                wait([started[name]])
        for name, ended in started.items():
            try:
                ended.result()
            except (LabUnavailableError, subprocess.CalledProcessError, OSError) as error:
                problems[name] = str(error)
    return problems


def main() -> int:
    problems = install_all()
    for name, problem in problems.items():
        print(f"The {name} lab is not installed: {problem}", file=sys.stderr)  # noqa: T201
    return 1 if problems and os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
