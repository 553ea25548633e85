"""A promise that falls due is one line, once, when alerts may come."""

from dataclasses import replace
from datetime import datetime, time

from supportdesk.domain.alerts import Action, AlertKind
from supportdesk.domain.promises import Promise, PromiseState
from supportdesk.domain.settings import AlertSettings
from tests.fakes.happenings import DeskRig, after, raised, settings_with, updated, withdrawn
from tests.fakes.promise_store import MemoryPromiseStore
from tests.fakes.stores import MemoryDeskStore
from tests.unit.domain.test_promises import PROMISE

HOUR = 3600.0
OTHER = replace(PROMISE, key="promise/2/x", who="Pavel Kiss", words="Call him", due=after(2 * HOUR))


def a_rig(*promises: Promise, store: MemoryPromiseStore | None = None) -> DeskRig:
    kept = store or MemoryPromiseStore()
    for promise in promises:
        kept.save_promise(promise)
    return DeskRig(promises=kept).listen()


def test_it_is_told_once_when_its_time_has_come() -> None:
    rig = a_rig(PROMISE)
    rig.wait_until(after(HOUR - 1))
    assert raised(rig.notices) == []
    rig.wait_until(after(9 * HOUR))
    [alert] = raised(rig.notices)
    assert (alert.kind, alert.at, alert.item) == (AlertKind.PROMISE, after(HOUR), PROMISE.item)
    assert (alert.title, alert.body) == (
        "Due now: a promise to Ingrid Solheim",
        "“I'll send it today”",
    )
    assert alert.actions == (Action.SHOW,)


def test_several_are_one_alert() -> None:
    rig = a_rig(PROMISE, OTHER)
    rig.wait_until(after(3 * HOUR))
    assert len(raised(rig.notices)) == 1
    [second] = updated(rig.notices)
    assert (second.title, second.body) == ("2 promises are due", "Ingrid Solheim and Pavel Kiss.")


def test_it_is_taken_back_when_it_is_kept_and_told_again_when_it_was_moved() -> None:
    rig = a_rig(PROMISE)
    rig.wait_until(after(HOUR))
    promises = rig.desk.promises
    rig.take(rig.desk.change_promises(lambda: promises.move(PROMISE.key, after(4 * HOUR)), rig.now))
    assert len(withdrawn(rig.notices)) == 1
    rig.wait_until(after(4 * HOUR))
    assert len(raised(rig.notices)) == 2
    rig.take(
        rig.desk.change_promises(
            lambda: promises.settle(PROMISE.key, PromiseState.KEPT, rig.now), rig.now
        )
    )
    assert rig.titles == []


def test_in_a_silence_it_waits() -> None:
    rig = a_rig(PROMISE)
    rig.take(rig.desk.pause(after(5 * HOUR), rig.now))
    rig.wait_until(after(5 * HOUR - 1))
    assert raised(rig.notices) == []
    rig.wait_until(after(5 * HOUR))
    assert rig.titles == ["Due now: a promise to Ingrid Solheim"]


def test_a_restart_repeats_nothing() -> None:
    store, kept = MemoryDeskStore(), MemoryPromiseStore()
    kept.save_promise(PROMISE)
    first = DeskRig(store=store, promises=kept).listen()
    first.wait_until(after(HOUR))
    first.take(first.desk.dismiss("promises", first.now))
    second = DeskRig(store=store, promises=kept, now=after(2 * HOUR)).listen()
    second.wait_until(after(9 * HOUR))
    assert second.titles == []


def test_it_is_due_at_the_end_of_a_run_that_was_off() -> None:
    kept = MemoryPromiseStore()
    kept.save_promise(PROMISE)
    rig = DeskRig(promises=kept, now=after(30 * HOUR)).listen()
    assert rig.titles == ["Due now: a promise to Ingrid Solheim"]


def test_without_a_name_there_are_still_words() -> None:
    rig = a_rig(replace(PROMISE, who="", contact=""))
    rig.wait_until(after(HOUR))
    assert rig.titles == ["Due now: a promise to Somebody"]


def test_quiet_hours_are_quiet() -> None:
    start: datetime = PROMISE.due
    quiet = AlertSettings(quiet_hours=(time(start.hour), time((start.hour + 1) % 24)))
    kept = MemoryPromiseStore()
    kept.save_promise(PROMISE)
    rig = DeskRig(settings=settings_with(alerts=quiet), promises=kept).listen()
    rig.wait_until(after(HOUR + 60))
    assert rig.titles == []
    rig.wait_until(after(2 * HOUR))
    assert rig.titles == ["Due now: a promise to Ingrid Solheim"]
