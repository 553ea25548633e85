from dataclasses import replace

from supportdesk.domain.alerts import (
    Action,
    Alert,
    AlertKind,
    AlertRaised,
    AlertUpdated,
    AlertWithdrawn,
    Happened,
)
from supportdesk.services.alert_book import AlertBook
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


def test_an_alert_is_raised_kept_and_withdrawn() -> None:
    store = MemoryDeskStore()
    book = AlertBook(store)
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
    book = AlertBook(MemoryDeskStore())
    book.show(MAIL)
    book.take_notices()
    book.show(replace(MAIL, at=after(5)))
    assert book.take_notices() == ()
    assert book.on_show() == [MAIL]
    other = replace(MAIL, at=after(5), body="Flour order. “Twice.”")
    book.show(other)
    assert book.take_notices() == (AlertUpdated(alert=other),)


def test_a_restart_repeats_nothing() -> None:
    store = MemoryDeskStore()
    first = AlertBook(store)
    first.show(MAIL)
    first.shown(first.take_notices())
    first.hold(["mail/2"], T0)
    first.show(DEAF)
    first.snooze(DEAF.key, after(1800), T0)
    again = AlertBook(store)
    again.restore(after(60))
    assert again.on_show() == [MAIL]
    assert again.held() == ["mail/2"]
    assert again.is_suppressed(DEAF.key)
    assert again.next_due() == after(1800)
    assert again.take_notices() == ()


def test_what_a_crash_kept_from_being_shown_is_told_again() -> None:
    store = MemoryDeskStore()
    first = AlertBook(store)
    first.show(MAIL)
    first.show(DEAF)
    first.withdraw(DEAF.key, "it works again", after(1))
    first.take_notices()
    again = AlertBook(store)
    again.restore(after(60))
    notices = again.take_notices()
    assert notices == (AlertRaised(alert=MAIL),)
    again.shown(notices)
    third = AlertBook(store)
    third.restore(after(90))
    assert third.take_notices() == ()
    assert store.untold() == set()


def test_a_snoozed_alert_comes_due_once() -> None:
    store = MemoryDeskStore()
    book = AlertBook(store)
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


def test_what_the_founder_closed_stays_closed_until_it_is_over() -> None:
    book = AlertBook(MemoryDeskStore())
    book.dismiss("mail/1", T0)
    assert book.dismissed() == []
    book.show(MAIL)
    book.dismiss("mail/1", T0)
    assert book.dismissed() == ["mail/1"]
    assert book.is_suppressed("mail/1")
    book.forget_dismissed("mail/1")
    assert not book.is_suppressed("mail/1")


def test_showing_again_ends_a_snooze() -> None:
    book = AlertBook(MemoryDeskStore())
    book.show(MAIL)
    book.snooze("mail/1", after(1800), T0)
    book.show(MAIL)
    assert book.next_due() is None
    assert not book.is_suppressed("mail/1")


def test_what_is_held_is_released_once() -> None:
    store = MemoryDeskStore()
    book = AlertBook(store)
    book.hold(["mail/1", "mail/2"], T0)
    book.hold(["mail/2", "mail/3"], T0)
    assert book.release() == ["mail/1", "mail/2", "mail/3"]
    assert book.release() == []
    assert store.open_alerts() == []


def test_what_waits_for_company_is_held_after_a_crash() -> None:
    store = MemoryDeskStore()
    first = AlertBook(store)
    first.hold(["mail/1"], T0)
    first.await_company(AlertKind.MAIL, ["mail/2"], T0)
    first.await_company(AlertKind.MAIL, ["mail/2", "mail/3"], T0)
    first.await_company(AlertKind.MISSED, ["call/1"], T0)
    first.await_company(AlertKind.MISSED, [], T0)
    again = AlertBook(store)
    again.restore(after(5))
    assert again.held() == ["mail/1", "mail/2", "mail/3"]
    assert (again.on_show(), again.take_notices()) == ([], ())
    assert [one.key for one in store.open_alerts()] == ["held"]


def test_presenting_hides_names_and_texts() -> None:
    book = AlertBook(MemoryDeskStore())
    book.show(MAIL)
    book.take_notices()
    book.present(is_presenting=True)
    book.present(is_presenting=True)
    [update] = book.take_notices()
    assert isinstance(update, AlertUpdated)
    assert update.alert.title == "supportdesk"
    assert update.alert.actions == (Action.SHOW,)
    book.show(DEAF)
    [shown] = book.take_notices()
    assert isinstance(shown, AlertRaised)
    assert (shown.alert.title, shown.alert.body) == ("supportdesk", "Something needs a look.")
    book.present(is_presenting=False)
    assert [one.alert for one in book.take_notices() if isinstance(one, AlertUpdated)] == [
        MAIL,
        DEAF,
    ]


def test_what_happened_is_told_in_order() -> None:
    book = AlertBook(MemoryDeskStore())
    happened = Happened(
        key="mail/1", kind=AlertKind.MAIL, title="Ingrid", body="", source=SUPPORT, at=T0
    )
    book.tell(happened)
    book.show(MAIL)
    assert book.take_notices() == (happened, AlertRaised(alert=MAIL))


def test_presenting_says_of_the_nudge_what_it_is() -> None:
    book = AlertBook(MemoryDeskStore())
    book.present(is_presenting=True)
    book.show(replace(MAIL, key="weekly/2026-W47", kind=AlertKind.WEEKLY))
    [raised] = book.take_notices()
    assert isinstance(raised, AlertRaised)
    assert raised.alert.body == "There is mail to read."
