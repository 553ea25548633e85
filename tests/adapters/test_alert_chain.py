"""An alert is shown by the first presenter that can, and by the next one when it cannot."""

from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.domain.alerts import Alert
from supportdesk.services.ports import AlertPresenter, GoneHow, PresenterState
from tests.adapters.alert_examples import alert
from tests.fakes.presenter import RecordingPresenter, ReportingPresenter


class Chain(AlertChain):
    """One that keeps what it has told."""

    def __init__(self, *presenters: AlertPresenter) -> None:
        super().__init__(presenters)
        self.told_shown: list[str] = []
        self.told_failed: list[Alert] = []
        self.told_gone: list[tuple[str, GoneHow]] = []
        self.changes = 0
        self.shown.connect(self.told_shown.append)
        self.failed.connect(self.told_failed.append)
        self.gone.connect(lambda key, how: self.told_gone.append((key, how)))
        self.available_changed.connect(self._count)

    def _count(self) -> None:
        self.changes += 1


def test_the_first_available_one_shows(qtbot: QtBot) -> None:
    first = RecordingPresenter("rich", is_available=False)
    second, last = RecordingPresenter("plain"), RecordingPresenter("log")
    chain = Chain(first, second, last)
    port: AlertPresenter = chain
    assert port.name == "plain"
    port.show(alert("a"))
    first.is_available = True
    assert port.state() == PresenterState(name="rich", is_available=True)
    port.show(alert("b"))
    assert list(second.showing) == ["a"]
    assert list(first.showing) == ["b"]
    assert not last.shown
    assert [state.name for state in chain.states()] == ["rich", "plain", "log"]
    by = chain.shown_by("a")
    assert by is not None
    assert by.name == "plain"
    assert chain.shown_by("unknown") is None


def test_better_words_go_where_the_alert_is_and_news_to_the_best(qtbot: QtBot) -> None:
    first, second = RecordingPresenter("rich", is_available=False), RecordingPresenter("plain")
    chain = Chain(first, second)
    chain.show(alert("a", title="old"))
    first.is_available = True
    chain.show(alert("a", title="new"), is_news=False)
    assert [one.title for one in second.changed] == ["new"]
    assert not first.shown
    chain.show(alert("a", title="still waits"))
    assert second.withdrawn == ["a"]
    assert first.showing["a"].title == "still waits"
    chain.withdraw("a")
    chain.withdraw("a")
    chain.withdraw("unknown")
    assert first.withdrawn == ["a"]


def test_what_has_left_the_screen_does_not_rise_for_better_words(qtbot: QtBot) -> None:
    only = ReportingPresenter("rich")
    chain = Chain(only)
    chain.show(alert("expired"))
    only.reports.shown("expired")
    chain.show(alert("closed"))
    only.lose("expired")
    only.lose("closed", GoneHow.CLOSED)
    for key in ("expired", "closed", "never there"):
        chain.show(alert(key, title="better words"), is_news=False)
    assert only.showing == {}
    assert only.changed == []
    assert chain.told_gone == [("expired", GoneHow.EXPIRED), ("closed", GoneHow.CLOSED)]
    assert chain.told_shown == ["expired"]
    chain.show(alert("expired", title="still waits"))
    assert only.showing["expired"].title == "still waits"


def test_news_move_on_when_their_presenter_went_away(qtbot: QtBot) -> None:
    first, second = RecordingPresenter("rich"), RecordingPresenter("plain")
    chain = Chain(first, second)
    chain.show(alert("a", title="old"))
    first.is_available = False
    chain.show(alert("a", title="new"))
    assert first.withdrawn == ["a"], "or the hung desktop shows it, once it wakes"
    assert second.showing["a"].title == "new"


def test_a_failed_alert_is_shown_by_the_next_one(qtbot: QtBot) -> None:
    first, second = ReportingPresenter("rich"), ReportingPresenter("plain", fails_at_once=True)
    away, last = RecordingPresenter("away", is_available=False), RecordingPresenter("log")
    chain = Chain(first, second, away, last)
    chain.show(alert("a"))
    chain.show(alert("b"))
    first.fail("a")
    assert list(last.showing) == ["a"]
    assert list(first.showing) == ["b"]
    chain.withdraw("a")
    assert last.withdrawn == ["a"]


def test_all_goes_back_to_the_best_one_once_it_returns(qtbot: QtBot) -> None:
    first, second = ReportingPresenter("rich"), ReportingPresenter("banner")
    last = RecordingPresenter("log")
    chain = Chain(first, second, last)
    chain.show(alert("on the hung desktop"))
    chain.show(alert("on its way"))
    first.is_available = False
    first.fail("on its way")
    first.reports.available_changed()
    chain.show(alert("new"))
    chain.show(alert("gone by then"))
    second.lose("gone by then")
    assert set(second.showing) == {"on its way", "new"}
    first.come()
    assert second.showing == {}
    assert [one.key for one in first.shown] == [
        *("on the hung desktop", "on its way"),
        *("on its way", "new"),
    ]
    assert chain.changes == 2
    first.reports.available_changed()
    assert len(first.shown) == 4, "what it has is not shown a second time"
    assert not last.shown


def test_words_that_changed_while_it_was_away_are_made_good(qtbot: QtBot) -> None:
    first, second = ReportingPresenter("rich"), RecordingPresenter("log")
    chain = Chain(first, second)
    chain.show(alert("a", title="waits"))
    first.go()
    chain.show(alert("a", title="waits 0:40"), is_news=False)
    assert first.changed == []
    assert not second.shown
    first.come()
    assert [one.title for one in first.changed] == ["waits 0:40"]
    first.come()
    assert len(first.changed) == 1


def test_one_that_refuses_an_alert_gets_it_again_only_with_news(qtbot: QtBot) -> None:
    first, second = ReportingPresenter("rich"), ReportingPresenter("plain")
    chain = Chain(first, second)
    chain.show(alert("a"))
    first.fail("a")
    first.reports.available_changed()
    assert list(second.showing) == ["a"]
    chain.show(alert("a"))
    assert list(first.showing) == ["a"]
    assert second.showing == {}


def test_a_presenter_that_fails_whatever_it_is_given_is_not_asked_for_ever(qtbot: QtBot) -> None:
    class Flapping(ReportingPresenter):
        def show(self, alert: Alert, *, is_news: bool = True) -> None:
            super().show(alert, is_news=is_news)
            self.is_available = False
            self.fail(alert.key)
            self.come()

    first, last = Flapping("rich"), RecordingPresenter("log")
    chain = Chain(first, last)
    chain.show(alert("a"))
    chain.show(alert("b"))
    assert len(first.shown) < 10
    assert chain.shown_by("a") is not None


def test_a_late_report_of_what_is_shown_elsewhere_changes_nothing(qtbot: QtBot) -> None:
    first, last = ReportingPresenter("rich"), RecordingPresenter("log")
    chain = Chain(first, last)
    chain.show(alert("a"))
    chain.withdraw("a")
    for late in (alert("a"), alert("b")):
        first.reports.failed(late)
        first.reports.shown(late.key)
        first.reports.gone(late.key, GoneHow.EXPIRED)
    assert not last.shown
    assert (chain.told_shown, chain.told_gone, chain.told_failed) == ([], [], [])


def test_when_all_fail_nothing_is_claimed_to_be_shown(qtbot: QtBot) -> None:
    only = ReportingPresenter("only", fails_at_once=True)
    chain = Chain(only)
    chain.show(alert("a"))
    assert [one.key for one in chain.told_failed] == ["a"]
    chain.withdraw("a")
    assert only.withdrawn == []
    only.is_available = False
    assert not chain.is_available
    assert chain.name == "only"


def test_closing_closes_all_and_shows_no_more(qtbot: QtBot) -> None:
    first, second = ReportingPresenter(), RecordingPresenter()
    chain = Chain(first, second)
    assert chain.is_available
    chain.close()
    assert first.is_closed
    assert second.is_closed
    chain.show(alert("late"))
    first.come()
    assert first.shown == []
