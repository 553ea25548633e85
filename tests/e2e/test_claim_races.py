"""Two founders, two whole apps, one mailbox: both say "mine" of the same mail at the same moment.

One has it, on both screens and on the server; the other one is told.
"""

import imaplib
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.answering_app import AnsweringApp
from tests.e2e.two_founders import NAMES, founders_at, key_of, mailbox_with
from tests.lab.mail import PASSWORD, DovecotLab
from tests.lab.waiting import LOOPBACK, wait_until

pytestmark = pytest.mark.dovecot

ROUNDS = 12
_MINE = "Mine: your team sees that you answer this"


@pytest.fixture
def user(dovecot_lab: DovecotLab) -> str:
    return mailbox_with(dovecot_lab, ROUNDS)


@pytest.fixture
def founders(
    dovecot_lab: DovecotLab, user: str, tmp_path: Path
) -> Iterator[dict[str, AnsweringApp]]:
    with founders_at(dovecot_lab, user, tmp_path, waiting=ROUNDS) as founders:
        yield founders


def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told(
    founders: dict[str, AnsweringApp], dovecot_lab: DovecotLab, user: str
) -> None:
    won = [_race(founders, dovecot_lab, user, number) for number in range(ROUNDS)]
    assert set(won) <= set(NAMES)


def test_a_claim_is_taken_over_after_a_question_and_let_go_by_the_answer(
    founders: dict[str, AnsweringApp], dovecot_lab: DovecotLab, user: str
) -> None:
    anna, ben = founders["anna"], founders["ben"]
    for app in (anna, ben):
        app.open(key_of(0))
    anna.press("m")
    anna.wait_to_read(_MINE)
    ben.wait_to_read("Anna has it")
    ben.press("m")
    ben.click("Take over")
    ben.wait_to_read(_MINE)
    anna.wait_to_read("Ben has this one")
    assert _claims(dovecot_lab, user, 0) == ["ben"]
    ben.begin_answer(key_of(0))
    ben.type("It leaves today.")
    ben.send()
    ben.wait_for_unsent(0)
    wait_until(lambda: _claims(dovecot_lab, user, 0) == [], seconds=60, what="the claim let go")


def _race(founders: dict[str, AnsweringApp], lab: DovecotLab, user: str, number: int) -> str:
    """Who has it in the end; the other one's screen says so, and so does the server."""
    for app in founders.values():
        app.open(key_of(number))
    with ThreadPoolExecutor() as both:
        list(both.map(lambda app: app.press("m"), founders.values()))
    wait_until(lambda: _winner(founders) != "", seconds=60, what="that one of them has it")
    winner = _winner(founders)
    [loser] = [name for name in NAMES if name != winner]
    founders[loser].wait_to_read(f"{winner.capitalize()} has it")
    founders[loser].wait_to_read(f"{winner.capitalize()} has this one")
    wait_until(
        lambda: _claims(lab, user, number) == [winner], seconds=60, what="one claim on the server"
    )
    assert _winner(founders) == winner
    return winner


def _winner(founders: dict[str, AnsweringApp]) -> str:
    """The one whose screen says "mine" while the other's does not."""
    mine = [name for name, app in founders.items() if _MINE in app.names()]
    return mine[0] if len(mine) == 1 else ""


def _claims(lab: DovecotLab, user: str, number: int) -> list[str]:
    """Whose claims are on this message, as a third program sees them."""
    client = imaplib.IMAP4(LOOPBACK, lab.imap_port)
    try:
        client.login(user, PASSWORD)
        client.select("INBOX", readonly=True)
        _, [uids] = client.uid("SEARCH", "HEADER", "Message-ID", f"<{number}@example.org>")
        uid = uids.decode().split()[0]
        _, answers = client.uid("FETCH", uid, "(FLAGS)")
        # Servers may tell of what changed meanwhile, too; the last word on ours holds.
        flags = [one for one in answers if re.search(rf"UID {uid}\b".encode(), one)][-1]
        words = flags.decode().replace("(", " ").replace(")", " ").lower().split()
        return sorted(one.removeprefix("$sd-claim-") for one in words if "$sd-claim-" in one)
    finally:
        client.logout()
