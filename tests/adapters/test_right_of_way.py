"""Work that nobody waits for lets a list that is being scrolled go first."""

from supportdesk.adapters.right_of_way import RightOfWay
from tests.fakes.hand_clock import HandClock


def test_it_lasts_for_a_second_after_the_last_move() -> None:
    clock = HandClock()
    way = RightOfWay(clock)
    assert way.seconds_left == 0.0
    clock.seconds = 100.0
    way.take()
    assert way.seconds_left == 1.0
    clock.seconds = 100.7
    way.take()
    clock.seconds = 101.5
    assert 0.0 < way.seconds_left < 0.3
    clock.seconds = 101.8
    assert way.seconds_left == 0.0
