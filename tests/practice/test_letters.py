"""The mail of the practice: whole, threaded, and like mail from real people."""

import email
import email.policy
import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import phonenumbers
import pytest

from supportdesk.practice.company import load_company
from supportdesk.practice.letters import Letter, LetterKind, load_letters
from supportdesk.practice.mail_server import INBOX, SENT
from supportdesk.practice.post_office import Posted, PostOffice

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
COMPANY = load_company()
LETTERS = load_letters()
EVERYTHING = (*LETTERS.before, *LETTERS.live.values())


def posted_all(lap: int = 0) -> dict[str, Posted]:
    office = PostOffice(COMPANY, token="t0")
    posted = {
        letter.key: office.post(letter, at=NOW - timedelta(minutes=letter.minutes_ago))
        for letter in LETTERS.before
    }
    for letter in LETTERS.live.values():
        posted[letter.key] = office.post(letter, at=NOW, lap=lap)
    return posted


POSTED = posted_all()


def parsed(key: str) -> EmailMessage:
    return email.message_from_bytes(POSTED[key].raw, policy=email.policy.default)


def test_there_is_enough_to_read() -> None:
    assert len(EVERYTHING) >= 50
    from_customers = {
        letter.sender
        for letter in LETTERS.before
        if letter.kind is LetterKind.PERSON and letter.sender not in COMPANY.team
    }
    assert len(from_customers) >= 13
    assert len({letter.key for letter in EVERYTHING}) == len(EVERYTHING)


def test_ages_are_those_of_a_living_mailbox() -> None:
    ages = [letter.minutes_ago for letter in LETTERS.before]
    assert ages == sorted(ages, reverse=True)
    assert min(ages) > 10
    assert max(ages) < 9 * 24 * 60
    for letter in LETTERS.before:
        if letter.replies_to:
            (parent,) = [p for p in LETTERS.before if p.key == letter.replies_to]
            assert parent.minutes_ago > letter.minutes_ago, letter.key


def test_somebody_waits_and_somebody_was_answered() -> None:
    answers = {letter.replies_to for letter in LETTERS.before if letter.sender in COMPANY.team}
    customers = [
        letter
        for letter in LETTERS.before
        if letter.kind is LetterKind.PERSON and letter.sender not in COMPANY.team
    ]
    waiting = [letter.sender for letter in customers if not letter.answered]
    assert waiting == ["ingrid", "pavel", "aubry", "deirdre", "tomasz"]
    assert answers <= {letter.key for letter in customers if letter.answered}


@pytest.mark.parametrize("letter", EVERYTHING, ids=lambda letter: letter.key)
def test_every_letter_becomes_a_message(letter: Letter) -> None:
    posted = POSTED[letter.key]
    message = parsed(letter.key)
    is_ours = letter.sender in COMPANY.team
    assert posted.mailbox == (SENT if is_ours else INBOX)
    assert message["Message-ID"] == posted.message_id
    assert message.defects == []
    ours, theirs = ("From", "To") if is_ours else ("To", "From")
    assert COMPANY.address in message[ours]
    assert message[theirs].addresses[0].domain.endswith((".example", "larder.app"))
    expected = NOW - timedelta(minutes=letter.minutes_ago)
    assert message["Date"].datetime == expected.replace(microsecond=0)
    assert b"\n" not in posted.raw.replace(b"\r\n", b"")
    body = message.get_body(preferencelist=("plain", "html"))
    assert body is not None
    assert body.get_content().strip()


def test_colleagues_are_named_in_their_answers() -> None:
    sender = parsed("ingrid-promise")["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ("Tomáš Beran", COMPANY.address)


def test_threads_hold_together() -> None:
    third = parsed("ingrid-third")
    assert third["In-Reply-To"] == POSTED["ingrid-promise"].message_id
    references = third["References"].split()
    assert references == [
        POSTED[key].message_id
        for key in ("ingrid-twice", "ingrid-twice-answer", "ingrid-again", "ingrid-promise")
    ]


def test_quotes_are_in_the_customers_tongue() -> None:
    body = parsed("katrin-stays").get_body(preferencelist=("plain",))
    assert body is not None
    text = body.get_content()
    head = r"^Am \d\d\.\d\d\.\d{4} um \d\d:\d\d schrieb Anna Dvořák:\r?$"
    assert re.search(head, text, re.MULTILINE)
    assert "> Liebe Frau Sommer," in text


def test_signatures_hold_the_number_the_customer_calls_from() -> None:
    regions = {"ingrid": "NO", "aubry": "FR", "deirdre": "GB", "noor": "GB", "linde": "DE"}
    regions |= {"hannah": "GB", "mikael": "SE", "rosalind": "US", "moulin": "FR"}
    for person in COMPANY.correspondents.values():
        if not person.phone:
            continue
        found = phonenumbers.PhoneNumberMatcher(person.signature, regions.get(person.key))
        numbers = [
            phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            for match in found
        ]
        assert numbers == [person.phone], person.key
        assert phonenumbers.is_valid_number(phonenumbers.parse(person.phone)), person.key


def test_the_odd_ones_are_there() -> None:
    assert parsed("rosalind-clocks-thanks").get_content_type() == "text/html"
    assert parsed("ingrid-third").get_content_type() == "multipart/alternative"
    raw = POSTED["giulia-starter"].raw
    assert b"\r\nSubject: Perch\xe9 il lievito madre" in raw
    assert b'charset="iso-8859-1"' in raw
    (attachment,) = parsed("tomasz-row-212").iter_attachments()
    assert attachment.get_filename() == "receptury-205-220.csv"
    assert "zakwas" in attachment.get_content()
    (calendar,) = [p for p in parsed("moulin-invite").walk() if "calendar" in p.get_content_type()]
    assert calendar.get_param("method") == "REQUEST"
    assert "BEGIN:VEVENT" in calendar.get_content()


def test_robots_can_be_told_from_people() -> None:
    assert parsed("crumb-report")["List-Id"]
    assert parsed("watchtower-slow")["Auto-Submitted"] == "auto-generated"
    assert parsed("linde-away")["Auto-Submitted"] == "auto-replied"
    assert parsed("postmaster-bounce")["Return-Path"] == "<>"
    assert parsed("ingrid-third")["Auto-Submitted"] is None
    assert "tlf" not in POSTED["paywell-payout"].text


def test_a_later_lap_and_another_run_are_new_mail() -> None:
    again = posted_all(lap=1)
    other_run = PostOffice(COMPANY, token="t1").post(LETTERS.before[0], at=NOW)
    assert again["eszter-christmas"].message_id != POSTED["eszter-christmas"].message_id
    assert other_run.message_id != POSTED[LETTERS.before[0].key].message_id
    # An answer on a later lap belongs to that lap's letter, or to what lay there before.
    assert again["linde-scales"].message_id in again["linde-scales-answer"].references
    assert POSTED["ingrid-third"].message_id in again["ingrid-friday"].references


def test_a_letter_to_nobody_is_a_mistake_in_the_file() -> None:
    letter = Letter(key="x", sender="nobody", subject="x")
    with pytest.raises(KeyError, match="nobody has the key nobody"):
        PostOffice(COMPANY, token="t").post(letter, at=NOW)


def test_anybody_answers_the_founder_somehow() -> None:
    for key in ("ingrid", "hannah"):
        follow_up = LETTERS.follow_up_of(key)
        assert follow_up is not None
        assert follow_up.text.strip()


def test_nothing_in_the_mail_names_a_real_place_on_the_net() -> None:
    for posted in POSTED.values():
        for host in re.findall(r"https?://([^/\s\"<>]+)", posted.text):
            assert host.endswith((".example", "larder.app")), host


def test_paragraphs_are_not_broken_as_in_the_files() -> None:
    paragraph = POSTED["deirdre-totals"].text.split("\n\n")[1]
    assert paragraph.startswith("The new stock sheet saved me an hour")
    assert "\n" not in paragraph
    assert "\n2. the scale itself\n3. Settings" in POSTED["mikael-comma"].text
