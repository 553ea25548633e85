"""An alert is shown by the first presenter that can, and by the next one when it cannot."""

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.services.ports import AlertPresenter
from tests.adapters.alert_examples import alert
from tests.fakes.presenter import FailingPresenter, RecordingPresenter


def test_the_first_available_one_shows() -> None:
    first = RecordingPresenter("rich", is_available=False)
    second, last = RecordingPresenter("plain"), RecordingPresenter("log")
    chain: AlertPresenter = AlertChain([first, second, last])
    assert chain.name == "plain"
    chain.show(alert("a"))
    first.is_available = True
    assert chain.name == "rich"
    chain.show(alert("b"))
    assert list(second.showing) == ["a"]
    assert list(first.showing) == ["b"]
    assert not last.shown


def test_updates_and_withdrawals_go_where_the_alert_is() -> None:
    first, second = RecordingPresenter("rich", is_available=False), RecordingPresenter("plain")
    chain = AlertChain([first, second])
    chain.show(alert("a", title="old"))
    first.is_available = True
    chain.show(alert("a", title="new"))
    assert second.showing["a"].title == "new"
    assert not first.shown
    chain.withdraw("a")
    chain.withdraw("a")
    chain.withdraw("unknown")
    assert second.withdrawn == ["a"]


def test_an_update_moves_on_when_its_presenter_went_away() -> None:
    first, second = RecordingPresenter("rich"), RecordingPresenter("plain")
    chain = AlertChain([first, second])
    chain.show(alert("a", title="old"))
    first.is_available = False
    chain.show(alert("a", title="new"))
    assert first.withdrawn == ["a"]
    assert second.showing["a"].title == "new"


def test_a_failed_alert_is_shown_by_the_next_one() -> None:
    first, second = FailingPresenter("rich"), FailingPresenter("plain", fails_at_once=True)
    away, last = RecordingPresenter("away", is_available=False), RecordingPresenter("log")
    chain = AlertChain([first, second, away, last])
    chain.show(alert("a"))
    chain.show(alert("b"))
    first.fail("a")
    assert list(last.showing) == ["a"]
    assert list(first.showing) == ["b"]
    chain.withdraw("a")
    assert last.withdrawn == ["a"]


def test_a_late_failure_of_what_is_shown_elsewhere_changes_nothing() -> None:
    first, last = FailingPresenter("rich"), RecordingPresenter("log")
    chain = AlertChain([first, last])
    chain.show(alert("a"))
    chain.withdraw("a")
    first.showing["a"] = alert("a")
    first.fail("a")
    assert not last.shown


def test_when_all_fail_nothing_is_claimed_to_be_shown() -> None:
    only = FailingPresenter("only", fails_at_once=True)
    chain = AlertChain([only])
    chain.show(alert("a"))
    chain.withdraw("a")
    assert only.withdrawn == []
    only.is_available = False
    assert not chain.is_available
    assert chain.name == "only"


def test_closing_closes_all() -> None:
    presenters = [RecordingPresenter(), RecordingPresenter()]
    chain = AlertChain(presenters)
    assert chain.is_available
    chain.close()
    assert all(presenter.is_closed for presenter in presenters)
