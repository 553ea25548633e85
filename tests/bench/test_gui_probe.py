"""The probe sees what holds the loop, and for how long."""

import time

from pytestqt.qtbot import QtBot

from tests.bench.gui_probe import HoldProbe, Holds


def test_a_hold_is_seen_as_long_as_it_is(qtbot: QtBot) -> None:
    probe = HoldProbe()
    probe.start()
    qtbot.wait(20)
    start = time.perf_counter()
    while time.perf_counter() - start < 0.1:
        continue
    qtbot.wait(20)
    assert probe.stop().raw_longest >= 95


def test_a_long_hold_counts_for_every_input_that_it_delays() -> None:
    holds = Holds([0.0] * 900 + [0.1], [0.0] * 900 + [0.1])
    assert holds.longest == 100
    assert 75 < holds.p99 < 100
    assert Holds([], []).longest == 0.0
