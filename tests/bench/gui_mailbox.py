"""A mailbox of 100,000 small support mails in the lab's Dovecot, made in seconds."""

import imaplib
import os
import time
from pathlib import Path

from tests.lab.mail import PASSWORD, DovecotLab

YEARS = 3
_PEOPLE = 6_000
_SUBJECTS = (
    "Order {number} has not arrived",
    "Refund for the second pallet",
    "Cannot log in since the update",
    "Re: invoice {number}, once more",
    "Allergen labels: sesame is missing",
)


def fill_mailbox(lab: DovecotLab, address: str, count: int) -> None:
    """Write the maildir by hand, then let Dovecot index it, so that it answers at full speed."""
    root = lab.folder / "home" / address / "mail"
    for name in ("cur", "new", "tmp"):
        (root / name).mkdir(parents=True)
    now = int(time.time())
    span = YEARS * 365 * 86_400
    owner = lab.folder.stat()
    for number in range(count):
        at = now - 3_600 - span + span * number // count
        text = message(number, at)
        path = root / "cur" / f"{at}.M{number:06}P1.lab,S={len(text)},W={len(text)}:2,S"
        path.write_bytes(text)
        os.utime(path, (at, at))
    _give_to(root.parent, owner.st_uid, owner.st_gid)
    _warm(lab, address)


def message(number: int, at: int) -> bytes:
    person = number * 7919 % _PEOPLE
    subject = _SUBJECTS[number % len(_SUBJECTS)].format(number=number)
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(at))
    return (
        f"From: Customer {person} Name <user{person}@firm{person % 300}.example>\r\n"
        "To: Support <support@lab.test>\r\n"
        f"Subject: {subject}\r\n"
        f"Date: {date}\r\n"
        f"Message-ID: <{number}.{at}@firm{person % 300}.example>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "\r\n"
        f"The flour of order {number} went out twice again, and the mill rang me about it.\r\n"
        "That is 800 kg of spelt that I did not want. Please look at it before Friday.\r\n"
    ).encode()


def _give_to(root: Path, uid: int, gid: int) -> None:
    if os.geteuid() != 0:
        return
    for path in (root, *root.rglob("*")):
        os.chown(path, uid, gid)


def _warm(lab: DovecotLab, address: str) -> None:
    with imaplib.IMAP4("localhost", lab.imap_port) as link:
        link.login(address, PASSWORD)
        link.select("INBOX", readonly=True)
        link.fetch("1:*", "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)")
