from dataclasses import replace

from supportdesk.domain.events import MessageChanged
from supportdesk.domain.lifts import LiftWay
from supportdesk.services.desk import Desk
from supportdesk.services.forgetting import Forgotten
from tests.fakes.happenings import (
    T0,
    DeskRig,
    a_message,
    after,
    arrived,
    as_utc,
    changed,
    opened,
    same_number,
)
from tests.fakes.lifted import CARRIER_KEY, a_carrier, lifting, mail_lifted, marks
from tests.fakes.stores import MemoryDeskStore

INGRID = a_message(1, who="Ingrid")


def a_rig() -> DeskRig:
    return DeskRig(settings=lifting()).listen()


def test_nothing_is_made_for_a_team_that_lifts_nothing() -> None:
    rig = a_rig()
    rig.apply(arrived(INGRID))
    rig.apply(marks())
    rig.take(rig.desk.read(INGRID.key, T0))
    rig.take(rig.desk.dismiss("any", T0))
    assert rig.desk.known_lifts is None
    rig.apply(marks((INGRID.message_id, "")))
    assert rig.desk.known_lifts is rig.desk.lifts


def test_what_was_lifted_before_is_there_from_the_start() -> None:
    rig = a_rig()
    rig.apply(arrived(INGRID))
    rig.apply(marks((INGRID.message_id, "anna")))
    again = DeskRig(settings=lifting(), messages=[INGRID], lifts=rig.lifts, store=rig.store)
    assert again.desk.known_lifts is not None
    assert again.desk.what_matters_most(T0) == INGRID.key


def test_the_operators_mail_stands_apart_read_and_closed() -> None:
    rig = a_rig()
    rig.apply(arrived(INGRID))
    rig.apply(mail_lifted())
    carrier = a_carrier(references=[INGRID.message_id])
    rig.apply(arrived(carrier))
    apart = rig.desk.inbox.conversation(CARRIER_KEY)
    assert apart is not None
    assert (len(apart.messages), apart.needs_no_reply, apart.is_unread_by_me) == (1, True, False)
    waiting = rig.desk.inbox.conversation(INGRID.key)
    assert waiting is not None
    assert waiting.key == INGRID.key
    rig.take(rig.desk.join(CARRIER_KEY, INGRID.key, T0))
    rig.apply(arrived(changed(carrier, is_seen=True)))
    joined = rig.desk.inbox.conversation(CARRIER_KEY)
    assert joined is not None
    assert len(joined.messages) == 2


def test_the_same_if_it_was_there_before_it_was_known_to_lift() -> None:
    rig = a_rig()
    rig.apply(arrived(INGRID, a_carrier(references=[INGRID.message_id])))
    rig.apply(mail_lifted())
    apart = rig.desk.inbox.conversation(CARRIER_KEY)
    assert apart is not None
    assert apart.needs_no_reply


def test_what_was_read_or_closed_is_seen() -> None:
    rig = a_rig()
    others = [a_message(2), a_message(3)]
    rig.apply(arrived(INGRID, *others))
    rig.apply(marks(*((one.message_id, "") for one in (INGRID, *others))))
    rig.take(rig.desk.read(INGRID.key, after(1)))
    rig.take(rig.desk.needs_no_reply(others[0].key, after(2)))
    rig.take(rig.desk.read("mail/gone", after(3)))
    assert [one.item for one in rig.desk.lifts.open()] == [others[1].key]
    [alert] = [one for one in rig.desk.alerts() if one.item == others[1].key]
    rig.take(rig.desk.dismiss("another", after(4)))
    rig.take(rig.desk.dismiss(alert.key, after(5)))
    assert rig.desk.lifts.open() == ()


def test_new_settings_hold_at_once_and_events_without_mail_change_nothing() -> None:
    rig = a_rig()
    rig.apply(arrived(INGRID))
    rig.apply(mail_lifted(INGRID.message_id, way=LiftWay.MAILBOX))
    rig.apply(opened(9))
    off = lifting(lift=replace(lifting().lift, keyword=False))
    rig.take(rig.desk.change_settings(off, T0))
    rig.apply(marks((INGRID.message_id, "anna")))
    assert [one.way for one in rig.desk.lifts.open()] == [LiftWay.MAILBOX]


def test_a_change_and_a_deletion_are_seen() -> None:
    rig = a_rig()
    rig.apply(arrived(INGRID))
    rig.apply(marks((INGRID.message_id, "anna")))
    lifts = rig.desk.lifts
    rig.take(rig.desk.change_lifts(lambda: lifts.seen([INGRID.key], T0), T0))
    assert lifts.open() == ()
    rig.lifts.kept.clear()
    rig.take(rig.desk.forget(Forgotten(emails=("ingrid@out.example",)), T0))
    assert lifts.of([INGRID.key]) is None


def test_a_desk_without_a_home_lifts_for_this_run() -> None:
    desk = Desk(settings=lifting(), store=MemoryDeskStore(), normalise=same_number, to_local=as_utc)
    desk.restore([INGRID], T0)
    desk.apply(marks((INGRID.message_id, "anna")), T0)
    assert desk.lifts.is_lifted(INGRID.key)


def test_what_is_better_known_of_a_mail_is_taken_in() -> None:
    rig = a_rig()
    rig.apply(arrived(INGRID))
    rig.apply(mail_lifted(about=[INGRID.message_id]))
    rig.apply(arrived(a_carrier()))
    said = replace(a_carrier(), preview="Worth your ear.")
    rig.apply(MessageChanged(message=said, at=T0))
    assert [one.why for one in rig.desk.lifts.open()] == ["Worth your ear."]
