"""What may stand in settings.toml, and what is said of what may not."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from supportdesk.adapters.settings_reader import LoadedSettings, is_loopback, read_settings
from supportdesk.domain.alerts import AlertKind, Sound
from supportdesk.domain.errors import SettingsError
from supportdesk.domain.health import SourceName
from supportdesk.domain.settings import (
    AlertRule,
    AlertSettings,
    AnsweringSettings,
    CacheSettings,
    HoursRange,
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

PATH = Path("/home/anna/.config/supportdesk/settings.toml")

MAIL = """[[mail]]
name = "Support"
address = "support@example.com"
host = "imap.example.com"
"""
PHONE = """[[phone]]
name = "Office"
kind = "asterisk"
host = "127.0.0.1"
user = "supportdesk"
"""


def read(text: str) -> LoadedSettings:
    return read_settings(text, PATH)


def test_an_empty_file_means_defaults() -> None:
    assert read("") == LoadedSettings(settings=Settings())


def test_everything_that_the_design_lists() -> None:
    text = """
[[mail]]
name = "Support"
address = "support@example.com"
aliases = ["help@example.com"]
host = "imap.example.com"
port = 1993
security = "starttls"
ca_file = "our-ca.pem"
user = "anna"
auth = "xoauth2"
mailbox = "Shared/INBOX"
also_watch = ["Lifted"]
prefetch_days = 30
sent = "Gesendet"
name_in_from = "Support of Acme"
signature = '''
Anna\t
Acme, Brno

'''
[mail.smtp]
host = "smtp.example.com"
security = "starttls"
user = "anna"
auth = "password"
keeps_sent = "yes"
ca_file = "/etc/ca.pem"
[[phone]]
name = "Office"
kind = "asterisk"
host = "pbx.example.com"
security = "tls"
user = "supportdesk"
queues = ["support"]
founder = "PJSIP/100"
context = "office"
[reading]
goal_minutes = 45
week_starts = "sunday"
period = "last_7_days"
nudge = false
nudge_at = "9:05"
holidays = ["2026-12-21", 2026-12-28]
[alerts]
ring_seconds = 4.5
mail = "unanswered"
unanswered_minutes = 60
opening_hours = "Mo 09:00-17:00"
quiet_hours = "19:00-07:30"
breakthrough = false
presenting = true
presenting_until = 2026-12-21T17:00:00+01:00
privacy = "no_text"
sounds = ["mail", "call"]
[[alerts.rule]]
source = "Support"
kind = "mail"
level = "digest"
sound = false
[[alerts.rule]]
source = "Office"
[look]
theme = "dark"
panel = "light"
text_scale = 1.25
single_keys = false
[cache]
max_megabytes = 250
[answering]
undo_seconds = 0
claim_as = "Anna"
copy_drafts = true
share_notes = true
share_tags = true
spelling = "cs_CZ"
[ritual]
coffee_scroll = true
founder_was_here = true
silence = "mail"
starter = false
[calls]
country = "cz"
"""
    mail = MailSettings(
        name=SourceName("Support"),
        address="support@example.com",
        aliases=("help@example.com",),
        host="imap.example.com",
        port=1993,
        security=Security.STARTTLS,
        ca_file="/home/anna/.config/supportdesk/our-ca.pem",
        user="anna",
        auth=MailAuth.XOAUTH2,
        mailbox="Shared/INBOX",
        also_watch=("Lifted",),
        prefetch_days=30,
        sent="Gesendet",
        name_in_from="Support of Acme",
        signature="Anna\nAcme, Brno",
        smtp=SmtpSettings(
            host="smtp.example.com",
            port=587,
            security=Security.STARTTLS,
            user="anna",
            auth=MailAuth.PASSWORD,
            keeps_sent=KeepsSent.YES,
            ca_file="/etc/ca.pem",
        ),
    )
    phone = PhoneSettings(
        name=SourceName("Office"),
        kind=PhoneKind.ASTERISK,
        host="pbx.example.com",
        port=5039,
        security=Security.TLS,
        user="supportdesk",
        queues=("support",),
        founder="PJSIP/100",
        context="office",
    )
    assert read(text) == LoadedSettings(
        settings=Settings(
            mail=(mail,),
            phone=(phone,),
            reading=ReadingSettings(
                goal_minutes=45,
                week_starts=WeekStart.SUNDAY,
                period=WeekPeriod.LAST_7_DAYS,
                is_nudge_wanted=False,
                nudge_at=time(9, 5),
                holidays=(date(2026, 12, 21), date(2026, 12, 28)),
            ),
            alerts=AlertSettings(
                ring_seconds=4.5,
                mail=MailAlerts.UNANSWERED,
                unanswered_minutes=60,
                opening_hours=(HoursRange(weekdays=(0,), opens=time(9), closes=time(17)),),
                quiet_hours=(time(19), time(7, 30)),
                breakthrough=False,
                presenting=True,
                presenting_until=datetime(2026, 12, 21, 16, 0, tzinfo=UTC),
                privacy=Privacy.NO_TEXT,
                sounds=(Sound.CALL, Sound.MAIL),
                rules=(
                    AlertRule(
                        source=SourceName("Support"),
                        kind=AlertKind.MAIL,
                        level=RuleLevel.DIGEST,
                        sound=False,
                    ),
                    AlertRule(source=SourceName("Office")),
                ),
            ),
            look=LookSettings(
                theme=Look.DARK, panel=Look.LIGHT, text_scale=1.25, single_keys=False
            ),
            cache=CacheSettings(max_megabytes=250),
            answering=AnsweringSettings(
                undo_seconds=0,
                claim_as="anna",
                copy_drafts=True,
                share_notes=True,
                share_tags=True,
                spelling="cs_CZ",
            ),
            ritual=RitualSettings(
                coffee_scroll=True,
                founder_was_here=True,
                silence=SilenceCheck.MAIL,
                starter=False,
            ),
            country="CZ",
        )
    )


@pytest.mark.parametrize(
    ("lines", "port"),
    [("", 993), ('security = "starttls"', 143), ("port = 10993", 10993)],
)
def test_the_port_of_mail_follows_its_security(lines: str, port: int) -> None:
    assert read(MAIL + lines).settings.mail[0].port == port


@pytest.mark.parametrize(
    ("lines", "port"),
    [("", 5038), ('security = "tls"', 5039), ("port = 15038", 15038)],
)
def test_the_port_of_a_phone_follows_its_security(lines: str, port: int) -> None:
    assert read(PHONE + lines).settings.phone[0].port == port


def test_softphones_and_hooks_need_no_server() -> None:
    phones = read("""
[[phone]]
name = "Desk"
kind = "baresip"
[[phone]]
name = "Linphone"
kind = "linphone"
[[phone]]
name = "Relay"
kind = "hook"
""").settings.phone
    assert [phone.host for phone in phones] == ["", "", ""]
    assert phones[0].port == 4444


def test_the_user_is_the_address_where_nothing_else_is_said() -> None:
    assert read(MAIL).settings.mail[0].user == "support@example.com"


def test_unknown_keys_warn_with_their_line_and_a_guess() -> None:
    loaded = read(MAIL + 'securty = "none"\n[colours]\nred = 1\n')
    assert [(each.key, each.line) for each in loaded.warnings] == [
        ("mail[0].securty", 5),
        ("colours", 6),
    ]
    assert loaded.warnings[0].text == (
        'settings.toml, line 5: "securty" is not known and has no effect. Did you mean "security"?'
    )
    assert loaded.settings.mail[0].security is Security.TLS


@pytest.mark.parametrize(
    ("text", "key", "line", "title", "advice"),
    [
        (MAIL + "port = 99999", "mail[0].port", 5, '"port" is 99999', "from 1 to 65535"),
        (MAIL + "port = true", "mail[0].port", 5, '"port" is true', "whole number"),
        (MAIL + 'port = "993"', "mail[0].port", 5, '"port" is "993"', "whole number"),
        (MAIL + 'security = "ssl"', "mail[0].security", 5, '"ssl"', '"tls" or "starttls" or'),
        (MAIL + 'security = "none"', "mail[0].security", 5, "readable form", "tls"),
        (MAIL + '[mail.smtp]\nhost = "x"\nsecurity = "none"', "mail[0].smtp.security", 7, "x", ""),
        (MAIL + 'smtp = "x"', "mail[0].smtp", 5, '"smtp" is "x"', "[smtp]"),
        (MAIL + "aliases = [1]", "mail[0].aliases", 5, "a list", '["one", "two"]'),
        (MAIL + 'aliases = ["me"]', "mail[0].aliases", 5, '"me" is not', "@example.com"),
        (MAIL + 'sent = "a\\nb"', "mail[0].sent", 5, '"a?b"', "on one line"),
        (MAIL + "user = 5", "mail[0].user", 5, "5", "in quotes"),
        (MAIL + "user = {}", "mail[0].user", 5, "a table", "in quotes"),
        (MAIL.replace("imap.", "https://imap."), "mail[0].host", 4, "https", "alone"),
        (MAIL.replace("imap.", "imap. "), "mail[0].host", 4, "imap. ", "alone"),
        (MAIL.replace('"Support"', '"a/b"'), "mail[0].name", 2, "a/b", "slashes"),
        (MAIL.replace('"Support"', '""'), "mail[0].name", 2, "missing", "name = "),
        (MAIL.replace('name = "Support"\n', ""), "mail[0].name", 1, "missing", "name = "),
        (MAIL + PHONE.replace("Office", "Support"), "phone[0].name", 6, "twice", "of its own"),
        (MAIL + MAIL, "mail[1].name", 6, "twice", "of its own"),
        ('mail = "x"', "mail", 1, "not a list of tables", "[[mail]]"),
        ("[mail]\nhost = 1", "mail", 1, "not a list of tables", "[[mail]]"),
        (PHONE.replace("127.0.0.1", "pbx.local"), "phone[0].security", 1, "pbx.local", "trust_"),
        (PHONE + 'security = "starttls"', "phone[0].security", 6, "starttls", "tls"),
        (
            '[[phone]]\nname = "D"\nkind = "baresip"\nhost = "desk.lan"\n',
            "phone[0].host",
            4,
            "no password",
            "127.0.0.1",
        ),
        (PHONE.replace("asterisk", "avaya"), "phone[0].kind", 3, '"avaya"', '"baresip"'),
        (PHONE.replace('kind = "asterisk"', ""), "phone[0].kind", 1, "missing", "kind = "),
        (PHONE + 'trust_network = "yes"', "phone[0].trust_network", 6, "yes", "true or false"),
        (PHONE.replace("user", "users"), "phone[0].user", 1, "missing", "user = "),
        ("[reading]\ngoal_minutes = 0", "reading.goal_minutes", 2, "0", "from 1 to"),
        ("[reading]\ngoal_minutes = nan", "reading.goal_minutes", 2, "nan", "from 1 to"),
        ("[reading]\nholidays = 1", "reading.holidays", 2, "1", "list"),
        ('[reading]\nholidays = ["21.12."]', "reading.holidays", 2, "21.12.", "2026-12-21"),
        ("[reading]\nholidays=[2026-12-21T10:00:00]", "reading.holidays", 2, "2026", "2026-12-21"),
        ('[reading]\nperiod = "month"', "reading.period", 2, '"month"', '"last_7_days"'),
        ('[reading]\nweek_starts = "friday"', "reading.week_starts", 2, '"friday"', '"sunday"'),
        ("[reading]\nnudge = 1", "reading.nudge", 2, "1", "true or false"),
        ('[reading]\nnudge_at = "24:00"', "reading.nudge_at", 2, "24:00", '"09:00"'),
        ('[reading]\nnudge_at = "9 am"', "reading.nudge_at", 2, "9 am", '"09:00"'),
        ("[reading]\nnudge_at = 09:00:00", "reading.nudge_at", 2, "09:00:00", "in quotes"),
        ('[alerts]\nopening_hours = "9-5"', "alerts.opening_hours", 2, "9-5", "Mo-Fr 09:00-17:00"),
        ('[alerts]\nquiet_hours = "19"', "alerts.quiet_hours", 2, "19", "19:00-07:30"),
        ("[alerts]\nring_seconds = 61", "alerts.ring_seconds", 2, "61", "from 1 to 60"),
        ('[look]\ntheme = "' + "x" * 50 + '"', "look.theme", 2, "x" * 40 + "…", '"auto"'),
        ("[cache]\nmax_megabytes = 10", "cache.max_megabytes", 2, "10", "from 50 to"),
        ('[calls]\ncountry = "Czechia"', "calls.country", 2, "CZECHIA", '"CZ"'),
    ],
)
def test_a_wrong_value_is_named_with_its_line(
    text: str, key: str, line: int, title: str, advice: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(text)
    assert (caught.value.key, caught.value.line) == (key, line)
    assert caught.value.title.startswith(f"settings.toml, line {line}: ")
    assert title in caught.value.title
    assert advice in caught.value.advice


@pytest.mark.parametrize(
    ("text", "line"),
    [("[[mail]\n", 1), ("a = 1\nb\n", 2), ('a = "open', 1), ("a = 1\n\na = 2\n", 3)],
)
def test_a_text_that_is_not_toml_is_named_with_its_line(text: str, line: int) -> None:
    with pytest.raises(SettingsError) as caught:
        read(text)
    assert caught.value.line == line
    assert f"settings.toml, line {line}, cannot be read" in caught.value.title


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.1", "::1"])
def test_plain_mail_links_stay_on_this_computer(host: str) -> None:
    text = MAIL.replace("imap.example.com", host) + 'security = "none"'
    assert read(text).settings.mail[0].port == 143
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["localhost.example.com", "10.0.0.1", "::2", "0.0.0.0"])
def test_other_hosts_are_not_this_computer(host: str) -> None:
    assert not is_loopback(host)


def test_a_phone_may_trust_its_network() -> None:
    text = PHONE.replace("127.0.0.1", "10.0.0.5") + "trust_network = true"
    assert read(text).settings.phone[0].trust_network


def test_where_mail_is_opened_can_be_named_or_written_as_an_address() -> None:
    assert read(MAIL).settings.mail[0].open_in == "mail-client"
    assert read(f'{MAIL}\nopen_in = "gmail"').settings.mail[0].open_in == "gmail"
    own = "https://desk.example/find?id={message_id}"
    assert read(f'{MAIL}\nopen_in = "{own}"').settings.mail[0].open_in == own


def test_an_address_that_opens_no_message_says_why_with_its_line() -> None:
    with pytest.raises(SettingsError) as caught:
        read(f'{MAIL}\nopen_in = "https://desk.example/inbox"')
    assert "names no message" in caught.value.title
    assert caught.value.line is not None


def test_silence_is_an_empty_list_of_sounds() -> None:
    assert read("[alerts]\nsounds = []\n").settings.alerts.sounds == ()
    assert read("[alerts]\n").settings.alerts.sounds == (Sound.CALL, Sound.MISSED)


def test_the_end_of_presenting_without_a_zone_is_local_time() -> None:
    until = read("[alerts]\npresenting_until = 2026-12-21T17:00:00\n").settings.alerts
    wanted = datetime(2026, 12, 21, 17, 0).astimezone(UTC)
    assert until.presenting_until == wanted


def test_a_rule_for_a_source_that_is_gone_is_a_warning() -> None:
    loaded = read(MAIL + '[[alerts.rule]]\nsource = "Sales"\n')
    [warning] = loaded.warnings
    assert (warning.key, warning.line) == ("alerts.rule[0].source", 6)
    assert 'there is no "Sales", so this rule has no effect.' in warning.text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('sounds = ["bell"]', '"bell" is not a sound'),
        ('presenting_until = "tomorrow"', '"presenting_until" is "tomorrow"'),
        ("presenting_until = 0001-01-01T00:00:00+14:00", '"presenting_until" is'),
        ('[[alerts.rule]]\nkind = "mail"', '"source" is missing'),
        ('[[alerts.rule]]\nsource = "S"\nkind = "weekly"', '"kind" is "weekly"'),
        ('[[alerts.rule]]\nsource = "S"\nsound = "ding"', '"sound" is "ding"'),
    ],
)
def test_what_is_wrong_with_the_settings_of_alerts_is_said(line: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(f"[alerts]\n{line}\n")
    assert words in caught.value.title


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[answering]\nclaim_as = "anna nova"', '"anna nova" cannot be the name in a claim'),
        ('[answering]\nspelling = "English"', '"English" is not a language'),
        ("[answering]\nundo_seconds = 500", '"undo_seconds" is 500'),
        ('[ritual]\nsilence = "loud"', '"silence" is "loud"'),
        ('[lift]\noperators = ["Anna"]', '"Anna" has no address'),
        ("[lift]\naddress_is_secret = true", "there is no address to be secret"),
        ('[lift]\naddress = "up"', "up"),
        (MAIL + "signature = 3", '"signature" is 3'),
        (MAIL + 'signature = "a\\u0000b"', '"signature" is "a?b"'),
        (MAIL + 'name_in_from = "a\\nb"', '"name_in_from" is "a?b"'),
        (MAIL + '[mail.smtp]\nhost = "smtp"\nkeeps_sent = "maybe"', '"keeps_sent" is "maybe"'),
        (MAIL + '[mail.smtp]\nhost = "smtp"\nauth = "none"', '"auth" is "none"'),
    ],
)
def test_what_is_wrong_with_the_settings_of_answering_ritual_and_lift_is_said(
    text: str, words: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(text)
    assert words in caught.value.title
    assert caught.value.line


def test_every_account_knows_how_the_team_lifts() -> None:
    loaded = read(
        MAIL + '[lift]\noperators = ["Anna <anna@team.example>"]\nauthserv_id = "mx"\n'
        'mailbox = "Lifted"\nqueue = "founder"\nflag = true\nkeyword = false\n'
    )
    lift = loaded.settings.lift
    assert lift == LiftSettings(
        operators=("Anna <anna@team.example>",),
        authserv_id="mx",
        mailbox="Lifted",
        queue="founder",
        flag=True,
        keyword=False,
    )
    assert loaded.settings.mail[0].lift == lift
    assert loaded.warnings == ()


def test_operators_without_a_proof_are_warned_of() -> None:
    (warning,) = read(MAIL + '[lift]\noperators = ["anna@team.example"]').warnings
    assert "nobody can lift by mail" in warning.text
