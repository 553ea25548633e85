"""Rules for the tests of adapters."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def qt_garbage_stays_on_its_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect cycles that hold Qt objects here, on the thread that made them.

    A caught exception keeps the frame of a test, and with it its Qt objects, in a cycle. Python
    collects cycles on whichever thread allocates next; Qt objects destroyed on another thread
    than their own crash the process.
    """
    yield
    if "qapp" in request.fixturenames:
        gc.collect()
