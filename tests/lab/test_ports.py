"""Ports of labs: several test processes take them from one machine."""

import subprocess
import sys

from tests.lab.waiting import free_port

_OTHER_PROCESS = """
import sys
from tests.lab import waiting
given = int(sys.argv[1])
print(waiting._is_claimed(given), waiting._is_claimed(waiting.free_port()))
"""


def test_a_port_that_was_given_is_given_to_no_other_process() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", _OTHER_PROCESS, str(free_port())],
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == ["False", "True"]
