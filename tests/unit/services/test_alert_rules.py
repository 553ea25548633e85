from dataclasses import replace

import pytest

from supportdesk.domain.alerts import Action, Alert, AlertKind, AlertPage, Sound
from supportdesk.domain.settings import AlertRule, AlertSettings, Privacy, RuleLevel
from supportdesk.services.alert_rules import AlertRules
from tests.fakes.happenings import OFFICE, SUPPORT, T0, after

MAIL = Alert(
    key="mail/1",
    kind=AlertKind.MAIL,
    title="Ingrid",
    body="Flour order. “Twice again.”",
    actions=(Action.READ, Action.SNOOZE),
    source=SUPPORT,
    at=T0,
    item="mail/1",
    covers=("mail/1",),
)
DEAF = replace(MAIL, key="health/Support", kind=AlertKind.HEALTH, title="Not listening")
NUDGE = replace(MAIL, key="weekly/2026-W47", kind=AlertKind.WEEKLY)
CALLER = replace(MAIL, key="call/1#waiting", kind=AlertKind.WAITING, source=OFFICE)
MISSED = replace(MAIL, key="call/1#missed", kind=AlertKind.MISSED, source=OFFICE)


def some_rules(settings: AlertSettings) -> AlertRules:
    rules = AlertRules(settings)
    rules.look_at(T0)
    return rules


def said(rules: AlertRules, alert: Alert) -> tuple[str, str]:
    dressed = rules.dressed(alert, is_news=True)
    return dressed.title, dressed.body


def test_what_is_told_of_a_source_goes_by_its_rule() -> None:
    none = some_rules(AlertSettings())
    assert (none.has_rules, none.level(SUPPORT, AlertKind.MAIL)) == (False, RuleLevel.TELL)
    rule = AlertRule(source=SUPPORT, level=RuleLevel.NEVER)
    rules = some_rules(AlertSettings(rules=(rule,)))
    assert rules.has_rules
    assert rules.level(SUPPORT, AlertKind.MAIL) is RuleLevel.NEVER
    assert rules.level(OFFICE, AlertKind.MISSED) is RuleLevel.TELL


# --- privacy -----------------------------------------------------------------------------


def test_while_presenting_names_and_texts_are_hidden() -> None:
    rules = some_rules(AlertSettings(presenting=True))
    assert said(rules, MAIL) == ("supportdesk", "Somebody is waiting for you.")
    assert said(rules, DEAF) == ("supportdesk", "Something needs a look.")
    assert said(rules, NUDGE) == ("supportdesk", "There is mail to read.")
    assert rules.dressed(MAIL, is_news=True).actions == (Action.SHOW,)


def test_without_text_it_is_said_who_and_nothing_that_they_wrote() -> None:
    rules = some_rules(AlertSettings(privacy=Privacy.NO_TEXT))
    assert said(rules, replace(MAIL, kind=AlertKind.PROMISE)) == ("Ingrid", "")
    assert said(rules, MAIL) == ("Ingrid", "Mail to Support.")
    assert rules.dressed(MAIL, is_news=True).actions == MAIL.actions
    for alert in (
        DEAF,
        CALLER,
        replace(MAIL, is_digest=True),
        replace(MAIL, page=AlertPage.WAITING),
    ):
        assert said(rules, alert) == (alert.title, alert.body)


def test_presenting_ends_by_itself() -> None:
    settings = AlertSettings(presenting=True, presenting_until=after(60))
    rules = AlertRules(AlertSettings())
    assert not rules.look_at(T0)
    assert rules.next_due() is None
    rules.configure(settings)
    assert rules.look_at(T0)
    assert rules.next_due() == after(60)
    assert not rules.look_at(after(59))
    assert rules.look_at(after(60))
    assert rules.next_due() is None
    assert rules.dressed(MAIL, is_news=True) == MAIL


# --- sounds ------------------------------------------------------------------------------


def heard(settings: AlertSettings, alert: Alert) -> Sound:
    return some_rules(settings).dressed(alert, is_news=True).sound


@pytest.mark.parametrize(
    ("alert", "first", "everything"),
    [
        (CALLER, Sound.CALL, Sound.CALL),
        (MISSED, Sound.MISSED, Sound.MISSED),
        (MAIL, Sound.NONE, Sound.MAIL),
        (DEAF, Sound.NONE, Sound.TROUBLE),
        (NUDGE, Sound.NONE, Sound.NONE),
    ],
)
def test_each_kind_has_a_sound_and_mail_is_silent_at_first(
    alert: Alert, first: Sound, everything: Sound
) -> None:
    assert heard(AlertSettings(), alert) is first
    assert heard(AlertSettings(sounds=tuple(Sound)), alert) is everything
    assert heard(AlertSettings(sounds=()), alert) is Sound.NONE
    assert heard(AlertSettings(sounds=tuple(Sound), presenting=True), alert) is Sound.NONE
    rules = some_rules(AlertSettings(sounds=tuple(Sound)))
    assert rules.dressed(alert, is_news=False).sound is Sound.NONE


def test_a_rule_says_whether_a_source_is_heard() -> None:
    loud = AlertRule(source=SUPPORT, sound=True)
    quiet = AlertRule(source=OFFICE, kind=AlertKind.MISSED, sound=False)
    settings = AlertSettings(rules=(loud, quiet, AlertRule(source=OFFICE)))
    assert heard(settings, MAIL) is Sound.MAIL
    assert heard(settings, MISSED) is Sound.NONE
    assert heard(settings, CALLER) is Sound.CALL


def test_without_text_a_lift_says_that_somebody_asks() -> None:
    rules = some_rules(AlertSettings(privacy=Privacy.NO_TEXT))
    lifted = Alert(
        key="lift/x",
        kind=AlertKind.LIFTED,
        title="Anna lifted this to you",
        body="Ingrid: Flour. Anna: “wants to leave”.",
        actions=(Action.READ,),
        source=SUPPORT,
        at=T0,
        item="mail/x",
    )
    assert said(rules, lifted) == (
        "Anna lifted this to you",
        "Somebody of the team asks for you.",
    )
