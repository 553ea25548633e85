from supportdesk.domain.calls import UNKNOWN_NUMBER
from supportdesk.domain.people import Person
from supportdesk.services.naming import Naming
from tests.fakes.cards import MemoryCards

NUMBER, SECOND, EMAIL = "+493012345678", "+49308765432", "bo@li.example"
CARDS = MemoryCards(
    Person(key="1", name="Bo Lindqvist", numbers=(NUMBER, SECOND), emails=(EMAIL,)),
    Person(key="2", name="", numbers=("+4712",)),
)
SHOWN, MASKED = (Naming(cards=CARDS, is_masked=one) for one in (False, True))


def test_a_number_of_then_is_a_person_by_now() -> None:
    assert SHOWN.name(NUMBER, NUMBER) == "Bo Lindqvist"
    assert MASKED.name(NUMBER, NUMBER) == "B. L."
    assert SHOWN.name("", EMAIL) == "Bo Lindqvist"


def test_a_name_of_then_stays_what_it_was() -> None:
    assert SHOWN.name("Bosse", NUMBER) == "Bosse"
    assert MASKED.name("Bosse", NUMBER) == "B."


def test_whoever_is_not_known_stays_what_stood_there() -> None:
    assert SHOWN.name("+4712", "+4712") == "+4712"
    assert SHOWN.name("+4799", "+4799") == "+4799"
    assert MASKED.name("+4712", "+4712") == "a customer"
    assert SHOWN.name(UNKNOWN_NUMBER, "") == UNKNOWN_NUMBER
    assert MASKED.name(UNKNOWN_NUMBER, "") == "a customer"


def test_a_mask_leaves_out_the_names_of_then_and_now_and_all_of_the_card() -> None:
    words = "Bosse here, Bo Lindqvist, on 876-54-32"
    assert MASKED.words(words, "Bosse", NUMBER) == "[…] here, […], on […]"
    assert SHOWN.words(words, "Bosse", NUMBER) == words
    assert MASKED.words("Bosse or Bo", "Bosse", "+4799") == "[…] or Bo"


def test_a_withheld_number_takes_no_word_out() -> None:
    words = "The unknown number is 7"
    assert MASKED.words(words, UNKNOWN_NUMBER, "") == words
