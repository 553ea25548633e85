from dataclasses import replace

from supportdesk.services.contacts import MOST_CONTACTS, Contact, ContactKind
from tests.fakes.happenings import (
    DeskRig,
    a_caller,
    a_member,
    a_message,
    after,
    an_answer,
    arrived,
    joined,
    missed,
)

NUMBER = "+420 111"
MAIL = a_message(1, who="Jana Nova", at=after(10), subject="The oven")
JANA = MAIL.sender


def a_rig(*, is_joined: bool = True) -> DeskRig:
    rig = DeskRig().listen(a_member("Anna"))
    rig.apply(arrived(MAIL, a_message(2, who="Ben")))
    rig.apply(missed("1", at=20))
    if is_joined:
        rig.join(JANA, NUMBER)
    return rig


def note(rig: DeskRig, words: str, *, at: float, call: str = "call/Office/1") -> None:
    known = rig.desk.calls.call(call)
    assert known is not None
    rig.desk.notes.write(f"note {at}", known, words, after(at))


def told(contacts: tuple[Contact, ...]) -> list[tuple[ContactKind, str, float]]:
    start = after(0)
    return [(one.kind, one.words, (one.at - start).total_seconds()) for one in contacts]


def test_the_last_contacts_of_a_person_of_any_kind_newest_first() -> None:
    rig = a_rig()
    note(rig, "Wants bread", at=30)
    rig.apply(arrived(an_answer(9, MAIL, at=after(40))))
    jana = rig.desk.people.behind_number(NUMBER)
    latest = rig.desk.contacts.latest(jana)
    assert told(latest) == [
        (ContactKind.ANSWER, "Re: The oven", 40),
        (ContactKind.NOTE, "Wants bread", 30),
        (ContactKind.CALL, "", 20),
        (ContactKind.MAIL, "The oven", 10),
    ]
    assert [one.by for one in latest] == ["Anna", "", "", ""]
    assert latest[2].call == rig.desk.calls.by_number.of([NUMBER])[0]
    assert len(rig.desk.contacts.latest(jana, but={MAIL.key})) == 3


def test_no_more_than_five() -> None:
    rig = a_rig()
    for number in range(2, 9):
        rig.apply(missed(f"{number}", at=20 + number))
    latest = rig.desk.contacts.latest(rig.desk.people.behind_number(NUMBER))
    assert [one.key for one in latest] == [f"call/Office/{one}" for one in (8, 7, 6, 5, 4)]
    assert len(latest) == MOST_CONTACTS


def test_a_stranger_has_contacts_of_their_address_or_number() -> None:
    rig = a_rig(is_joined=False)
    people, contacts = rig.desk.people, rig.desk.contacts
    assert [one.kind for one in contacts.latest(people.behind_email(JANA.email))] == [
        ContactKind.MAIL
    ]
    assert [one.kind for one in contacts.latest(people.behind_number(NUMBER))] == [ContactKind.CALL]
    assert contacts.latest(people.behind_number("")) == ()


def test_the_card_of_a_caller() -> None:
    rig = a_rig()
    rig.apply(arrived(an_answer(9, MAIL, at=after(40)), a_message(3, who="Jana Nova")))
    note(rig, "First", at=50)
    note(rig, "Second", at=60)
    rig.apply(joined(a_caller("2", number=NUMBER, name="", at=after(70))))
    card = rig.desk.contacts.of_caller(NUMBER, "")
    assert card.person.name == "Jana Nova"
    assert card.mail is not None
    assert card.note is not None
    assert card.call is not None
    assert (card.mail.words, card.note.words, card.call.key) == (
        "The oven",
        "Second",
        "call/Office/1",
    )
    assert not card.is_namesake


def test_a_caller_of_the_name_of_a_customer() -> None:
    rig = a_rig(is_joined=False)
    card = rig.desk.contacts.of_caller("+49 9", "  JANA  nova ")
    assert card.mail is not None
    assert card.mail.key == MAIL.key
    assert card.is_namesake
    assert card.person.key == ""
    assert (card.note, card.call) == (None, None)


def test_names_follow_the_inbox() -> None:
    rig = a_rig()
    contacts = rig.desk.contacts
    assert contacts.emails_named("Cleo") == ()
    rig.apply(arrived(a_message(5, who="Cleo"), a_message(6, who="Cleo")))
    assert contacts.emails_named("cleo") == ("cleo@out.example",)
    assert contacts.emails_named("Cleo") == contacts.emails_named("cleo")
    assert contacts.emails_named(" ") == ()


def test_a_nameless_customer_is_nobodys_namesake_and_a_machine_neither() -> None:
    rig = a_rig()
    nameless = a_message(7)
    rig.apply(arrived(replace(nameless, sender=replace(nameless.sender, name=""))))
    rig.apply(arrived(a_message(8, who="Shop", is_robot=True)))
    assert rig.desk.contacts.emails_named("") == ()
    assert rig.desk.contacts.emails_named("Shop") == ()


def test_mail_of_a_machine_is_not_what_a_person_wrote() -> None:
    rig = a_rig(is_joined=False)
    shop = a_message(8, who="Shop", is_robot=True)
    rig.apply(arrived(shop))
    rig.join(shop.sender, "+49 9")
    assert rig.desk.contacts.of_caller("+49 9", "").mail is None
