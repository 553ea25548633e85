from datetime import datetime

from supportdesk.domain.errors import Problem
from supportdesk.domain.mail import MessageId
from supportdesk.domain.side_events import (
    ClaimSettled,
    MarksSeen,
    NotesSeen,
    SharedNote,
    SideTold,
    TagSettled,
    TagsSeen,
)
from supportdesk.services.claims import LASTS, ClaimLost
from supportdesk.services.side_marks import SideMarks
from tests.fakes.happenings import SUPPORT, T0, after
from tests.fakes.side_store import MemorySideStore

KEY = "mail/Support/<1@x>"


def some(store: MemorySideStore, now: datetime = T0) -> SideMarks:
    side = SideMarks(store, datetime.astimezone)
    side.restore(now)
    return side


def test_all_of_it_is_taken_up_again() -> None:
    store = MemorySideStore()
    side = some(store)
    side.snooze.put_off(KEY, after(60), T0)
    side.notes.write(side.notes.new_key(KEY), KEY, "x", T0)
    side.tags.add([KEY], "vip")
    side.claims.seen(SUPPORT, [(KEY, "anna")], T0)
    again = some(store)
    assert again.snooze.asleep() == {KEY: after(60)}
    assert (again.notes.count([KEY]), again.tags.of([KEY])) == (1, ("vip",))
    assert again.claims.of([KEY], T0) is not None


def test_the_next_moment_is_a_waking_or_the_end_of_a_claim() -> None:
    side = some(MemorySideStore())
    assert side.next_due(T0) is None
    side.claims.seen(SUPPORT, [(KEY, "anna")], T0)
    assert side.next_due(T0) == T0 + LASTS
    side.snooze.put_off(KEY, after(60), T0)
    assert side.next_due(T0) == after(60)


def test_what_a_server_tells_is_taken_in_and_losses_are_told_once() -> None:
    side = some(MemorySideStore())
    side.claims.configure("bob")
    one = MessageId("<1@x>")
    assert side.fold(MarksSeen(account=SUPPORT, claims=frozenset({(one, "bob")})), T0)
    assert not side.fold(MarksSeen(account=SUPPORT, claims=frozenset({(one, "bob")})), T0)
    settled = ClaimSettled(account=SUPPORT, message_id=one, forms=("anna", "bob"), was_wished=True)
    assert side.fold(settled, T0)
    assert side.take_lost() == (ClaimLost(item=KEY, who="anna"),)
    assert side.take_lost() == ()
    problem = Problem(title="It does not answer", advice="Later.")
    assert not side.fold(ClaimSettled(account=SUPPORT, message_id=one, problem=problem), T0)
    assert side.claims.of([KEY], T0) is not None, "what could not be done changes nothing"
    assert not side.fold(SideTold(account=SUPPORT), T0)
    note = SharedNote(note_id=MessageId("<n@x>"), about=one, by="anna", at=T0, words="hm")
    assert side.fold(NotesSeen(account=SUPPORT, notes=(note,)), T0)
    assert side.notes.count([KEY]) == 1


def test_tags_of_colleagues_go_only_from_mail_that_lies_where_they_were_looked_for() -> None:
    lies_in = {KEY: "INBOX"}
    side = SideMarks(MemorySideStore(), datetime.astimezone, lambda item: lies_in.get(item, ""))
    side.restore(T0)
    side.tags.configure(shares=True)
    one = MessageId("<1@x>")
    seen = TagsSeen(account=SUPPORT, mailbox="INBOX", tags=frozenset({(one, "vip")}))
    assert side.fold(seen, T0)
    assert side.tags.of([KEY]) == ("vip",)
    for unsure in (
        TagsSeen(account=SUPPORT, mailbox="INBOX", is_whole=False),
        TagsSeen(account=SUPPORT, mailbox="Archive"),
    ):
        assert not side.fold(unsure, T0)
    assert side.fold(TagsSeen(account=SUPPORT, mailbox="INBOX"), T0)
    assert side.tags.of([KEY]) == ()


def test_what_came_of_a_tag_is_taken_in() -> None:
    side = some(MemorySideStore())
    side.tags.configure(shares=True)
    side.tags.add([KEY], "vip")
    settled = TagSettled(account=SUPPORT, message_id=MessageId("<1@x>"), name="vip", is_on=True)
    assert not side.fold(settled, T0)
    assert side.tags.wishes() == ()
    assert some(MemorySideStore()).fold(TagsSeen(account=SUPPORT, mailbox="INBOX"), T0) is False
