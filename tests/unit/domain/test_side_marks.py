from dataclasses import replace

import pytest

from supportdesk.domain.side_marks import (
    Claim,
    MailNote,
    claim_name,
    claim_order,
    claimer_of,
    claims_among,
    marker_form,
    marker_uid,
    renewed_form,
    shared_note_id,
    tag_name,
)
from tests.fakes.happenings import T0


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Billing", "billing"),
        ("#late payer", "late-payer"),
        ("  Účet / Rechnung ", "účet-rechnung"),
        ("--", ""),
        ("\x00\r\n\u202e", ""),
        ("x" * 99, "x" * 30),
    ],
)
def test_a_label_is_one_short_word(words: str, name: str) -> None:
    assert tag_name(words) == name


@pytest.mark.parametrize(
    ("words", "name"),
    [("Anna", "anna"), ("Anna Nová", "anna-nov"), ("(\\*", ""), ("a+b#c", "a-b-c"), ("", "")],
)
def test_who_claims_is_said_in_what_a_keyword_may_hold(words: str, name: str) -> None:
    assert claim_name(words) == name


def test_a_renewed_claim_is_of_the_same_person_in_another_form() -> None:
    assert renewed_form("anna") == "anna--r"
    assert renewed_form("anna--r") == "anna"
    assert (
        claimer_of("anna--r") == claimer_of("anna") == claimer_of(marker_form("anna", 7)) == "anna"
    )
    assert Claim(item="mail/S/<1>", form="anna--r", since=T0).who == "anna"


def test_the_least_name_holds_and_of_markers_the_first() -> None:
    assert sorted(["bob", "anna--r"], key=claim_order) == ["anna--r", "bob"]
    markers = [marker_form("anna", 10), marker_form("bob", 9)]
    assert sorted(markers, key=claim_order) == ["bob#9", "anna#10"]
    assert claim_order("bob#x") == (0, "bob")
    assert (marker_uid("bob#9"), marker_uid("bob")) == (9, 0)


def test_claims_are_found_among_flags_in_any_case() -> None:
    flags = ["\\seen", "$sd-claim-anna", "$SD-Claim-bob--r", "$SD-sending-anna-1"]
    assert claims_among(flags) == {"anna", "bob--r"}


def test_a_shared_note_has_one_name_for_all_its_words_and_every_founder_another() -> None:
    note = MailNote(key="note/1/mail/S/<1@x>", item="mail/S/<1@x>", words="a", at=T0)
    later = replace(note, words="b", is_shared=True)
    assert shared_note_id(note, "anna") == shared_note_id(later, "anna")
    assert shared_note_id(note, "anna") != shared_note_id(note, "bob")
    assert shared_note_id(note, "anna").endswith("@supportdesk.invalid>")
