"""pytest-qt's `qtbot` with deadlines that hold on a machine with other things to do."""

from collections.abc import Callable

from PySide6.QtCore import SignalInstance
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker

from tests.lab.waiting import patient

CheckParams = Callable[..., bool]


class PatientBot(QtBot):
    """A `timeout` is how long something takes at most on a quiet machine, as for `wait_until`.

    How long nothing may happen (`assertNotEmitted`, `raising=False`) is meant as it is said.
    """

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 5000) -> None:
        super().waitUntil(callback, timeout=_patient(timeout))

    def waitSignal(
        self,
        signal: SignalInstance,
        *,
        timeout: int = 5000,
        raising: bool | None = None,
        check_params_cb: CheckParams | None = None,
    ) -> SignalBlocker:
        return super().waitSignal(
            signal,
            timeout=timeout if raising is False else _patient(timeout),
            raising=raising,
            check_params_cb=check_params_cb,
        )


def _patient(milliseconds: int) -> int:
    return round(patient(milliseconds / 1000) * 1000)
