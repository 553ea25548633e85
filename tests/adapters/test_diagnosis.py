"""Is it working? What takes time is asked in a thread, and a report names nobody."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from supportdesk.adapters.desktop.alert_chain import AlertChain
from supportdesk.adapters.places import Places
from supportdesk.adapters.secrets import KeyringSecrets, SecretsDiagnosis
from supportdesk.adapters.storage.copied_open import copied_open_problem
from supportdesk.adapters.storage.desk_store import SqliteDeskStore
from supportdesk.adapters.storage.looking_through import WHOLE_CHECK, checked_whole
from supportdesk.adapters.storage.mail_cache import MailCacheWriter
from supportdesk.core import COPIED_DESK, Core
from supportdesk.diagnosis.board import Diagnosis
from supportdesk.diagnosis.desktop_parts import do_not_disturb_check
from supportdesk.diagnosis.parts import desk_health, log_health, measured_cache
from supportdesk.diagnosis.report import report_text
from supportdesk.diagnosis.trial import TRIAL_ALERT
from supportdesk.domain.alerts import AlertKind, Happened
from supportdesk.domain.events import HealthChanged
from supportdesk.domain.health import (
    CheckState,
    Hearing,
    PartHealth,
    SourceHealth,
    SourceKind,
    SourceName,
    TrialName,
)
from supportdesk.protocols.ami_words import refused
from supportdesk.services.ports import AlertResponse
from tests.adapters.desk_examples import AT, call
from tests.adapters.mail_examples import keep_text, mail, store, text_of
from tests.fakes.presenter import RecordingPresenter

SETTINGS = """
handtyped-for-acme = 1
[[phone]]
name = "Mills office"
kind = "asterisk"
host = "pbx.acme-mills.example"
port = 5039
security = "tls"
user = "anna.novak"
"""
MAILBOX = """
[[mail]]
name = "Support"
address = "support@example.com"
host = "localhost"
user = "support"
"""


class _Secrets(KeyringSecrets):
    def diagnose(self) -> SecretsDiagnosis:
        return SecretsDiagnosis(
            store="GNOME Keyring", is_working=True, words="It answers.", for_now=("mail/Mills",)
        )


@pytest.fixture
def core(tmp_path: Path, qtbot: QtBot) -> Iterator[Core]:
    (tmp_path / "settings.toml").write_text(SETTINGS)
    made = Core(Places.under(tmp_path), secrets=_Secrets())
    yield made
    made.stop()


def test_a_report_names_nobody(core: Core, qtbot: QtBot) -> None:
    problem = refused("pbx.acme-mills.example:5038", "anna.novak", "Authentication failed").problem
    health = SourceHealth(
        source=SourceName("Mills office"),
        kind=SourceKind.PHONE,
        hearing=Hearing.DEAF,
        since=datetime.now(UTC),
        problem=problem,
    )
    core.runner.perform(lambda now: core.desk.restore([], now))
    core.runner.receive(HealthChanged(health=health))
    diagnosis = Diagnosis(core, _Secrets(), AlertChain([RecordingPresenter()]))
    with qtbot.waitSignal(diagnosis.changed, timeout=5000):
        diagnosis.parts()
    report = diagnosis.report()
    assert f"source 1 (phone): not listening ({problem.sort})" in report
    assert problem.sort == "AuthRejected"
    assert "key store: GNOME Keyring" in report
    assert "unknown settings: 1" in report
    assert "desk.db: good" in report
    for private in ("acme", "mills", "anna", "novak", str(core.places.desk_db.parent)):
        assert private.lower() not in report.lower()


def test_the_database_is_looked_through_beside_the_window(
    core: Core, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []

    def check(path: Path) -> str:
        checked.append(threading.current_thread().name)
        return checked_whole(path)

    monkeypatch.setattr("supportdesk.adapters.storage.looking_through.checked_whole", check)
    diagnosis = Diagnosis(core, _Secrets(), None)
    [first] = [part for part in diagnosis.parts() if part.name == "desk.db"]
    assert first.is_good
    assert "looked through" in first.words
    with qtbot.waitSignal(diagnosis.changed, timeout=5000):
        diagnosis.report()
    [second] = [part for part in diagnosis.parts() if part.name == "desk.db"]
    assert (second.is_good, second.words) == (True, "Whole.")
    assert checked == ["diagnosis"], "once, and not on the thread of the window"


def test_the_copy_of_the_mail_is_measured_against_its_limit(core: Core, qtbot: QtBot) -> None:
    writer = MailCacheWriter(core.places.mail_db)
    store(writer, mail(1))
    keep_text(writer, text_of(mail(1), "word " * 100_000))
    writer.close()
    diagnosis = Diagnosis(core, _Secrets(), None)

    def words() -> str:
        [part] = [part for part in diagnosis.parts() if part.name == "Copy of the mail"]
        assert part.is_good
        return part.words

    assert words() == "It is being measured."
    qtbot.waitUntil(lambda: words() != "It is being measured.", timeout=30_000)
    assert "of at most 1,000 MB" in words()
    assert "with 0.5 MB of texts, search 0.0 MB, attachments 0.0 MB." in words()


def test_a_copy_of_the_mail_that_cannot_be_read_is_not_measured(tmp_path: Path) -> None:
    (tmp_path / "mail.db").write_bytes(b"no database" * 1000)
    assert measured_cache(tmp_path / "mail.db") is None


def test_a_damage_is_found_beside_an_open_store(core: Core, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    store = SqliteDeskStore(path)
    store.tell([f"key {number}" for number in range(500)], AT)
    store.close()
    assert checked_whole(path) == "ok"
    content = bytearray(path.read_bytes())
    content[4096:] = bytes(range(256)) * ((len(content) - 4096) // 256)
    path.write_bytes(content)
    found = checked_whole(path)
    assert found not in ("ok", "")
    assert WHOLE_CHECK.startswith("PRAGMA integrity_check")
    assert not desk_health(core, found).is_good


def test_a_desk_that_was_copied_while_open_is_on_the_page(core: Core) -> None:
    problem = copied_open_problem(core.desk_db)
    core.say_problem(COPIED_DESK, problem)
    part = desk_health(core, "ok")
    assert (part.is_good, part.problem) == (False, problem)


def test_rows_of_the_log_that_are_left_out_are_named() -> None:
    assert log_health([]).is_good
    one = log_health(["it says -1.0 s (span a)"])
    assert one.words == "1 row is left out: it says -1.0 s (span a)"
    many = log_health([f"span {number}" for number in range(7)])
    assert many.words.startswith("7 rows are left out: span 0; ")
    assert many.words.endswith("; span 4; and 2 more")


def test_why_there_was_no_nudge_is_said(core: Core) -> None:
    core.runner.perform(lambda now: core.desk.restore([], now))
    [part] = [
        part for part in Diagnosis(core, _Secrets(), None).parts() if part.name[:6] == "Weekly"
    ]
    assert part.is_good
    assert part.words.startswith("At 09:00. ")


def test_a_report_names_who_shows_alerts_and_what_the_test_found(core: Core, qtbot: QtBot) -> None:
    chain = AlertChain([RecordingPresenter("Desktop notifications (dunst)")])
    diagnosis = Diagnosis(core, _Secrets(), chain)
    assert diagnosis.trial_steps() == ()
    assert not diagnosis.heard(AlertResponse(alert_key=TRIAL_ALERT, action="default"))
    diagnosis.begin_trial()
    assert diagnosis.heard(AlertResponse(alert_key=TRIAL_ALERT, action="default"))
    assert not diagnosis.heard(AlertResponse(alert_key="mail/Mills/<1>", action="default"))
    report = diagnosis.report()
    assert "Alerts: good\n  Desktop notifications (dunst): good" in report
    assert "test: A click comes back: good" in report
    diagnosis.begin_trial()
    steps = {step.name: step.state for step in diagnosis.trial_steps()}
    assert steps[TrialName.CLICKED] is CheckState.TRYING, "a second test begins anew"


def test_a_report_tells_of_a_trouble_that_is_over_without_its_words(core: Core) -> None:
    problem = refused("pbx.acme-mills.example:5038", "anna.novak", "Authentication failed").problem
    office = SourceHealth(
        source=SourceName("Mills office"),
        kind=SourceKind.PHONE,
        hearing=Hearing.DEAF,
        since=datetime.now(UTC),
        problem=problem,
    )
    core.runner.perform(lambda now: core.desk.restore([], now))
    core.runner.receive(HealthChanged(health=office))
    healed = replace(office, hearing=Hearing.LISTENING, problem=None)
    core.runner.receive(HealthChanged(health=healed))
    report = Diagnosis(core, _Secrets(), None).report()
    assert "source 1 (phone): listening" in report
    assert "last trouble: AuthRejected, began 0 s ago, over 0 s ago" in report
    assert "acme" not in report


def test_the_report_says_whether_the_desktop_wants_quiet() -> None:
    quiet = tuple(do_not_disturb_check("dunst", is_on=True, breaks_through=False))
    part = PartHealth(name="Alerts", is_good=True, words="", checks=quiet)
    report = report_text((), [part], (), key_store=None, unknown_settings=0, now=AT)
    assert "  Do not disturb: on in dunst: alerts wait" in report


def test_the_last_mail_and_the_last_call_are_known(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "settings.toml").write_text(SETTINGS + MAILBOX)
    core = Core(Places.under(tmp_path), secrets=_Secrets())
    diagnosis = Diagnosis(core, _Secrets(), None)
    core.runner.perform(lambda now: core.desk.restore([mail(1), mail(2)], now))
    newest = max(mail(1).arrived_at, mail(2).arrived_at)
    assert diagnosis.last_events() == {mail(1).account: newest}
    earlier = Diagnosis(core, _Secrets(), None)
    core.store.save_call(call("1", at=AT - timedelta(hours=1)))
    core.store.save_call(call("2", at=AT - timedelta(hours=2)))
    assert earlier.last_events()[call("1").phone] == AT - timedelta(hours=1)
    missed = Happened(
        key="call/1",
        kind=AlertKind.MISSED,
        title="",
        body="",
        source=SourceName("Mills office"),
        at=AT,
    )
    core.runner.tell((missed,))
    assert diagnosis.last_events()[SourceName("Mills office")] == AT
    core.stop()
