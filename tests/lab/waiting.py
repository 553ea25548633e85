"""Waiting for conditions with a deadline, and choosing free ports."""

import fcntl
import functools
import itertools
import os
import random
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

LOOPBACK = "127.0.0.1"
_PAUSE_SECONDS = 0.02
"""At least; a condition that takes longer to look at is looked at half of the time at most, for
what it waits for needs the processor too."""
# A deadline only says when a test has failed. What takes a second here may take four on a machine
# that does other things too, and is right all the same.
PATIENCE = 4.0
# Nor is it ever shorter than this: a busy machine may do nothing of ours for some seconds.
_LEAST_SECONDS = 30.0

# Below the kernel's ephemeral range (32768 and up), so that no outgoing connection takes the port
# of a server while that server is being restarted.
_FIRST_PORT, _LAST_PORT = 10_000, 30_000
# Not the usual one, which property tests seed: two processes would draw the same numbers.
_random = random.SystemRandom()


def patient(seconds: float) -> float:
    """How long to wait at most for what takes this long at most on a quiet machine."""
    return max(seconds * PATIENCE, _LEAST_SECONDS)


def wait_until(condition: Callable[[], T], *, seconds: float, what: str) -> T:
    """Return the first truthy value of `condition`, or raise TimeoutError naming `what`.

    Args:
        condition: Asked again and again.
        seconds: How long it takes at most on a quiet machine.
        what: What is waited for.
    """
    seconds = patient(seconds)
    value = _first_truth(condition, seconds)
    if not value:
        raise TimeoutError(f"waited {seconds:g} s in vain: {what}")
    return value


def is_soon(condition: Callable[[], object], *, seconds: float) -> bool:
    """Whether it becomes so within this time, which is meant as it is said."""
    return bool(_first_truth(condition, seconds))


def _first_truth(condition: Callable[[], T], seconds: float) -> T:
    """The first truthy value of `condition`, or its last one."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        began = time.monotonic()
        value = condition()
        now = time.monotonic()
        if value or now > deadline:
            return value
        pause.wait(max(_PAUSE_SECONDS, now - began))


def free_port(host: str = LOOPBACK, *, kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port for a server of this process, which no other test process is given meanwhile."""
    for _ in range(200):
        port = _random.randint(_FIRST_PORT, _LAST_PORT)
        if _is_free(host, port, kind):
            return port
    raise RuntimeError(f"no free port on {host}")


def free_ports(host: str, count: int, *, kind: socket.SocketKind) -> Iterator[int]:
    """Ports that begin a row of so many free ones; each only once, however late it is taken.

    Programs that start at the same time would otherwise be given the same port now and then.
    """
    first = _random.randint(_FIRST_PORT, _LAST_PORT)
    span = _LAST_PORT + 1 - _FIRST_PORT - count
    for step in itertools.count(0, count):
        port = _FIRST_PORT + (first + step) % span
        if all(_is_free(host, each, kind) for each in range(port, port + count)):
            yield port


def _is_free(host: str, port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return _is_claimed(port)


def _is_claimed(port: int) -> bool:
    """Take it for this process until it ends; tests run in several at once."""
    try:
        fcntl.lockf(_claims(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError:
        return False
    return True


@functools.cache
def _claims() -> int:
    """One file for all test processes: whoever has locked byte N of it has port N."""
    path = Path(tempfile.gettempdir()) / f"supportdesk-lab-ports-{os.getuid()}"
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def greeting(port: int, host: str = LOOPBACK) -> str:
    """Return the first line a server says on a new connection; empty when it says nothing."""
    try:
        with socket.create_connection((host, port), timeout=5) as link, link.makefile("rb") as text:
            return text.readline().decode("ascii", "replace")
    except OSError:
        return ""
