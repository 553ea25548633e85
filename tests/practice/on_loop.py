"""Runs a practice server on a loop in a thread, so that blocking clients can talk to it."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
DEADLINE_SECONDS = 60.0


class LoopThread:
    """An asyncio loop to which a test hands coroutines."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="practice-test")
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(DEADLINE_SECONDS)

    def close(self) -> None:
        self.run(_end_all_tasks())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(DEADLINE_SECONDS)
        self.loop.close()


async def _end_all_tasks() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


@contextmanager
def loop_thread() -> Iterator[LoopThread]:
    loop = LoopThread()
    try:
        yield loop
    finally:
        loop.close()


def wait_until(is_true: Callable[[], bool], what: str) -> None:
    """Waits for something that another thread brings about."""
    turn = threading.Event()
    for _ in range(int(DEADLINE_SECONDS / 0.01)):
        if is_true():
            return
        turn.wait(0.01)
    raise AssertionError(f"not within {DEADLINE_SECONDS:.0f} s: {what}")
