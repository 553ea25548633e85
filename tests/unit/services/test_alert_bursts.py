from supportdesk.services.alert_bursts import AlertBurst
from tests.fakes.happenings import after


def test_the_first_is_due_at_once_and_what_is_close_behind_it_a_moment_later() -> None:
    burst = AlertBurst()
    assert (burst.is_due(after(0)), burst.next_due()) == (True, None)
    burst.came(["a"], after(0))
    assert burst.is_due(after(0))
    burst.told()
    burst.came(["b"], after(1))
    burst.came(["b", "c"], after(2))
    assert burst.next_due() == after(2.5)
    assert [burst.is_due(after(at)) for at in (2, 2.4, 2.5)] == [False, False, True]
    burst.told()
    burst.came(["d"], after(6))
    assert burst.is_due(after(6))
    assert burst.keys == ["a", "b", "c", "d"]


def test_what_has_come_before_changes_nothing() -> None:
    burst = AlertBurst()
    burst.came(["a"], after(0))
    burst.told()
    burst.came(["a"], after(1))
    burst.came([], after(1))
    assert burst.next_due() is None


def test_twenty_seconds_without_more_end_a_run() -> None:
    burst = AlertBurst()
    burst.came(["a"], after(0))
    burst.begins("one", after(0))
    burst.came(["b"], after(19.9))
    assert (burst.keys, burst.alert_key) == (["a", "b"], "one")
    burst.came(["c"], after(39.9))
    assert (burst.keys, burst.alert_key) == (["c"], "")
    assert burst.is_news(after(40))


def test_growing_is_news_every_ten_minutes() -> None:
    burst = AlertBurst()
    burst.begins("one", after(0))
    assert [burst.is_news(after(at)) for at in (599, 600, 601)] == [False, True, False]


def test_a_clock_that_is_set_back_makes_nobody_wait() -> None:
    burst = AlertBurst()
    burst.came(["a"], after(3600))
    burst.told()
    burst.came(["b"], after(3600))
    assert not burst.is_due(after(3601))
    assert burst.is_due(after(0))
