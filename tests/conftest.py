"""Rules for every test: no unexpected warning in the log, and in CI no skip.

`expect_log` announces a log record at WARNING or above that the test wants to see.
`dovecot_lab`, `asterisk_lab` and `desktop_lab` hand out the labs of tests/lab.
"""

import gc
import logging
import os
import re
from collections.abc import Callable, Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtWidgets import QApplication

from tests.lab.chromium import why_no_chromium
from tests.lab.courier import CourierLab, why_no_courier
from tests.lab.cyrus import CyrusLab, why_no_cyrus
from tests.lab.desktop import DesktopLab, why_no_desktop
from tests.lab.linphone import LinphoneLab, why_no_linphone
from tests.lab.mail import DovecotLab, why_no_dovecot
from tests.lab.mutt import why_no_mutt
from tests.lab.phone import AsteriskLab, why_no_asterisk
from tests.patient_bot import PatientBot

# Without this a machine with no display cannot even make a QApplication.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# How long an example takes says more about the machine, and what else it does, than about us.
# In CI the same examples each time: what random ones find is found by whoever works on it.
settings.register_profile(
    "any machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    derandomize="CI" in os.environ,
)
settings.load_profile("any machine")

ExpectLog = Callable[[str], None]

_WHY_NOT: dict[str, Callable[[], str | None]] = {
    "dovecot": why_no_dovecot,
    "mutt": why_no_mutt,
    "cyrus": why_no_cyrus,
    "courier": why_no_courier,
    "asterisk": why_no_asterisk,
    "linphone": why_no_linphone,
    "desktop": why_no_desktop,
    "chromium": why_no_chromium,
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark, why_not in _WHY_NOT.items():
        if item.get_closest_marker(mark) is not None:
            reason = why_not()
            if reason is not None:
                pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        _refuse_skip(report)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """In CI every test runs: a skip would hide that a lab is missing."""
    if os.environ.get("CI", "").lower() in ("", "0", "false"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid} may not be skipped in CI. {reason}"


class _WarningCollector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def expect_log() -> Iterator[ExpectLog]:
    """Fail the test for a log record at WARNING or above, unless a pattern announced it.

    `expect_log(r"connection lost")` is a regular expression; it must be seen at least once.
    """
    collector = _WarningCollector()
    patterns: list[str] = []
    root = logging.getLogger()
    root.addHandler(collector)
    try:
        yield patterns.append
    finally:
        root.removeHandler(collector)
    unexpected = [text for text in collector.texts if not any(re.search(p, text) for p in patterns)]
    if unexpected:
        pytest.fail("unexpected in the log:\n" + "\n".join(unexpected), pytrace=False)
    unseen = [p for p in patterns if not any(re.search(p, text) for text in collector.texts)]
    if unseen:
        pytest.fail(f"never logged: {unseen}", pytrace=False)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """In the place of pytest-qt's own."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def qt_garbage_stays_on_its_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect cycles that hold Qt objects here, on the thread that made them, and nowhere else.

    A caught exception keeps the frame of a test, and with it its Qt objects, in a cycle. Python
    collects cycles on whichever thread allocates next (importing a module is enough); Qt objects
    destroyed on another thread than their own crash the process. The app sees to it itself, but
    most tests have windows and threads without the app.
    """
    if "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    # What the test before was still held by goes first. What is then left is not looked through
    # again: modules and a few thousand tests are a million objects, a fifth of a second each time.
    gc.collect()
    gc.freeze()
    mark: list[object] = []
    yield
    if not any(one is mark for one in gc.get_objects()):
        # The program spared what was there, and with it what this test made.
        gc.unfreeze()
    gc.collect()
    gc.enable()


@pytest.fixture(scope="session")
def dovecot_lab() -> Iterator[DovecotLab]:
    """One Dovecot for the whole run; take a mailbox of your own with `new_address()`."""
    reason = why_no_dovecot()
    if reason is not None:
        pytest.skip(reason)
    with DovecotLab() as lab:
        yield lab


@pytest.fixture(scope="session")
def cyrus_lab() -> Iterator[CyrusLab]:
    """One Cyrus for the whole run; take a mailbox of your own with `new_address()`."""
    reason = why_no_cyrus()
    if reason is not None:
        pytest.skip(reason)
    with CyrusLab() as lab:
        yield lab


@pytest.fixture(scope="session")
def courier_lab() -> Iterator[CourierLab]:
    """One Courier for the whole run; take a mailbox of your own with `new_address()`."""
    reason = why_no_courier()
    if reason is not None:
        pytest.skip(reason)
    with CourierLab() as lab:
        yield lab


@pytest.fixture
def asterisk_lab() -> Iterator[AsteriskLab]:
    """A PBX of its own for each test: it boots in half a second, and calls leave traces."""
    reason = why_no_asterisk()
    if reason is not None:
        pytest.skip(reason)
    with AsteriskLab() as lab:
        yield lab


@pytest.fixture
def linphone_lab() -> Iterator[LinphoneLab]:
    """A Linphone of its own for each test, and a customer's phone that can call it."""
    reason = why_no_linphone()
    if reason is not None:
        pytest.skip(reason)
    with LinphoneLab() as lab:
        yield lab


@pytest.fixture
def desktop_lab() -> Iterator[DesktopLab]:
    """A desktop of its own for each test; `DesktopLab(DesktopSettings(...))` makes other kinds."""
    reason = why_no_desktop()
    if reason is not None:
        pytest.skip(reason)
    with DesktopLab() as lab:
        yield lab
