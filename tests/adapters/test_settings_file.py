"""settings.toml on disk: changed with its comments, never overwritten while broken."""

import os
import stat
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from supportdesk.adapters.opening_hours import parse_hours
from supportdesk.adapters.settings_file import SettingsFile
from supportdesk.domain.alerts import AlertKind, Sound
from supportdesk.domain.errors import SettingsError
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import (
    AlertRule,
    AlertSettings,
    AnsweringSettings,
    KeepsSent,
    LiftSettings,
    Look,
    LookSettings,
    MailAlerts,
    MailAuth,
    MailSettings,
    PhoneKind,
    PhoneSettings,
    Privacy,
    ReadingSettings,
    RitualSettings,
    RuleLevel,
    Security,
    Settings,
    SilenceCheck,
    SmtpSettings,
    WeekPeriod,
    WeekStart,
)

SUPPORT = MailSettings(
    name=SourceName("Support"),
    address="support@example.com",
    host="imap.example.com",
    user="support@example.com",
    smtp=SmtpSettings(host="smtp.example.com"),
)
OFFICE = PhoneSettings(
    name=SourceName("Office"),
    kind=PhoneKind.ASTERISK,
    host="pbx.example.com",
    port=5039,
    security=Security.TLS,
    user="supportdesk",
    queues=("support",),
)
WRITTEN_BY_HAND = """# Our desk.
country_note = "kept though unknown"

[[mail]]  # the team's
name = "Support"            # shown in the window
address = "support@example.com"
host = "imap.example.com"   # the old server
aliases = [
  "help@example.com",  # since 2019
]

  [mail.smtp]
  host = "smtp.example.com"

[alerts]
opening_hours = "mo-fr 9:00-17:00"  # summer
ring_seconds = 6.0
"""


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "settings.toml")


def test_no_file_means_defaults(file: SettingsFile) -> None:
    assert file.load().settings == Settings()
    assert not file.path.exists()


def test_accounts_and_phones_come_and_go(file: SettingsFile) -> None:
    sales = replace(
        SUPPORT, name=SourceName("Sales"), smtp=None, auth=MailAuth.XOAUTH2, aliases=("a@b.c",)
    )
    cellar = PhoneSettings(name=SourceName("Cellar"), kind=PhoneKind.BARESIP, port=4444)
    file.add_mail(SUPPORT)
    file.add_phone(OFFICE)
    file.add_mail(sales)
    file.add_phone(cellar)
    assert file.load().settings == Settings(mail=(SUPPORT, sales), phone=(OFFICE, cellar))
    assert file.load().warnings == ()

    moved = replace(
        sales, name=SourceName("Orders"), host="mail.example.org", security=Security.STARTTLS
    )
    file.update_mail(sales.name, moved)
    file.update_phone(OFFICE.name, replace(OFFICE, queues=(), founder="PJSIP/100"))
    loaded = file.load().settings
    assert loaded.mail == (SUPPORT, moved)
    assert loaded.phone[0].founder == "PJSIP/100"
    assert loaded.phone[0].queues == ()

    file.remove_mail(SUPPORT.name)
    file.remove_phone(cellar.name)
    assert [mail.name for mail in file.load().settings.mail] == ["Orders"]
    file.remove_mail(moved.name)
    file.remove_phone(OFFICE.name)
    assert file.load().settings == Settings()


def test_a_new_file_reads_as_a_person_would_write_it(file: SettingsFile) -> None:
    file.add_mail(SUPPORT)
    file.add_phone(OFFICE)
    file.set_reading(ReadingSettings(goal_minutes=45))
    assert (
        file.path.read_text()
        == """[[mail]]
name = "Support"
address = "support@example.com"
host = "imap.example.com"
user = "support@example.com"

[mail.smtp]
host = "smtp.example.com"

[[phone]]
name = "Office"
kind = "asterisk"
host = "pbx.example.com"
security = "tls"
user = "supportdesk"
queues = ["support"]

[reading]
goal_minutes = 45
"""
    )


def test_the_tables_that_are_there_once(file: SettingsFile) -> None:
    alerts = AlertSettings(
        ring_seconds=4.5,
        mail=MailAlerts.UNANSWERED,
        opening_hours=parse_hours("Mo-Fr 09:00-17:00; Sa 10:00-12:00"),
        quiet_hours=(time(19), time(7, 30)),
        breakthrough=False,
    )
    reading = ReadingSettings(
        week_starts=WeekStart.MONDAY,
        period=WeekPeriod.LAST_7_DAYS,
        holidays=(date(2026, 12, 21),),
        is_nudge_wanted=False,
        nudge_at=time(9),
    )
    look = LookSettings(theme=Look.DARK, text_scale=1.5)
    file.set_alerts(alerts)
    file.set_reading(reading)
    file.set_look(look)
    file.set_country("CZ")
    wanted = Settings(alerts=alerts, reading=reading, look=look, country="CZ")
    assert file.load().settings == wanted
    file.set_alerts(AlertSettings())
    file.set_country("")
    assert file.load().settings == replace(wanted, alerts=AlertSettings(), country="")


def test_a_signature_of_several_lines_stands_on_several_lines(file: SettingsFile) -> None:
    signature = 'Anna "A." Nováková\nC:\\acme\n"""'
    file.add_mail(replace(SUPPORT, signature=signature, name_in_from="Acme"))
    text = file.path.read_text()
    assert 'name_in_from = "Acme"\n' in text
    assert 'signature = """Anna "A." Nováková\n' in text
    assert file.load().settings.mail[0].signature == signature
    file.update_mail(SUPPORT.name, replace(SUPPORT, signature="Anna"))
    assert 'signature = "Anna"\n' in file.path.read_text()
    file.update_mail(SUPPORT.name, SUPPORT)
    assert "signature" not in file.path.read_text()


def test_what_is_said_of_answering(file: SettingsFile) -> None:
    smtp = SmtpSettings(host="smtp", auth=MailAuth.XOAUTH2, keeps_sent=KeepsSent.NO)
    file.add_mail(replace(SUPPORT, smtp=smtp))
    answering = AnsweringSettings(undo_seconds=20, claim_as="anna", copy_drafts=True)
    file.set_answering(answering)
    assert file.load().settings == Settings(
        mail=(replace(SUPPORT, smtp=smtp),), answering=answering
    )
    assert file.path.read_text().endswith(
        '[answering]\nundo_seconds = 20\nclaim_as = "anna"\ncopy_drafts = true\n'
    )
    file.set_answering(AnsweringSettings())
    file.update_mail(SUPPORT.name, SUPPORT)
    assert file.load().settings == Settings(mail=(SUPPORT,))


def test_what_is_said_of_the_ritual(file: SettingsFile) -> None:
    ritual = RitualSettings(coffee_scroll=True, silence=SilenceCheck.MAIL, starter=False)
    file.set_ritual(ritual)
    assert file.load().settings == Settings(ritual=ritual)
    assert file.path.read_text() == (
        '[ritual]\ncoffee_scroll = true\nsilence = "mail"\nstarter = false\n'
    )
    file.set_ritual(RitualSettings())
    assert file.load().settings == Settings()


def test_what_is_said_of_the_lift_is_in_no_account(file: SettingsFile) -> None:
    file.add_mail(SUPPORT)
    lift = LiftSettings(operators=("Anna <anna@team.example>",), authserv_id="mx", queue="founder")
    file.set_lift(lift)
    loaded = file.load().settings
    assert (loaded.lift, loaded.mail) == (lift, (replace(SUPPORT, lift=lift),))
    assert file.path.read_text().endswith(
        '[lift]\noperators = ["Anna <anna@team.example>"]\nauthserv_id = "mx"\nqueue = "founder"\n'
    )
    file.update_mail(SUPPORT.name, replace(SUPPORT, mailbox="Questions"))
    changed = file.load().settings
    assert changed.mail == (replace(SUPPORT, mailbox="Questions", lift=lift),)
    assert file.path.read_text().count("lift") == 1
    file.set_lift(LiftSettings())
    assert file.load().settings.lift == LiftSettings()


def test_the_reading_table_as_a_person_would_write_it(file: SettingsFile) -> None:
    file.path.write_text('[reading]\nholidays = ["2026-12-21"] # Christmas\n')
    reading = file.load().settings.reading
    file.set_reading(
        replace(
            reading,
            period=WeekPeriod.LAST_7_DAYS,
            is_nudge_wanted=False,
            nudge_at=time(8, 30),
        )
    )
    assert file.path.read_text() == (
        '[reading]\nholidays = ["2026-12-21"] # Christmas\n'
        'period = "last_7_days"\nnudge = false\nnudge_at = "08:30"\n'
    )
    file.set_reading(reading)
    assert file.path.read_text() == '[reading]\nholidays = ["2026-12-21"] # Christmas\n'


def test_days_off_keep_what_was_written_beside_them(file: SettingsFile) -> None:
    file.path.write_text(
        "[reading]\nholidays = [\n"
        '  "2026-12-24", # Christmas\n'
        "  2026-12-28,\n"
        "  # spring\n"
        '  "2027-03-01", # Anna is away\n'
        "]\n"
    )
    reading = file.load().settings.reading
    added = {date(2026, 12, day) for day in (25, 26, 27)} | {date(2027, 4, 1)}
    days = {*reading.holidays, *added} - {date(2026, 12, 28)}
    file.set_reading(replace(reading, holidays=tuple(sorted(days))))
    assert file.path.read_text() == (
        "[reading]\nholidays = [\n"
        '  "2026-12-24", # Christmas\n'
        '  "2026-12-25",\n'
        '  "2026-12-26",\n'
        '  "2026-12-27",\n'
        "  # spring\n"
        '  "2027-03-01", # Anna is away\n'
        '  "2027-04-01",\n'
        "]\n"
    )
    file.set_reading(replace(reading, holidays=()))
    assert file.load().settings.reading.holidays == ()


def test_days_off_in_an_odd_layout_are_written_anew(file: SettingsFile) -> None:
    """What tomlkit makes of a last comma that is missing before a comment could not be read."""
    file.path.write_text('[reading]\nholidays = [\n  "2026-12-24" # Christmas\n]\n')
    reading = file.load().settings.reading
    days = (*reading.holidays, date(2026, 12, 25), date(2026, 12, 26))
    file.set_reading(replace(reading, holidays=days))
    assert file.load().settings.reading.holidays == days


@pytest.mark.parametrize("written", ["", "[reading]\ngoal_minutes = 40 # enough\n"])
def test_many_days_off_are_a_line_each(file: SettingsFile, written: str) -> None:
    file.path.write_text(written)
    days = tuple(date(2026, 12, day) for day in range(24, 32))
    reading = file.load().settings.reading
    file.set_reading(replace(reading, holidays=days[:2]))
    assert 'holidays = ["2026-12-24", "2026-12-25"]' in file.path.read_text()
    file.set_reading(replace(reading, holidays=days))
    assert file.load().settings.reading.holidays == days
    lines = file.path.read_text().splitlines()
    assert lines.count('    "2026-12-31",') == 1
    assert max(len(line) for line in lines) < 40


def test_days_off_in_any_order_and_form_can_be_changed(file: SettingsFile) -> None:
    file.path.write_text('[reading]\nholidays = [2026-12-31, "20261224", "2026-12-31"]\n')
    reading = file.load().settings.reading
    assert reading.holidays == (date(2026, 12, 24), date(2026, 12, 31))
    file.set_reading(replace(reading, holidays=(*reading.holidays, date(2027, 1, 1))))
    assert file.load().settings.reading.holidays[-1] == date(2027, 1, 1)
    file.set_reading(replace(reading, holidays=reading.holidays[:1]))
    assert file.path.read_text() == '[reading]\nholidays = ["20261224"]\n'


def test_comments_order_and_layout_survive(file: SettingsFile) -> None:
    file.path.write_text(WRITTEN_BY_HAND)
    mail = file.load().settings.mail[0]
    smtp = SmtpSettings(host="smtp.example.com", port=1465)
    file.update_mail(mail.name, replace(mail, host="imap.example.org", smtp=smtp))
    file.set_alerts(replace(file.load().settings.alerts, ring_seconds=5, presenting=True))
    expected = (
        WRITTEN_BY_HAND.replace('"imap.example.com"   # the old', '"imap.example.org"   # the old')
        .replace('  host = "smtp.example.com"\n', '  host = "smtp.example.com"\n  port = 1465\n')
        .replace("ring_seconds = 6.0", "ring_seconds = 5\npresenting = true")
    )
    got = file.path.read_text()
    assert got.split() == expected.split()
    assert got.replace("\nport = 1465", "\n  port = 1465") == expected


RULES = (
    AlertRule(source=SourceName("Support"), kind=AlertKind.MAIL, level=RuleLevel.DIGEST),
    AlertRule(source=SourceName("Office"), sound=False),
    AlertRule(source=SourceName("Office"), kind=AlertKind.MISSED, level=RuleLevel.NEVER),
)


@pytest.mark.parametrize("before", [RULES, RULES[:1], ()])
@pytest.mark.parametrize("after", [RULES, RULES[1:], RULES[2:1:-1], ()])
def test_rules_come_and_go(
    file: SettingsFile, before: tuple[AlertRule, ...], after: tuple[AlertRule, ...]
) -> None:
    file.add_mail(SUPPORT)
    file.add_phone(OFFICE)
    file.set_alerts(AlertSettings(rules=before))
    file.set_alerts(AlertSettings(rules=after, ring_seconds=5))
    loaded = file.load()
    assert (loaded.settings.alerts.rules, loaded.warnings) == (after, ())


def test_what_is_written_beside_a_rule_stays(file: SettingsFile) -> None:
    for text in (
        '[[alerts.rule]]\nsource = "Support"  # the team\n[alerts]\nring_seconds = 5\n',
        '[alerts]\nrule = [{source = "Support"}]  # the team\n',
    ):
        file.path.write_text(text)
        alerts = file.load().settings.alerts
        changed = replace(alerts.rules[0], level=RuleLevel.NEVER)
        file.set_alerts(replace(alerts, rules=(changed, *RULES[1:])))
        assert file.load().settings.alerts.rules == (changed, *RULES[1:])
        assert "# the team" in file.path.read_text()


def test_all_that_alerts_can_be_set_to_is_written(file: SettingsFile) -> None:
    alerts = AlertSettings(
        presenting=True,
        presenting_until=datetime(2026, 12, 21, 16, 0, tzinfo=UTC),
        privacy=Privacy.NO_TEXT,
        sounds=(Sound.CALL, Sound.MAIL),
        volume=75,
        sound_device="alsa_output.usb-headset",
    )
    file.set_alerts(alerts)
    assert file.load().settings.alerts == alerts
    file.set_alerts(AlertSettings(sounds=()))
    assert "sounds = []" in file.path.read_text()
    file.set_alerts(AlertSettings())
    assert file.load().settings.alerts == AlertSettings()


def test_saving_what_is_there_already_does_not_touch_the_file(file: SettingsFile) -> None:
    file.path.write_text(WRITTEN_BY_HAND)
    before = file.path.stat().st_mtime_ns
    file.set_alerts(file.load().settings.alerts)
    file.update_mail(SUPPORT.name, file.load().settings.mail[0])
    assert file.path.stat().st_mtime_ns == before


def test_a_broken_file_is_never_overwritten(file: SettingsFile) -> None:
    for broken in ("[[mail]\n", "[[mail]]\nname = 5\n"):
        file.path.write_text(broken)
        with pytest.raises(SettingsError):
            file.add_mail(SUPPORT)
        with pytest.raises(SettingsError):
            file.set_look(LookSettings(theme=Look.DARK))
        assert file.path.read_text() == broken


def test_a_wrong_change_is_refused_and_not_written(file: SettingsFile) -> None:
    file.add_mail(SUPPORT)
    before = file.path.read_bytes()
    with pytest.raises(SettingsError, match="twice"):
        file.add_phone(replace(OFFICE, name=SourceName("Support")))
    with pytest.raises(SettingsError, match="readable form"):
        file.update_mail(SUPPORT.name, replace(SUPPORT, security=Security.NONE))
    with pytest.raises(SettingsError, match="no longer"):
        file.remove_mail(OFFICE.name)
    assert file.path.read_bytes() == before


def test_accounts_in_an_inline_list(file: SettingsFile) -> None:
    file.path.write_text(
        'mail = [{name = "A", address = "a@example.com", host = "imap.example.com"}]\n'
    )
    file.add_mail(SUPPORT)
    file.update_mail(file.load().settings.mail[0].name, replace(SUPPORT, name=SourceName("B")))
    assert [mail.name for mail in file.load().settings.mail] == ["B", "Support"]


def test_accounts_and_phones_in_any_order(file: SettingsFile) -> None:
    file.add_mail(SUPPORT)
    text = file.path.read_text()
    file.add_phone(OFFICE)
    file.path.write_text(file.path.read_text() + "\n" + text.replace('"Support"', '"Second"'))
    second = file.load().settings.mail[1]
    file.update_mail(second.name, replace(SUPPORT, name=SourceName("Third")))
    assert [mail.name for mail in file.load().settings.mail] == ["Support", "Third"]
    assert file.load().settings.phone == (OFFICE,)


def test_windows_line_ends_and_a_byte_order_mark(file: SettingsFile) -> None:
    file.path.write_bytes(b'\xef\xbb\xbf# ours\r\n[look]\r\ntheme = "light"\r\n')
    file.set_look(LookSettings(theme=Look.DARK))
    assert file.path.read_bytes() == b'# ours\r\n[look]\r\ntheme = "dark"\r\n'


def test_bytes_that_are_no_text_are_named_with_their_line(file: SettingsFile) -> None:
    file.path.write_bytes(b"[look]\n# caf\xe9\n")
    with pytest.raises(SettingsError) as caught:
        file.load()
    assert caught.value.line == 2
    assert "UTF-8" in caught.value.title


def test_the_file_is_for_this_user_alone_and_nothing_is_left_beside_it(file: SettingsFile) -> None:
    file.add_mail(SUPPORT)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert list(file.path.parent.iterdir()) == [file.path]


def test_a_link_to_the_settings_stays_a_link(file: SettingsFile, tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    real = tmp_path / "dotfiles" / "desk.toml"
    real.write_text("# in a repository\n")
    file.path.symlink_to(real)
    file.add_mail(SUPPORT)
    assert file.path.is_symlink()
    assert "in a repository" in real.read_text()
    assert "imap.example.com" in real.read_text()


def test_a_chosen_ca_file_is_found_from_everywhere(file: SettingsFile, tmp_path: Path) -> None:
    smtp = SmtpSettings(host="smtp.example.com", ca_file="ca.pem")
    file.add_mail(replace(SUPPORT, ca_file="ca.pem", smtp=smtp))
    mail = file.load().settings.mail[0]
    assert mail.ca_file == str(tmp_path / "ca.pem")
    assert mail.smtp is not None
    assert mail.smtp.ca_file == str(tmp_path / "ca.pem")


def test_a_place_that_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        SettingsFile(tmp_path / "settings.toml").load()
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path / "gone" / "settings.toml")
    with pytest.raises(SettingsError, match="cannot be written"):
        SettingsFile(tmp_path / "loop").add_mail(SUPPORT)
    assert not os.path.exists(tmp_path / "gone")  # noqa: PTH110 - a link's target
