from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.errors import StoreError
from supportdesk.domain.mail import Mailer
from supportdesk.domain.people import Person
from supportdesk.services.people import REMEMBERED_CHANGES, People, PersonChange
from tests.fakes.happenings import a_caller, same_number
from tests.fakes.stores import MemoryDeskStore

MAIL, OTHER = "jana@x.example", "jana@home.example"
NUMBER, SECOND = "+420 111", "+420 222"


def some_people(store: MemoryDeskStore | None = None) -> People:
    people = People(store or MemoryDeskStore(), same_number)
    people.restore()
    return people


def done(change: PersonChange | None) -> PersonChange:
    assert change is not None
    return change


def test_a_number_joined_with_an_address_is_one_person() -> None:
    store = MemoryDeskStore()
    people = some_people(store)
    jana = done(people.join_number("Jana@X.example ", NUMBER, " Jana ")).person
    assert jana == Person(key="1", name="Jana", emails=(MAIL,), numbers=("420111",))
    assert people.of_number("+420111") == people.of_email("JANA@x.example") == jana
    assert people.person("1") == jana
    assert store.people() == [jana]
    assert people.join_number(MAIL, NUMBER, "Somebody") is None
    assert some_people(store).of_number(NUMBER) == jana


def test_what_is_no_number_or_address_joins_nothing() -> None:
    people = some_people()
    assert people.join_number(MAIL, "withheld", "Jana") is None
    assert people.join_number(" ", NUMBER, "Jana") is None
    assert people.join_email("", MAIL, "Jana") is None
    assert people.join_email(MAIL, "", "Jana") is None
    assert people.of_number("") is None
    assert people.of_email("") is None


def test_more_is_added_to_the_person_there_is() -> None:
    people = some_people()
    done(people.join_number(MAIL, NUMBER, "Jana"))
    done(people.join_number(MAIL, SECOND, "x"))
    done(people.join_number("second@x.example", NUMBER, "x"))
    jana = done(people.join_email(OTHER, MAIL, "x")).person
    assert jana.name == "Jana"
    assert jana.emails == (OTHER, MAIL, "second@x.example")
    assert jana.numbers == ("420111", "420222")


def test_an_address_belongs_to_one_person() -> None:
    store = MemoryDeskStore()
    people = some_people(store)
    done(people.join_number("a@x", NUMBER, "Ann"))
    done(people.join_number("a@x", SECOND, "Ann"))
    done(people.join_number("b@x", "+420 333", "Ben"))
    ben = done(people.join_number("b@x", NUMBER, "Ben")).person
    assert people.of_number(NUMBER) == ben
    assert people.of_email("a@x") == Person(
        key="1", name="Ann", emails=("a@x",), numbers=("420222",)
    )
    assert store.people() == [people.of_email("a@x"), ben]


def test_a_person_without_any_address_is_no_longer_one() -> None:
    store = MemoryDeskStore()
    people = some_people(store)
    done(people.join_number("a@x", NUMBER, "Ann"))
    done(people.split_email("A@X"))
    done(people.split_number(NUMBER))
    assert store.people() == []
    assert people.person("1") is None
    assert people.split_email("a@x") is None
    assert people.split_number(NUMBER) is None


def test_a_person_is_renamed() -> None:
    people = some_people()
    done(people.join_number(MAIL, NUMBER, "Jana"))
    jana = people.behind_email(MAIL)
    assert done(people.rename(jana, " Jana Nová ")).person.name == "Jana Nová"
    assert people.rename(jana, "Jana Nová") is None
    assert people.rename(jana, " ") is None


def test_a_stranger_who_is_given_a_name_is_a_person() -> None:
    store = MemoryDeskStore()
    people = some_people(store)
    assert people.rename(people.behind_email(MAIL, "Jana"), "Jana") is None
    named = done(people.rename(people.behind_email(MAIL, "Jana"), "Jana of the bakery"))
    assert named.person == Person(key="1", name="Jana of the bakery", emails=(MAIL,))
    caller = done(people.rename(people.behind_number(NUMBER), "Ben"))
    assert people.of_number(NUMBER) == caller.person
    assert people.undo(named.number)
    assert store.people() == [caller.person]


def test_a_customer_goes_by_the_name_that_the_founder_gave_them() -> None:
    people = some_people()
    customer = Mailer(name="J. N.", email=MAIL.upper())
    assert people.name_of(customer) == "J. N."
    people.join_number(MAIL, NUMBER, "")
    assert people.name_of(customer) == "J. N."
    people.rename(people.behind_email(MAIL), "Jana")
    assert people.name_of(customer) == "Jana"


def test_who_calls_and_writes_is_known_by_both() -> None:
    people = some_people()
    people.join_email("a@x", "b@x", "Ann")
    assert people.who_call_and_write() == []
    people.join_number(MAIL, NUMBER, "Jana")
    assert [one.name for one in people.who_call_and_write()] == ["Jana"]


def test_each_change_can_be_taken_back_once() -> None:
    store = MemoryDeskStore()
    people = some_people(store)
    ann = done(people.join_number("a@x", NUMBER, "Ann")).person
    moved = done(people.join_number("b@x", SECOND, "Ben"))
    taken = done(people.join_number("b@x", NUMBER, "Ben"))
    assert people.undo(taken.number)
    assert people.of_number(NUMBER) == ann
    assert not people.undo(taken.number)
    assert people.undo(moved.number)
    assert people.of_email("b@x") is None
    assert store.people() == [ann]
    split = done(people.split_number(NUMBER))
    assert people.undo(split.number)
    assert store.people() == [ann]


def test_what_a_later_change_has_removed_need_not_be_removed_again() -> None:
    people = some_people()
    made = done(people.join_number("a@x", NUMBER, "Ann"))
    people.split_number(NUMBER)
    people.split_email("a@x")
    assert people.undo(made.number)
    assert people.of_email("a@x") is None


def test_the_oldest_changes_cannot_be_taken_back() -> None:
    people = some_people()
    first = done(people.join_number("a@x", NUMBER, "Ann"))
    for number in range(REMEMBERED_CHANGES):
        people.rename(first.person, f"Ann {number}")
    assert not people.undo(first.number)


def test_a_key_is_not_used_twice() -> None:
    store = MemoryDeskStore()
    store.save_person(Person(key="7", name="Ann", emails=("a@x",)))
    store.save_person(Person(key="from elsewhere", name="Ben", emails=("b@x",)))
    people = some_people(store)
    removed = done(people.split_email("a@x"))
    assert done(people.join_number("c@x", NUMBER, "Cleo")).person.key == "8"
    people.undo(removed.number)
    assert [one.key for one in store.people()] == ["7", "8", "from elsewhere"]


def test_somebody_who_is_not_joined_is_a_stranger() -> None:
    people = some_people()
    assert people.behind_number(NUMBER, "J") == Person(key="", name="J", numbers=("420111",))
    assert people.behind_number("", "J") == Person(key="", name="J")
    assert people.behind_email("A@x", "J") == Person(key="", name="J", emails=("a@x",))
    jana = done(people.join_number(MAIL, NUMBER, "Jana")).person
    assert people.behind_number(NUMBER, "J") == people.behind_email(MAIL, "J") == jana


@pytest.mark.parametrize("told", ["", "420-111", "Bakery"])
def test_a_number_is_shown_as_its_person_whatever_the_phone_says(told: str) -> None:
    people = some_people()
    caller = a_caller("1", number=NUMBER, name=told)
    assert people.named(caller) == caller
    people.join_number(MAIL, NUMBER, "Jana")
    assert people.named(caller) == replace(caller, name="Jana")


def test_names_by_number() -> None:
    people = some_people()
    people.join_number("ben@x", SECOND, "")
    people.join_number(MAIL, NUMBER, "Jana")
    [(number, name)] = people.names().items()
    assert (people.owner_of(number), name) == ("2", "Jana")
    assert [people.owner_name(one) for one in (NUMBER, SECOND, "+9")] == ["Jana", "", ""]


def test_a_contact_is_an_address_or_a_number() -> None:
    people = some_people()
    people.join_number(MAIL, NUMBER, "Jana")
    for contact in (MAIL.upper(), NUMBER):
        found = people.of_contact(contact)
        assert found is not None
        assert found.name == "Jana"
    assert people.of_contact("") is None


def test_a_person_without_a_name_names_nobody() -> None:
    people = some_people()
    people.join_number(MAIL, NUMBER, "")
    caller = a_caller("1", number=NUMBER, name="")
    assert people.named(caller) == caller


VALUES = st.sampled_from(["a@x", "b@x", "c@x"])
DIGITS = st.sampled_from(["1", "2", "3"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("number"), VALUES, DIGITS),
        st.tuples(st.just("email"), VALUES, VALUES),
        st.tuples(st.just("split"), VALUES, DIGITS),
        st.tuples(st.just("undo"), VALUES, DIGITS),
    ),
    max_size=12,
)


@given(STEPS)
def test_in_any_order_each_address_has_one_owner(steps: list[tuple[str, str, str]]) -> None:
    store = MemoryDeskStore()
    people = some_people(store)
    changes: list[int] = []
    for act, first, second in steps:
        change = None
        if act == "number":
            change = people.join_number(first, second, first)
        elif act == "email":
            change = people.join_email(first, second, first)
        elif act == "split":
            change = people.split_number(second) or people.split_email(first)
        elif changes:
            assert people.undo(changes.pop(0))
        changes += [change.number] if change else []
        kept = store.people()
        owned = [value for one in kept for value in (*one.emails, *one.numbers)]
        assert len(owned) == len(set(owned))
        assert all(one.emails or one.numbers for one in kept)
        again = some_people(store)
        for value in ("a@x", "b@x", "c@x"):
            assert people.of_email(value) == again.of_email(value)
        for value in ("1", "2", "3"):
            assert people.of_number(value) == again.of_number(value)


def test_people_that_were_deleted_elsewhere_are_not_brought_back() -> None:
    store = MemoryDeskStore()
    people = some_people(store)
    change = done(people.join_number(MAIL, NUMBER, "Jana"))
    other = done(people.join_number("pavel@x.example", SECOND, "Pavel")).person
    version = people.version
    store.remove_person(change.person.key)
    people.read_again()
    assert people.version > version
    assert people.of_email(MAIL) is people.of_number(NUMBER) is None
    assert people.of_number(SECOND) == other
    assert not people.undo(change.number)


class _FullOnce(MemoryDeskStore):
    """A disk that is full for the next write."""

    is_full = False

    def save_person(self, person: Person) -> None:
        if self.is_full:
            self.is_full = False
            raise StoreError("The disk is full", "Make room.")
        super().save_person(person)


def test_what_a_full_disk_does_not_take_back_can_be_taken_back_later() -> None:
    store = _FullOnce()
    people = some_people(store)
    joined = done(people.join_number(MAIL, NUMBER, "Jana"))
    split = done(people.split_number(NUMBER))
    store.is_full = True
    with pytest.raises(StoreError):
        people.undo(split.number)
    assert people.undo(split.number)
    assert people.of_number(NUMBER) == joined.person == store.people()[0]
    assert not people.undo(split.number)
