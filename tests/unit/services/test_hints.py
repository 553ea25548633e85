"""What the app says of itself keeps to the size that every desktop shows."""

from supportdesk.domain.alerts import Action, AlertPage, AlertRaised
from supportdesk.services.hints import customers_are_quiet, goes_on_in_tray
from tests.fakes.happenings import T0


def test_the_hint_says_where_it_is_and_how_to_end_it() -> None:
    hint = goes_on_in_tray(T0)
    assert "tray" in hint.body
    assert "Quit" in hint.body
    assert len(hint.title) <= 60
    assert len(hint.body) <= 160
    assert (hint.actions, hint.at) == ((Action.SHOW,), T0)


def test_a_test_mail_that_came_back_is_told_once() -> None:
    (notice,) = customers_are_quiet("A test mail came back: customers are quiet.", T0)
    assert isinstance(notice, AlertRaised)
    assert notice.alert.page is AlertPage.HEALTH
    assert notice.alert.title == "Customers are quiet"
