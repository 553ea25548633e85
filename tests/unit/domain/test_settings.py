from dataclasses import replace
from datetime import UTC, datetime, timedelta

from supportdesk.domain.alerts import AlertKind
from supportdesk.domain.health import SourceName
from supportdesk.domain.lifts import Operator
from supportdesk.domain.settings import (
    AlertRule,
    AlertSettings,
    LiftSettings,
    MailAuth,
    MailSettings,
    PhoneKind,
    PhoneSettings,
    Privacy,
    RuleLevel,
    Settings,
    SmtpSettings,
)


def test_secrets_are_named_by_kind_and_source() -> None:
    mail = MailSettings(name=SourceName("Support"), address="s@desk.example", host="imap", user="s")
    phone = PhoneSettings(name=SourceName("Office"), kind=PhoneKind.ASTERISK)
    assert mail.secret_name == "mail/Support"
    assert phone.secret_name == "phone/Office"


def test_sending_has_the_secret_and_the_login_of_the_account_unless_it_has_its_own() -> None:
    mail = MailSettings(
        name=SourceName("Support"),
        address="s@desk.example",
        host="imap",
        user="s",
        auth=MailAuth.XOAUTH2,
    )
    assert mail.sending_secret_names == ("smtp/Support", "mail/Support")
    assert mail.sending_auth is MailAuth.XOAUTH2
    same = replace(mail, smtp=SmtpSettings(host="smtp"))
    assert same.sending_auth is MailAuth.XOAUTH2
    own = replace(mail, smtp=SmtpSettings(host="smtp", auth=MailAuth.PASSWORD))
    assert own.sending_auth is MailAuth.PASSWORD


def test_own_addresses_are_the_address_and_its_aliases() -> None:
    mail = MailSettings(
        name=SourceName("Support"),
        address="s@desk.example",
        aliases=("help@desk.example",),
        host="imap",
        user="s",
    )
    assert mail.own_addresses == ("s@desk.example", "help@desk.example")


def test_without_a_file_nothing_is_watched_and_each_mail_would_alert() -> None:
    settings = Settings()
    assert (settings.mail, settings.phone) == ((), ())
    assert settings.alerts.ring_seconds == 6.0
    assert settings.reading.goal_minutes == 30.0


def test_who_answers_on_a_softphone_is_the_founder() -> None:
    office = PhoneSettings(name=SourceName("Office"), kind=PhoneKind.ASTERISK)
    desk = PhoneSettings(name=SourceName("Desk"), kind=PhoneKind.BARESIP)
    assert (office.is_softphone, office.founder_interface) == (False, "")
    assert (desk.is_softphone, desk.founder_interface) == (True, "Desk")
    assert replace(office, founder="PJSIP/100").founder_interface == "PJSIP/100"


def test_which_phones_can_dial_and_which_is_asked_first() -> None:
    office = PhoneSettings(name=SourceName("Office"), kind=PhoneKind.ASTERISK, founder="PJSIP/100")
    watched = PhoneSettings(name=SourceName("Watched"), kind=PhoneKind.ASTERISK)
    desk = PhoneSettings(name=SourceName("Desk"), kind=PhoneKind.BARESIP)
    other = PhoneSettings(name=SourceName("Other"), kind=PhoneKind.LINPHONE, founder="sip:me@x")
    settings = Settings(phone=(office, watched, desk, other))
    assert settings.phones_to_dial(SourceName("Watched")) == [office, desk]
    assert settings.phones_to_dial(SourceName("Desk")) == [desk, office]


# --- alerts ------------------------------------------------------------------------------


NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SUPPORT = SourceName("Support")


def test_presenting_ends_by_itself_where_an_end_is_given() -> None:
    for_ever = AlertSettings(presenting=True)
    until_noon = replace(for_ever, presenting_until=NOON)
    before = NOON - timedelta(seconds=1)
    assert not AlertSettings(presenting_until=NOON).is_presenting(before)
    assert for_ever.is_presenting(NOON)
    assert until_noon.is_presenting(before)
    assert not until_noon.is_presenting(NOON)


def test_presenting_begins_lasts_and_is_over() -> None:
    hour = AlertSettings().presented(
        NOON + timedelta(seconds=0.25), is_on=True, length=timedelta(hours=1)
    )
    assert hour.presenting
    assert hour.presenting_until == NOON + timedelta(hours=1)
    lasting = hour.presented(NOON, is_on=True, length=None)
    assert lasting.is_presenting(NOON + timedelta(days=9))
    over = lasting.presented(NOON, is_on=False, length=timedelta(hours=1))
    assert over == AlertSettings()


def test_while_presenting_nobody_is_named_whatever_else_is_wanted() -> None:
    alerts = AlertSettings(presenting=True, presenting_until=NOON, privacy=Privacy.NO_TEXT)
    assert alerts.privacy_at(NOON - timedelta(seconds=1)) is Privacy.NO_NAMES
    assert alerts.privacy_at(NOON) is Privacy.NO_TEXT


def test_a_rule_for_the_kind_outweighs_one_for_the_source() -> None:
    all_of_it = AlertRule(source=SUPPORT, level=RuleLevel.NEVER)
    its_trouble = AlertRule(source=SUPPORT, kind=AlertKind.HEALTH)
    alerts = AlertSettings(rules=(all_of_it, its_trouble))
    assert alerts.rule_for(SUPPORT, AlertKind.MAIL) == all_of_it
    assert alerts.rule_for(SUPPORT, AlertKind.HEALTH) == its_trouble
    assert alerts.rule_for(SourceName("Office"), AlertKind.HEALTH) is None


def test_who_may_lift_is_read_with_and_without_a_name() -> None:
    lift = LiftSettings(operators=('"Anna Lind" <Anna@Team.example>', "ben@team.example"))
    assert lift.people == (
        Operator(name="Anna Lind", email="anna@team.example"),
        Operator(name="", email="ben@team.example"),
    )


def test_mail_lifts_only_where_somebody_may_and_can_prove_it() -> None:
    own = ("support@desk.example",)
    nobody = LiftSettings(authserv_id="mx.desk.example")
    unproved = LiftSettings(operators=("anna@team.example",))
    assert nobody.takes_mail_to(own) == unproved.takes_mail_to(own) == ()
    trusted = replace(unproved, authserv_id="mx.desk.example")
    assert trusted.takes_mail_to(own) == ("support+up@desk.example",)
    secret = replace(unproved, address="Up-7k@desk.example", address_is_secret=True)
    assert secret.takes_mail_to(own) == ("up-7k@desk.example",)


def test_the_mailbox_for_lifts_is_watched_once() -> None:
    mail = MailSettings(
        name=SourceName("Support"),
        address="s@desk.example",
        host="imap",
        user="s",
        also_watch=("Sales",),
    )
    assert mail.beside_mailbox == ("Sales",)
    lifted = replace(mail, lift=LiftSettings(mailbox="Lifted"))
    assert lifted.beside_mailbox == ("Sales", "Lifted")
    twice = replace(lifted, also_watch=("Lifted",))
    assert twice.beside_mailbox == ("Lifted",)
