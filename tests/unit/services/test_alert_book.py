from dataclasses import replace

from supportdesk.domain.alerts import (
    Action,
    Alert,
    AlertKind,
    AlertRaised,
    AlertUpdated,
    AlertWithdrawn,
    Happened,
    Reason,
    Verdict,
)
from supportdesk.domain.settings import AlertSettings
from supportdesk.services.alert_book import AlertBook
from supportdesk.services.alert_rules import AlertRules
from tests.fakes.happenings import SUPPORT, T0, after
from tests.fakes.stores import MemoryDeskStore

MAIL = Alert(
    key="mail/1",
    kind=AlertKind.MAIL,
    title="Ingrid",
    body="Flour order.",
    actions=(Action.READ, Action.SNOOZE),
    source=SUPPORT,
    at=T0,
    item="mail/1",
    covers=("mail/1",),
)
DEAF = replace(MAIL, key="health/Support", kind=AlertKind.HEALTH, title="Not listening")


def a_book(store: MemoryDeskStore | None = None) -> AlertBook:
    return AlertBook(store or MemoryDeskStore(), AlertRules(AlertSettings()))


def test_an_alert_is_raised_kept_and_withdrawn() -> None:
    store = MemoryDeskStore()
    book = a_book(store)
    book.show(MAIL)
    assert book.take_notices() == (AlertRaised(alert=MAIL),)
    assert store.open_alerts() == [MAIL]
    assert book.get("mail/1") == MAIL
    book.withdraw("mail/1", "answered", after(5))
    book.withdraw("mail/1", "answered", after(6))
    assert book.take_notices() == (AlertWithdrawn(alert=MAIL, at=after(5), why="answered"),)
    assert store.open_alerts() == []
    assert book.take_notices() == ()


def test_the_same_again_is_no_update() -> None:
    book = a_book()
    book.show(MAIL)
    book.take_notices()
    book.show(replace(MAIL, at=after(5)))
    assert book.take_notices() == ()
    assert book.on_show() == [MAIL]
    other = replace(MAIL, at=after(5), body="Flour order. “Twice.”")
    book.show(other)
    assert book.take_notices() == (AlertUpdated(alert=other),)


def test_what_stands_since_the_last_run_is_told_again_as_it_was() -> None:
    store = MemoryDeskStore()
    first = a_book(store)
    for alert in (MAIL, DEAF):
        first.show(alert)
    first.shown(first.take_notices()[:1])
    book = a_book(store)
    assert book.restore(after(60)) == {DEAF.key}, "it may not have been shown"
    book.take_notices()
    book.tell_again(MAIL.key, after(61), Reason.STARTED)
    assert book.take_notices() == (AlertUpdated(alert=MAIL),)
    assert book.get(MAIL.key) == MAIL
    newest = store.decisions("mail/1", 1)[0]
    assert (newest.at, newest.verdict) == (after(61), Verdict.REPEATED)


def test_what_an_alert_leads_to_is_known_long_after_it_has_gone() -> None:
    store = MemoryDeskStore()
    book = a_book(store)
    book.show(MAIL)
    book.withdraw("mail/1", "answered", after(5))
    told = store.told_alert("mail/1")
    assert told is not None
    assert (told.item, told.covers) == ("mail/1", ("mail/1",))
    book.show(MAIL)
    book.show(replace(MAIL, covers=("mail/1", "mail/2"), at=after(9)), is_news=False)
    book.show(replace(MAIL, covers=("mail/1",), body="Better words."), is_news=False)
    again = store.told_alert("mail/1")
    assert again is not None
    assert again.covers == ("mail/1", "mail/2")


def test_better_words_alone_are_no_decision() -> None:
    store = MemoryDeskStore()
    book = a_book(store)
    book.show(MAIL)
    book.show(replace(MAIL, body="Flour order. “Twice.”"), is_news=False)
    assert [one.verdict for one in store.decided] == [Verdict.TOLD]
    book.show(replace(MAIL, body="0:10"), reason=Reason.STILL_WAITS)
    book.fold("mail/1", after(9))
    assert [one.verdict for one in store.decided] == [Verdict.TOLD, Verdict.REPEATED]
    assert isinstance(book.take_notices()[-1], AlertWithdrawn)


def test_a_restart_repeats_nothing() -> None:
    store = MemoryDeskStore()
    first = a_book(store)
    first.show(MAIL)
    first.shown(first.take_notices())
    first.hold(["mail/2"], T0)
    first.show(DEAF)
    first.snooze(DEAF.key, after(1800), T0)
    again = a_book(store)
    again.restore(after(60))
    assert again.on_show() == [MAIL]
    assert again.held() == ["mail/2"]
    assert again.is_suppressed(DEAF.key)
    assert again.next_due() == after(1800)
    assert again.take_notices() == ()


def test_what_a_crash_kept_from_being_shown_is_told_again() -> None:
    store = MemoryDeskStore()
    first = a_book(store)
    first.show(MAIL)
    first.show(DEAF)
    first.withdraw(DEAF.key, "it works again", after(1))
    first.take_notices()
    again = a_book(store)
    again.restore(after(60))
    notices = again.take_notices()
    assert notices == (AlertRaised(alert=MAIL),)
    again.shown(notices)
    third = a_book(store)
    third.restore(after(90))
    assert third.take_notices() == ()
    assert store.untold() == set()


def test_a_snoozed_alert_comes_due_once() -> None:
    store = MemoryDeskStore()
    book = a_book(store)
    book.snooze("mail/1", after(1800), T0)
    assert book.next_due() is None
    book.show(MAIL)
    book.snooze("mail/1", after(1800), T0)
    assert book.on_show() == []
    assert book.is_suppressed("mail/1")
    assert [one.key for one in book.snoozed()] == ["mail/1"]
    assert book.due_snoozes(after(1799)) == []
    assert [one.key for one in book.due_snoozes(after(1800))] == ["mail/1"]
    assert book.due_snoozes(after(1800)) == []
    assert store.open_alerts() == []


def test_a_snooze_that_ends_while_nothing_runs_is_due_at_the_next_start() -> None:
    store = MemoryDeskStore()
    book = a_book(store)
    book.show(MAIL)
    book.snooze("mail/1", after(1800), T0)
    for _ in range(2):
        again = a_book(store)
        again.restore(after(9000))
        assert again.on_show() == []
    assert [one.key for one in again.due_snoozes(after(9000))] == ["mail/1"]
    assert (store.open_alerts(), store.untold()) == ([], set())


def test_what_the_founder_closed_stays_closed_until_it_is_over() -> None:
    book = a_book()
    book.dismiss("mail/1", T0)
    assert book.dismissed() == []
    book.show(MAIL)
    book.dismiss("mail/1", T0)
    assert book.dismissed() == ["mail/1"]
    assert book.is_suppressed("mail/1")
    book.forget_dismissed("mail/1")
    assert not book.is_suppressed("mail/1")


def test_showing_again_ends_a_snooze() -> None:
    store = MemoryDeskStore()
    book = a_book(store)
    book.show(MAIL)
    book.snooze("mail/1", after(1800), T0)
    book.show(MAIL)
    assert book.next_due() is None
    assert not book.is_suppressed("mail/1")
    book.shown(book.take_notices())
    assert store.untold() == set()


def test_what_is_held_is_released_once() -> None:
    store = MemoryDeskStore()
    book = a_book(store)
    book.hold(["mail/1", "mail/2"], T0)
    book.hold(["mail/2", "mail/3"], T0)
    assert book.release() == ["mail/1", "mail/2", "mail/3"]
    assert book.release() == []
    assert store.open_alerts() == []


def test_what_waits_for_company_is_held_after_a_crash() -> None:
    store = MemoryDeskStore()
    first = a_book(store)
    first.hold(["mail/1"], T0)
    first.await_company(AlertKind.MAIL, ["mail/2"], T0)
    first.await_company(AlertKind.MAIL, ["mail/2", "mail/3"], T0)
    first.await_company(AlertKind.MISSED, ["call/1"], T0)
    first.await_company(AlertKind.MISSED, [], T0)
    again = a_book(store)
    again.restore(after(5))
    assert again.held() == ["mail/1", "mail/2", "mail/3"]
    assert (again.on_show(), again.take_notices()) == ([], ())
    assert [one.key for one in store.open_alerts()] == ["held"]


def test_what_goes_out_is_dressed_and_what_is_kept_is_whole() -> None:
    rules = AlertRules(AlertSettings(presenting=True))
    rules.look_at(T0)
    store = MemoryDeskStore()
    book = AlertBook(store, rules)
    book.show(MAIL)
    book.show(DEAF)
    assert {one.alert.title for one in book.take_notices() if isinstance(one, AlertRaised)} == {
        "supportdesk"
    }
    assert book.on_show() == [MAIL, DEAF]
    rules.configure(AlertSettings())
    rules.look_at(T0)
    book.show_anew()
    assert book.take_notices() == (
        AlertUpdated(alert=MAIL, is_news=False),
        AlertUpdated(alert=DEAF, is_news=False),
    )


def test_what_a_rule_keeps_is_released_once() -> None:
    store = MemoryDeskStore()
    a_book(store).keep_by_rule(["mail/1", "mail/2"], T0)
    book = a_book(store)
    book.restore(after(5))
    book.keep_by_rule(["mail/2", "mail/3"], T0)
    assert book.by_rule() == ["mail/1", "mail/2", "mail/3"]
    assert (book.on_show(), book.held()) == ([], [])
    assert book.release_by_rule() == ["mail/1", "mail/2", "mail/3"]
    assert (book.release_by_rule(), store.open_alerts()) == ([], [])


def test_what_happened_is_told_in_order() -> None:
    book = a_book()
    happened = Happened(
        key="mail/1", kind=AlertKind.MAIL, title="Ingrid", body="", source=SUPPORT, at=T0
    )
    book.tell(happened)
    book.show(MAIL)
    assert book.take_notices() == (happened, AlertRaised(alert=MAIL))
