"""The practice desk may take its time to come and go, on a machine with other things to do."""

import pytest

from supportdesk.practice import desk


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_START_SECONDS", 60.0)
    monkeypatch.setattr(desk, "_STOP_SECONDS", 60.0)
