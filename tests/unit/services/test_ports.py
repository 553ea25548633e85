from supportdesk.services.ports import AlertPresenter, AlertResponse, DeskStore, PresenterState
from tests.fakes.presenter import RecordingPresenter
from tests.fakes.stores import MemoryDeskStore


def test_the_store_of_these_tests_is_a_desk_store() -> None:
    """Checked by mypy too: a fake that lacks a method of the port would prove nothing."""
    store: DeskStore = MemoryDeskStore()
    assert store.open_alerts() == []


def test_most_desktops_give_no_token() -> None:
    assert AlertResponse(alert_key="mail/1", action="default").token == ""


def test_a_presenter_says_what_it_is() -> None:
    presenter: AlertPresenter = RecordingPresenter("plain")
    assert presenter.state() == PresenterState(name="plain", is_available=True)
