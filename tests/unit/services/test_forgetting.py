from dataclasses import replace

import pytest

from supportdesk.domain.errors import StoreError
from supportdesk.domain.people import Person
from supportdesk.services.forgetting import (
    STAYS,
    Forgotten,
    Known,
    Mentions,
    Traces,
    done_words,
    is_number,
    meant,
    refuse_own,
)
from tests.fakes.happenings import same_number

ANNA = Person(key="1", name="Anna Nováková", emails=("anna@x.example",), numbers=("420601234567",))
PAVEL = Person(key="2", name="Pavel", numbers=("420777",))
KNOWN = (
    Known(name="A. Nováková", email="Anna@X.example"),
    Known(name="ANNA", number="+420 601 234 567"),
    Known(name="Bob Rowe", email="bob@y.example"),
    Known(name="Bob Rowe", number="+33 1 22 33 44 55"),
    Known(name="Carl", email="carl@y.example"),
    Known(name="+33 9", number="+33 9"),
    Known(name="eve@y.example", email="eve@y.example"),
)
WHOLE_ANNA = Forgotten(
    emails=("anna@x.example",),
    numbers=("420601234567",),
    spellings=("+420 601 234 567",),
    names=("Anna Nováková", "A. Nováková", "ANNA"),
)


def who(text: str) -> Forgotten:
    return meant(text, [ANNA, PAVEL], KNOWN, same_number)


# --- who is meant ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["anna@x.example", " ANNA@x.example ", "+420 601 234 567", "anna novakova", "a. nováková"],
)
def test_one_address_number_or_name_is_the_whole_person(text: str) -> None:
    assert who(text) == WHOLE_ANNA
    assert WHOLE_ANNA.label == "Anna Nováková (anna@x.example, 420601234567)"


def test_whoever_was_joined_with_nothing_is_what_they_are_known_by() -> None:
    assert who("pavel") == Forgotten(numbers=("420777",), names=("Pavel",))
    assert who("carl") == Forgotten(emails=("carl@y.example",), names=("Carl",))
    assert who("+33 9") == Forgotten(numbers=("339",), spellings=("+33 9",))
    assert who("eve@y.example") == Forgotten(emails=("eve@y.example",))
    assert who("new@z.example").label == "new@z.example"


def test_a_name_of_several_is_asked_about() -> None:
    with pytest.raises(StoreError) as caught:
        who("bob rowe")
    assert caught.value.title == "“bob rowe” may be 2 people"
    assert caught.value.advice.endswith("number: bob@y.example; 33122334455.")


def test_of_very_many_the_first_are_named() -> None:
    many = [Known(name="Info", email=f"info@{number}.example") for number in range(10)]
    with pytest.raises(StoreError, match=r"info@7\.example; and 2 more"):
        meant("Info", [], many, same_number)


def test_a_name_that_nobody_has() -> None:
    with pytest.raises(StoreError, match=r"Say which one: Bob Rowe\."):
        who("rowe")
    for text in ("zoe", ""):
        with pytest.raises(StoreError, match="Say the name as it is shown"):
            who(text)


def test_the_team_itself_is_not_forgotten() -> None:
    own = replace(WHOLE_ANNA, own=frozenset({"anna@x.example"}))
    with pytest.raises(StoreError, match="an address of your own team"):
        refuse_own(own)
    refuse_own(WHOLE_ANNA)


def test_a_number_has_no_letters() -> None:
    assert is_number("+420 (601) 23/4-5")
    assert not is_number("Anna 2")
    assert not is_number("+")


def test_another_process_is_told_enough() -> None:
    told = Forgotten.of_fields(replace(WHOLE_ANNA, own=frozenset({"us@x"})).as_fields())
    assert told == replace(WHOLE_ANNA, spellings=(), own=frozenset({"us@x"}))
    assert Forgotten.of_fields({"emails": "x", "numbers": [1]}) == Forgotten()


# --- what is theirs ----------------------------------------------------------------------


def test_mail_from_them_and_ours_to_them_alone_is_theirs() -> None:
    anna = replace(WHOLE_ANNA, own=frozenset({"us@x.example"}))
    assert anna.wrote_or_got("ANNA@x.example", ["us@x.example"], is_outgoing=False)
    assert not anna.wrote_or_got("bob@y.example", ["anna@x.example"], is_outgoing=False)
    assert anna.wrote_or_got("us@x.example", ["Anna@x.example", "US@x.example"], is_outgoing=True)
    assert not anna.wrote_or_got("us@x.example", ["anna@x.example", "bob@y"], is_outgoing=True)
    assert not anna.wrote_or_got("us@x.example", ["us@x.example"], is_outgoing=True)


@pytest.mark.parametrize(
    "text",
    [
        "Write to ANNA@X.EXAMPLE.",
        "https://x.example/?to=anna%40x.example&a=1",
        "+420 601 234 567",
        "00420601234567",
        "call (0)601/234-567 now",
    ],
)
def test_a_text_names_them_however_it_is_spelled(text: str) -> None:
    anna = Mentions(replace(WHOLE_ANNA, spellings=("601234567",)))
    assert anna.are_in(text)
    assert anna.names_are_in(text)
    assert "…" in anna.blotted(text)
    assert not anna.are_in(anna.blotted(text))


@pytest.mark.parametrize(
    "text", ["joanna@x.example", "anna@x.example.com", "invoice 1420601234567", "Anna Nováková"]
)
def test_what_is_longer_or_only_a_name_does_not(text: str) -> None:
    anna = Mentions(replace(WHOLE_ANNA, spellings=("601234567",)))
    assert not anna.are_in(text)
    assert anna.blotted(text) == text


def test_names_are_whole_words_and_labels_begin_with_them() -> None:
    anna = Mentions(WHOLE_ANNA)
    assert anna.names_are_in("from anna nováková, today")
    assert not anna.names_are_in("Annalisa")
    assert anna.are_called("Anna Nováková: Where is my order?")
    assert anna.are_called("ANNA")
    assert anna.are_called("anna@x.example: hello")
    assert not anna.are_called("Anna Lee: hello")


def test_short_numbers_and_names_are_not_looked_for_in_texts() -> None:
    short = Mentions(Forgotten(numbers=("204",), names=("Al",)))
    assert not short.are_in("room 204")
    assert not short.names_are_in("Al")


def test_who_calls_from_an_address_is_found_by_it() -> None:
    calling = Mentions(Forgotten(numbers=("anna7654321@sip.example",)))
    assert calling.are_in("sip:anna7654321@sip.example")
    assert not calling.are_in("7654321")


# --- what is said ------------------------------------------------------------------------


def test_what_goes_is_counted() -> None:
    traces = Traces(
        mails=1,
        files=2,
        calls=3,
        notes=1,
        drafts=2,
        quotes=2,
        lessons=1,
        promises=1,
        lifts=1,
        alerts=1,
        mentions=1,
        spans=2,
        seconds=125,
        is_person=True,
    )
    assert traces.question == (
        "This deletes 1 mail with its text, 2 files, 3 calls, 1 note, 2 drafts or sent answers, 2 "
        "kept quotes, 1 lesson, 1 promise, 1 lift, 1 alert, the person with all that was joined "
        "from this computer, and nothing brings it back. 1 mail, note, draft or quote of others "
        "names them: there it is blotted out, and cached texts go. 2 minutes with them stay in "
        "your log, without name and link."
    )
    assert Traces().is_nothing
    assert Traces().question == ""
    assert Traces(mails=2).question == (
        "This deletes 2 mails with their texts from this computer, and nothing brings it back."
    )
    assert Traces(spans=1, seconds=60).words == "nothing else"


def test_the_end_says_what_is_left_and_where() -> None:
    words = done_words(WHOLE_ANNA, Traces(mails=2), ["settings.toml", "calls.csv"])
    assert words.startswith(f"{WHOLE_ANNA.label} is forgotten here: 2 mails with their texts. The")
    assert STAYS in words
    assert "team is not touched" in words
    assert words.endswith(
        "named in settings.toml and calls.csv: that is yours to change or to delete."
    )
    assert done_words(WHOLE_ANNA, Traces(), []).endswith(STAYS)
