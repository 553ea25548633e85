"""Chromium with the network refused: what a page asks for, what becomes of it, how it prints."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.lab.lonely_network import ALONE, why_not_alone
from tests.lab.packages import apt_install, why_unavailable
from tests.lab.waiting import patient

PACKAGES = ("chromium",)
_SECONDS = 60
_FLAGS = (
    "--headless",
    # Whoever runs the tests may be root, which Chromium's own sandbox refuses.
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_OF_ITS_OWN = ("googleapis.com", "google.com", "gvt1.com")
"""Chromium looks for news of itself, whatever page it shows."""
_PAGES = re.compile(rb"/Type /Pages\s*/Count (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What came of a page.

    Attributes:
        requests: Every address that was asked for, though nobody could answer.
        document: The HTML of the page after its scripts have run.
    """

    requests: list[str]
    document: str

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.document, re.DOTALL)
        return found[1] if found is not None else ""


def why_no_chromium() -> str | None:
    """Say why Chromium cannot run here, or None."""
    return why_unavailable(["chromium"]) or why_not_alone()


def install() -> None:
    apt_install(PACKAGES)


def open_page(page: Path, folder: Path) -> Opened:
    """Open a file, in a network with nobody in it, and wait until it has loaded."""
    document = _run(page, folder, "--dump-dom")
    return Opened(requests=_requests(folder), document=document)


def pages_printed(page: Path, folder: Path) -> int:
    """How many sheets it takes, as Chromium prints it."""
    paper = folder / "paper.pdf"
    _run(page, folder, f"--print-to-pdf={paper}")
    found = _PAGES.search(paper.read_bytes())
    assert found is not None
    return int(found[1])


def take_picture(page: Path, folder: Path, target: Path, *flags: str) -> None:
    """The page as Chromium shows it, with as few colours as the pictures of the desktop have."""
    shot = folder / "shot.png"
    _run(page, folder, f"--screenshot={shot}", "--hide-scrollbars", *flags)
    few = ("-strip", "-dither", "None", "-colors", "255")
    subprocess.run(["convert", shot, *few, f"PNG8:{target}"], check=True, timeout=_SECONDS)


def _run(page: Path, folder: Path, *tasks: str) -> str:
    done = subprocess.run(
        [
            *ALONE,
            "chromium",
            *_FLAGS,
            f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={folder / 'net.json'}",
            *tasks,
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=patient(_SECONDS),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _requests(folder: Path) -> list[str]:
    log: dict[str, Any] = json.loads((folder / "net.json").read_text(encoding="utf-8"))
    begun = log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    asked = [
        event["params"]["url"]
        for event in log["events"]
        if event["type"] == begun and "url" in event.get("params", {})
    ]
    return [url for url in asked if not _is_of_its_own(url)]


def _is_of_its_own(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host.endswith(_OF_ITS_OWN)
