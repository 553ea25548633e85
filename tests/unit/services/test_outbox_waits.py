import pytest

from supportdesk.domain.answers import DraftId
from supportdesk.domain.health import SourceName
from supportdesk.services.outbox_waits import CAP_SECONDS, FIRST_SECONDS, JITTER, OutboxWaits

ONE = DraftId("one")
SUPPORT = SourceName("Support")


def test_delays_double_from_half_a_minute_to_half_an_hour() -> None:
    waits = OutboxWaits(lambda: 0.0)
    delays = [waits.delay_seconds(failures) for failures in (0, 1, 2, 3, 7, 400)]
    assert delays == [FIRST_SECONDS, FIRST_SECONDS, 60.0, 120.0, CAP_SECONDS, CAP_SECONDS]


def test_clients_of_one_server_do_not_come_back_in_the_same_instant() -> None:
    assert OutboxWaits(lambda: 1.0).delay_seconds(1) == pytest.approx(FIRST_SECONDS * (1 - JITTER))


def test_a_message_waits_until_its_moment() -> None:
    waits = OutboxWaits(lambda: 0.0)
    assert waits.due_at(ONE) is None
    waits.wait_until(ONE, 7.0)
    assert waits.due_at(ONE) == 7.0
    waits.clear(ONE)
    waits.clear(ONE)
    assert waits.due_at(ONE) is None


def test_an_account_whose_link_fails_is_closed_for_longer_and_longer() -> None:
    waits = OutboxWaits(lambda: 0.0)
    assert waits.opens_at(SUPPORT) < 0
    assert waits.account_failed(SUPPORT, 100.0) == 130.0
    assert waits.account_failed(SUPPORT, 130.0) == 190.0
    assert waits.opens_at(SUPPORT) == 190.0
    waits.hurry()
    assert waits.opens_at(SUPPORT) < 0
    assert waits.account_failed(SUPPORT, 200.0) == 320.0
    waits.account_works(SUPPORT)
    assert waits.opens_at(SUPPORT) < 0
    assert waits.account_failed(SUPPORT, 400.0) == 430.0


def test_an_account_that_waits_for_its_founder_is_opened_by_an_act_alone() -> None:
    waits = OutboxWaits(lambda: 0.0)
    waits.stop_account(SUPPORT)
    waits.account_failed(SUPPORT, 0.0)
    waits.hurry()
    assert waits.is_stopped(SUPPORT)
    waits.open_account(SUPPORT)
    assert not waits.is_stopped(SUPPORT)
    waits.stop_account(SUPPORT)
    waits.account_failed(SUPPORT, 0.0)
    waits.open_all()
    assert not waits.is_stopped(SUPPORT)
    assert waits.opens_at(SUPPORT) < 0
