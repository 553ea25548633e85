"""The log is the presenter that always works."""

import logging

import pytest

from supportdesk.adapters.desktop.log_alerts import LogAlerts
from supportdesk.services.ports import AlertPresenter
from tests.adapters.alert_examples import alert


def test_alerts_and_withdrawals_are_written(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    presenter: AlertPresenter = LogAlerts()
    assert presenter.is_available
    assert presenter.name == "The log only"
    presenter.show(alert("a", title="Anna\n2026 ERROR forged line", body="Where is\x1b[31m it?"))
    presenter.withdraw("a")
    presenter.withdraw("a")
    presenter.show(alert("b"))
    presenter.close()
    presenter.withdraw("b")
    assert caplog.messages == [
        "alert: Anna 2026 ERROR forged line: Where is[31m it?",
        "no longer: Anna 2026 ERROR forged line",
        "alert: Anna Nováková: Where is my order?",
    ]
