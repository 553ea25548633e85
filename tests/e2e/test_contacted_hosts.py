"""Nothing leaves the machine but to the mail server and the phone system of the settings (F33).

The whole app is used for a day in a network of its own, in which every address of the internet
leads back to a recorder: `lonely_day` says who is there, `day_at_the_desk` what is done.
"""

import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.lonely_day import (
    LEAK,
    LEAK_6,
    MAIL,
    MAIL_NAME,
    NAME_SERVER,
    PHONE,
    PHONE_NAME,
    PHONE_PORT,
    TRACKER,
)
from tests.e2e.running import REPOSITORY
from tests.lab.lonely_network import ALONE, why_not_alone

Found = dict[str, Any]

_STEPS = [
    "listening",
    "all mail is here",
    "every message was opened",
    "reading was counted",
    "a reply was handed to the mail program",
    "a search was answered",
    "somebody calls",
    "the call was taken and is over",
    "every page was looked at",
    "the log was corrected and exported",
    "the day is over",
    "images were asked for",
]


def in_a_lonely_network(*arguments: str) -> Found:
    reason = why_not_alone()
    if reason is not None:
        pytest.skip(reason)
    done = subprocess.run(
        [*ALONE, sys.executable, "-m", "tests.e2e.lonely_day", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: Found = json.loads(done.stdout)
    return found


@pytest.mark.dovecot
def test_a_day_of_use_contacts_the_mail_server_and_the_phone_system_alone(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip(
            "in a network of its own a mail server needs more than one user: run it as root"
        )
    found = in_a_lonely_network("day", str(tmp_path))
    assert found["steps"] == _STEPS, found["errors"]
    # Doctor asks the running app, which has no tray here, and no desktop.
    assert (found["status"], found["commands"]) == (0, [0, 0, 0, 0, 0, 1]), found["wrong"]
    assert found["wrong"] == ["!! Tray: There is no icon."]
    assert found["lost"] == 0
    assert sorted(found["day"]) == [
        ["tcp", MAIL, found["mail_port"], ""],
        ["tcp", PHONE, PHONE_PORT, ""],
        ["udp", NAME_SERVER, 53, MAIL_NAME],
        ["udp", NAME_SERVER, 53, PHONE_NAME],
    ]
    assert list(tmp_path.glob("reading-log*")), "the export is a file"
    # And the recorder would have seen the app: a click for the images of one mail asks for theirs.
    assert found["images"][0] == ["udp", NAME_SERVER, 53, TRACKER]


@functools.cache
def leaks() -> Found:
    return in_a_lonely_network("leaks")


@pytest.mark.parametrize(
    "leak",
    [
        ["tcp", LEAK, 443, ""],
        ["tcp", LEAK_6, 443, ""],
        ["udp", LEAK, 514, ""],
        ["icmp", LEAK, 8, ""],
        ["udp", NAME_SERVER, 53, "telemetry.example"],
    ],
    ids=str,
)
def test_the_recorder_sees_a_leak(leak: list[object]) -> None:
    assert leak in leaks()["leaks"]
    assert leaks()["lost"] == 0
