"""What leaves the desk masked says who it was by initials at most."""

import pytest

from supportdesk.services.masking import is_name, masked_name, masked_words


@pytest.mark.parametrize(
    ("who", "contact", "shown"),
    [
        ("Anna Holm", "anna@holm.example", "A. H."),
        ("eva nováková-malá", "", "E. N. M."),
        ("李雷", "", "李."),
        ("anna@holm.example", "anna@holm.example", "a customer"),
        ("Anna (anna@holm.example)", "", "a customer"),
        ("+420601234567", "+420601234567", "a customer"),
        ("+420 601 234 567", "+420601234567", "a customer"),
        ("", "", "a customer"),
    ],
)
def test_a_name_becomes_initials(who: str, contact: str, shown: str) -> None:
    assert masked_name(who, contact) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Thanks, Anna.", "Thanks, […]."),
        ("HOLM is my name, Holmes is not", "[…] is my name, Holmes is not"),
        ("Write to anna.h+x@holm.example.", "Write to […]."),
        ("Call +45 33 12 34 56 or (0420) 601-234-567!", "Call […] or […]!"),
        ("It cost 1 234 567,50 in 2026", "It cost 1 234 567,50 in 2026"),
        ("Order 20261122", "Order 20261122"),
        ("My number is k-77", "My number is […]"),
    ],
)
def test_words_lose_name_addresses_and_numbers_visibly(words: str, shown: str) -> None:
    assert masked_words(words, ["Anna Holm"], ["k-77"]) == shown


def test_a_short_name_is_no_reason_to_tear_words_apart() -> None:
    assert masked_words("Do it", ["Do It Li"]) == "Do it"


@pytest.mark.parametrize(
    ("words", "who", "shown"),
    [
        ("我是王伟，谢谢", "王伟", "我是[…]，谢谢"),
        ("我是王伟", "王 伟", "我是[…]"),
        ("मैं सुनीता हूँ", "सुनीता", "मैं […] हूँ"),
        ("ושרה כתבה", "שרה", "ו[…] כתבה"),
        ("Jose\u0301 here", "Jos\u00e9", "[…] here"),
        ("Jos\u00e9 here", "Jose\u0301", "[…] here"),
        ("Annas Rechnung, Anna's bill", "Anna Holm", "[…] Rechnung, […] bill"),
        ("s Annou Novákovou, Novákovi", "Anna Novák", "s […] […], […]"),
        ("anny is no name", "Anna Holm", "anny is no name"),
        ("The list of the Smiths", "The Smiths", "The list of […]"),
        ("Will it work? It will in May.\nWill", "Will", "Will it work? It will in May.\n[…]"),
        ("It may, says Will May's wife, or Will", "Will May", "It may, says […] wife, or […]"),
        ("I am Li Wu. Do it, Li", "Li Wu", "I am […]. Do it, […]"),
        ("A b is a letter", "B", "A b is a letter"),
        ("eve and Evens, Eve", "Eve", "[…] and Evens, […]"),
        ("ibrahim or Işıl", "İbrahim Işil", "[…] or […]"),
    ],
)
def test_names_are_recognised_as_people_write_them(words: str, who: str, shown: str) -> None:
    assert masked_words(words, [who]) == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Will here, from Acme", "[…] here, from Acme"),
        (
            "Will from Acme. Will you call? Will it rain?",
            "[…] from Acme. Will you call? Will it rain?",
        ),
        ("Will's order. Will, the baker", "[…] order. […], the baker"),
        ("Thanks. Will. Bye", "Thanks. […]. Bye"),
        ("Will and I wait. Will and can", "[…] and I wait. Will and can"),
        ("Will says no – ask Mr. Will", "[…] says no – ask Mr. […]"),
        ("Will hier. Will de Boer", "[…] hier. Will de Boer"),
        ("Will K. Brown here; Will  Brown", "[…] here; […]"),
        ("Will the Brown one be back?", "Will the […] one be back?"),
    ],
)
def test_a_name_that_is_a_word_is_known_by_what_follows(words: str, shown: str) -> None:
    assert masked_words(words, ["Will Brown"]) == shown


@pytest.mark.parametrize(
    ("words", "who", "shown"),
    [
        ("Jose here, jose@", "José Ruiz", "[…] here, […]@"),
        ("s Annou Novakovou, JANA NOVAKOVA", "Jana Nováková", "s Annou […], […]"),
        ("Muller or Mueller, MÜLLER", "Eva Müller", "[…] or […], […]"),
        ("WEISS, Weiss or Weiß", "Weiß", "[…], […] or […]"),
        ("Soeren and Soren", "Søren", "[…] and […]"),
        ("Petr Петр", "Пётр", "Petr […]"),
        ("王伟 and Ana", "王伟 Aña", "[…] and […]"),
        ("WILL here. Ask WILL", "Will", "[…] here. Ask […]"),
        ("WILL YOU WILL IT", "Will Ek", "WILL YOU WILL IT"),
    ],
)
def test_names_are_recognised_without_accents_and_in_capitals(
    words: str, who: str, shown: str
) -> None:
    assert masked_words(words, [who]) == shown


@pytest.mark.parametrize(
    ("words", "who", "shown"),
    [
        ("Bo here. bo is no name, BO is", "Bo Ek", "[…] here. bo is no name, […] is"),
        ("Al here. Al dente", "Al", "[…] here. Al dente"),
        ("Das ist so. Herr Das", "Ira Das", "Das ist so. Herr […]"),
        ("You said so, says Mrs. You", "Min You", "You said so, says Mrs. […]"),
    ],
)
def test_short_names_count_with_their_capital(words: str, who: str, shown: str) -> None:
    assert masked_words(words, [who]) == shown


def test_the_name_of_then_and_the_name_of_now_are_left_out() -> None:
    names, contacts = ["+49301234567", "Anna", "Anna Müller"], ["+49301234567", "a@x.example"]
    words = "Anna Müller wants a refund, Müller said on 123 45 67"
    assert masked_words(words, names, contacts) == "[…] wants a refund, […] said on […]"


def test_a_number_or_an_address_is_no_name() -> None:
    assert is_name("Anna", "anna@x.example")
    assert not any(map(is_name, ["", " ", "+49 30 1234567", "a@x.example"]))
    assert not is_name("Kitchen", "kitchen")


@pytest.mark.parametrize(
    ("words", "contact", "shown"),
    [
        ("Call 555 1234", "+1 212 555-1234", "Call […]"),
        ("Call (212) 555 1234 or 555-12-34.", "5551234", "Call […] or […]."),
        ("In 2012 it was 12", "12", "In 2012 it was […]"),
        ("Paid 5551235", "5551234", "Paid 5551235"),
    ],
)
def test_their_own_number_may_be_short(words: str, contact: str, shown: str) -> None:
    assert masked_words(words, ["Anna Holm"], [contact]) == shown


def test_initials_of_a_script_with_vowel_signs_are_one_to_a_word() -> None:
    assert masked_name("सुनीता शर्मा") == "स. श."


def test_a_long_run_is_looked_at_once() -> None:
    run = "a" * 1_000_000
    assert masked_words(run, ["Anna Holm", "王小明"], ["+420 601 234 567"]) == run
