import pytest

from supportdesk.domain.errors import StoreError
from supportdesk.domain.side_marks import Tag
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
    tags.put(gone[0])
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
