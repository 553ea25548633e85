import gc
import threading
from collections.abc import Iterator
from weakref import ref

import pytest
from PySide6.QtWidgets import QApplication

from supportdesk.adapters.garbage import GuiThreadGarbage


class Knot:
    """Refers to itself: only the collector can end it, and it tells on which thread."""

    ended_on: list[str] = []  # noqa: RUF012 - all knots tell here

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        Knot.ended_on.append(threading.current_thread().name)


def _allocate(kept: list[list[int]]) -> None:
    """So much that Python, left alone, would collect many times."""
    kept.extend([n] for n in range(50_000))


@pytest.fixture
def garbage() -> Iterator[GuiThreadGarbage]:
    gc.collect()
    Knot.ended_on.clear()
    made = GuiThreadGarbage()
    yield made
    made.close()


def test_a_busy_worker_collects_nothing_and_the_gui_thread_does(garbage: GuiThreadGarbage) -> None:
    watched = ref(Knot())
    kept: list[list[int]] = []
    worker = threading.Thread(target=_allocate, args=(kept,))
    worker.start()
    worker.join()
    assert watched() is not None
    garbage.tend()
    assert watched() is None
    assert Knot.ended_on == [threading.current_thread().name]


def test_little_garbage_waits(garbage: GuiThreadGarbage) -> None:
    gc.collect()
    watched = ref(Knot())
    garbage.tend()
    assert watched() is not None


def test_old_garbage_is_found_in_the_end(garbage: GuiThreadGarbage) -> None:
    knot = Knot()
    watched = ref(knot)
    gc.collect(0)
    gc.collect(1)
    del knot
    first, second, third = gc.get_threshold()
    for _ in range((second + 1) * (third + 1) + 1):
        kept = [[n] for n in range(2 * first)]
        garbage.tend()
        del kept
    assert watched() is None


def test_collection_is_given_back() -> None:
    GuiThreadGarbage().close()
    assert gc.isenabled()


def test_what_was_off_stays_off(garbage: GuiThreadGarbage) -> None:
    GuiThreadGarbage().close()
    assert not gc.isenabled()


def test_no_thread_of_a_qt_test_collects(qapp: QApplication) -> None:
    """A Qt object destroyed on another thread than its own crashes or holds up the run."""
    gc.collect()
    knot = Knot()
    watched = ref(knot)
    del knot
    kept: list[list[int]] = []
    worker = threading.Thread(target=_allocate, args=(kept,))
    worker.start()
    worker.join()
    GuiThreadGarbage().close()
    _allocate(kept)
    assert watched() is not None


_left: list[ref[Knot]] = []


@pytest.mark.parametrize("what", ["nothing", "a part", "everything", "nothing more"])
def test_what_a_qt_test_leaves_is_gone_before_the_next(qapp: QApplication, what: str) -> None:
    """Each leaves knots, tied before or after the program spares what is there."""
    assert all(one() is None for one in _left)
    before = Knot()
    if what == "a part":
        gc.freeze()
    after = Knot()
    if what == "everything":
        gc.freeze()
    _left.extend(ref(one) for one in (before, after))


def test_what_stays_is_not_looked_through_again_but_later_garbage_is(
    garbage: GuiThreadGarbage,
) -> None:
    staying = [[n] for n in range(1_000)]
    garbage.spare_what_is_there()
    assert gc.get_freeze_count() >= len(staying)
    watched = ref(Knot())
    kept = [[n] for n in range(2 * gc.get_threshold()[0])]
    garbage.tend()
    assert watched() is None
    assert len(kept) > len(staying)


def test_collection_of_everything_is_given_back() -> None:
    garbage = GuiThreadGarbage()
    garbage.spare_what_is_there()
    garbage.close()
    assert gc.get_freeze_count() == 0
