"""Python's cyclic garbage, collected on the GUI thread alone.

Python collects cycles on whichever thread allocates next. A Qt object in such a cycle would then be
destroyed on a thread that is not its own, which can crash the process. So automatic collection is
off, and the GUI thread collects by the same thresholds whenever it has handled an event.
"""

import gc


class GuiThreadGarbage:
    """While it lives, nothing is collected but by `tend`. Make it and call it on the GUI thread."""

    def __init__(self) -> None:
        self._was_automatic = gc.isenabled()
        self._thresholds = gc.get_threshold()
        self._young_runs = 0
        self._middle_runs = 0
        gc.disable()

    def tend(self, *_: object) -> None:
        """Collect what is due: the youngest generation often, the oldest seldom."""
        if gc.get_count()[0] < self._thresholds[0]:
            return
        generation = self._due_generation()
        gc.collect(generation)

    def spare_what_is_there(self) -> None:
        """What lives now stays to the end: to look through it each time would hold the window.

        Modules and a built window are 150,000 objects, 20 ms each time. They are still freed when
        nothing refers to them; only cycles among them are not looked for any more.
        """
        gc.freeze()

    def close(self) -> None:
        """Give collection back to Python, as far as Python had it."""
        gc.unfreeze()
        if self._was_automatic:
            gc.enable()

    def _due_generation(self) -> int:
        self._young_runs += 1
        if self._young_runs <= self._thresholds[1]:
            return 0
        self._young_runs = 0
        self._middle_runs += 1
        if self._middle_runs <= self._thresholds[2]:
            return 1
        self._middle_runs = 0
        return 2
