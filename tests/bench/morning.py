"""The morning scroll: how soon after Space the next piece is on the screen.

The floor is a page of plain text in a bare QTextBrowser of the same size, scrolled by a page, in
the same process and the same run.
"""

import json
import subprocess
import sys
import tempfile
import time
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.home import make_home
from tests.lab.mail import DovecotLab

MAILS = 200
_WORDS = (40, 90, 160, 320, 700)
"""Of a mail; every tenth is HTML."""
_SENTENCE = "The flour of Friday went out twice again and nobody here knows why that is. "
_FLOOR = "bare text, a page"
_READING = "Space, reading"


def run() -> list[Figure]:
    with DovecotLab() as lab, tempfile.TemporaryDirectory() as folder:
        address = lab.new_address()
        lab.deliver(*(_letter(number, address) for number in range(MAILS)), to=address)
        environment = {**make_home(Path(folder), lab, address), "QT_QPA_PLATFORM": "offscreen"}
        environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        program = subprocess.run(
            [sys.executable, "-m", "tests.bench.morning_app", str(MAILS)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        if program.returncode != 0:
            raise RuntimeError(program.stderr)
    told = [json.loads(line) for line in program.stdout.splitlines()]
    return _figures({one["name"]: one for one in told})


def _figures(told: dict[str, dict[str, float]]) -> list[Figure]:
    floor = told.pop(_FLOOR)
    return [
        Figure(
            what=f"{name}: {words}",
            unit="ms",
            ours=one[key],
            floor=floor[key],
            wanted="up to 16 ms" if key == "p99" and name == _READING else "",
            floor_is="QTextBrowser, a page on",
        )
        for name, one in told.items()
        for key, words in (("p50", "next frame, p50"), ("p99", "next frame, p99"))
    ]


def _letter(number: int, to: str) -> bytes:
    words = _WORDS[number % len(_WORDS)]
    paragraph = _SENTENCE * 4
    text = "\n\n".join([paragraph] * max(1, words // len(paragraph.split())))
    message = EmailMessage()
    message["From"] = f"Customer {number} <c{number}@shop.example>"
    message["To"] = to
    message["Subject"] = f"Flour {number}"
    message["Message-ID"] = f"<{number}@shop.example>"
    message["Date"] = formatdate(time.time() - 3600 + number)
    message.set_content(text)
    if number % 10 == 0:
        html = "".join(f"<p>{one} <b>Twice.</b></p>" for one in text.split("\n\n"))
        message.add_alternative(f"<html><body>{html}</body></html>", subtype="html")
    return message.as_bytes()
