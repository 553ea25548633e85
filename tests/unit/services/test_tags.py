import pytest

from supportdesk.domain.errors import StoreError
from supportdesk.domain.side_marks import Tag, TagStanding
from supportdesk.services.tags import MOST_ON_ONE, Tags
from tests.fakes.side_store import MemorySideStore

FIRST = "mail/Support/<1@x>"
NEWEST = "mail/Support/<2@x>"
BOTH = (FIRST, NEWEST)


def some(store: MemorySideStore | None = None) -> Tags:
    tags = Tags(store or MemorySideStore())
    tags.restore()
    return tags


def test_a_label_is_on_the_conversation_whichever_message_carries_it() -> None:
    store = MemorySideStore()
    tags = some(store)
    assert tags.add([FIRST], "Billing") == "billing"
    assert tags.add(BOTH, "#late payer") == "late-payer"
    assert tags.add(BOTH, "billing") == ""
    assert tags.add(BOTH, "  ") == ""
    again = some(store)
    assert again.of(BOTH) == ("billing", "late-payer")
    assert again.of([NEWEST]) == ("late-payer",)
    assert again.items("billing", BOTH) == (FIRST,)


def test_a_label_goes_from_all_messages_and_comes_back() -> None:
    store = MemorySideStore()
    tags = some(store)
    tags.add([FIRST], "vip")
    tags.add([NEWEST], "vip")
    gone = tags.remove(BOTH, "vip")
    assert gone == (Tag(item=FIRST, name="vip"), Tag(item=NEWEST, name="vip"))
    assert (tags.of(BOTH), tags.remove(BOTH, "vip"), some(store).of(BOTH)) == ((), (), ())
    tags.put_back(gone[0])
    assert tags.of(BOTH) == ("vip",)


def test_known_labels_are_offered_by_how_often_they_are_used() -> None:
    tags = some()
    tags.add([FIRST], "b")
    tags.add([NEWEST], "b")
    tags.add([FIRST], "c")
    tags.add([FIRST], "a")
    assert tags.known() == ("b", "a", "c")


def test_there_is_a_most() -> None:
    tags = some()
    added = [tags.add([FIRST], f"t{number}") for number in range(MOST_ON_ONE + 1)]
    assert added[-2:] == ["t11", ""]


def test_what_the_disk_does_not_take_is_not_there() -> None:
    store = MemorySideStore()
    tags = some(store)
    store.is_full = True
    with pytest.raises(StoreError):
        tags.add([FIRST], "vip")
    assert tags.of([FIRST]) == ()


# --- shared with colleagues ------------------------------------------------------------------

BEGINS = "mail/Support/"


def sharing(store: MemorySideStore) -> Tags:
    tags = some(store)
    tags.configure(shares=True)
    return tags


def wished(tags: Tags) -> list[tuple[str, str, TagStanding]]:
    return [(one.item, one.name, one.standing) for one in tags.wishes()]


def everywhere(_item: str) -> bool:
    return True


def nowhere(_item: str) -> bool:
    return False


def done(tags: Tags, name: str, *, is_on: bool) -> bool:
    return tags.settled(FIRST, name, is_on=is_on, failed=False, is_final=True)


def failed(tags: Tags, name: str, *, is_on: bool = False, is_final: bool = True) -> bool:
    return tags.settled(FIRST, name, is_on=is_on, failed=True, is_final=is_final)


def test_what_is_tagged_while_sharing_is_wished_for_also_after_a_restart() -> None:
    store = MemorySideStore()
    some(store).add([FIRST], "private")
    tags = sharing(store)
    assert tags.are_shared
    tags.add([FIRST], "Účet")
    tags.add([FIRST], "請求書未払督促状発送済確認中株式会社御中至急対応必要案件")
    assert wished(sharing(store)) == [(FIRST, "účet", TagStanding.WANTED)]
    assert some(store).wishes() == (), "where nothing is shared nothing is wished for"
    assert not done(tags, "účet", is_on=True)
    assert tags.wishes() == ()
    assert len(sharing(store).of([FIRST])) == 3


def test_what_is_taken_off_goes_there_too_and_comes_back() -> None:
    store = MemorySideStore()
    tags = sharing(store)
    tags.add([FIRST], "vip")
    done(tags, "vip", is_on=True)
    gone = tags.remove([FIRST], "vip")
    assert (tags.of([FIRST]), tags.known()) == ((), ())
    assert wished(sharing(store)) == [(FIRST, "vip", TagStanding.GOING)]
    tags.put_back(gone[0])
    assert wished(tags) == [(FIRST, "vip", TagStanding.WANTED)]
    tags.remove([FIRST], "vip")
    assert not done(tags, "vip", is_on=False)
    assert store.labels == {}
    assert not done(tags, "vip", is_on=False), "it is long gone"
    tags.put_back(gone[0])
    assert wished(tags) == [(FIRST, "vip", TagStanding.WANTED)]


def test_a_private_one_is_taken_off_and_put_back_without_the_server() -> None:
    store = MemorySideStore()
    some(store).add([FIRST], "private")
    tags = sharing(store)
    [gone] = tags.remove([FIRST], "private")
    tags.put_back(gone)
    assert (tags.wishes(), tags.of([FIRST])) == ((), ("private",))


def test_what_the_server_refuses_stays_here_and_what_did_not_get_there_waits() -> None:
    tags = sharing(MemorySideStore())
    tags.add([FIRST], "vip")
    assert not failed(tags, "vip", is_final=False)
    assert len(tags.wishes()) == 1
    assert not failed(tags, "vip")
    assert (tags.wishes(), tags.of([FIRST])) == ((), ("vip",))


def test_what_could_not_be_taken_off_is_there_again() -> None:
    tags = sharing(MemorySideStore())
    tags.seen(BEGINS, [(FIRST, "vip")], everywhere)
    tags.remove([FIRST], "vip")
    assert not failed(tags, "vip", is_final=False)
    assert len(tags.wishes()) == 1
    assert failed(tags, "vip", is_on=True)
    assert (tags.wishes(), tags.of([FIRST])) == ((), ("vip",))


def test_tags_of_colleagues_come_and_go() -> None:
    store = MemorySideStore()
    some(store).add([FIRST], "private")
    tags = sharing(store)
    assert tags.seen(BEGINS, [(FIRST, "vip"), (NEWEST, "late")], everywhere)
    assert not tags.seen(BEGINS, [(FIRST, "vip"), (NEWEST, "late")], everywhere)
    assert tags.of(BOTH) == ("private", "vip", "late")
    assert sharing(store).of(BOTH) == ("private", "vip", "late"), "also when offline"
    assert not tags.seen(BEGINS, [], nowhere), "a message that was moved away keeps them"
    assert tags.seen(BEGINS, [(FIRST, "vip")], everywhere)
    assert tags.of(BOTH) == ("private", "vip")
    assert not tags.seen("mail/Other/", [], everywhere)
    tags.remove([FIRST], "vip")
    assert not tags.seen(BEGINS, [(FIRST, "vip")], everywhere), "it is on its way off"
    assert not tags.seen(BEGINS, [], everywhere)
    assert (tags.wishes(), tags.of(BOTH)) == ((), ("private",))


def test_what_a_server_keeps_and_does_not_name_is_not_taken_off() -> None:
    tags = sharing(MemorySideStore())
    tags.add([FIRST], "vip")
    done(tags, "vip", is_on=True)
    assert not tags.seen(BEGINS, [], everywhere)
    assert tags.of([FIRST]) == ("vip",)
    assert not tags.seen(BEGINS, [(FIRST, "vip")], everywhere)
    assert tags.seen(BEGINS, [], everywhere), "it was seen, and a colleague has taken it off"


def test_one_of_two_who_give_the_same_tag_finds_it_shared() -> None:
    tags = sharing(MemorySideStore())
    tags.add([FIRST], "vip")
    assert not tags.seen(BEGINS, [(FIRST, "vip")], everywhere)
    assert tags.wishes() == ()


def test_what_was_told_before_sharing_is_there_once_it_is_switched_on() -> None:
    tags = some()
    assert not tags.seen(BEGINS, [(FIRST, "vip")], everywhere)
    assert tags.of([FIRST]) == ()
    tags.configure(shares=True)
    tags.configure(shares=True)
    assert tags.of([FIRST]) == ("vip",)
    tags.configure(shares=False)
    tags.remove([FIRST], "vip")
    assert (tags.of([FIRST]), tags.wishes()) == ((), ())


def test_what_a_server_told_is_seen_on_a_full_disk_too() -> None:
    store = MemorySideStore()
    tags = sharing(store)
    store.is_full = True
    assert tags.seen(BEGINS, [(FIRST, "vip")], everywhere)
    assert tags.of([FIRST]) == ("vip",)
    assert tags.seen(BEGINS, [], everywhere)
    assert tags.of([FIRST]) == ()
