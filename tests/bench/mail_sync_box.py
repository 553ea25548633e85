"""A maildir of made-up support mail, fast: a synchronisation reads headers, so texts are short."""

import os
import random
from email.header import Header
from email.utils import formatdate
from pathlib import Path

NEWEST_AT = 1_790_000_000
_SPAN_SECONDS = 3 * 365 * 86_400
_FIRST = ("Anna", "Ben", "Carla", "David", "Greta", "Ines", "Jan", "Zoë", "Åsa", "Jürgen", "Łukasz")
_LAST = [
    stem + end
    for stem in ("Berg", "Dorn", "Fuchs", "Hart", "Jung", "Kern", "Lang", "Mohr", "Pohl", "Stein")
    for end in ("mann", "er", "son", "ström", "ova", "")
]
_SUBJECTS = (
    "Where is order {n}?",
    "Refund for invoice {n}",
    "Cannot log in: E{n}",
    "Größere Bestellung {n}",
    "Question about the headset {n}",
)


def make_maildir(folder: Path, count: int, *, seed: int = 7) -> None:
    """Write messages of three years, half of them replies, one in twenty with an attachment."""
    rng = random.Random(seed)
    people = [
        (f"{rng.choice(_FIRST)} {rng.choice(_LAST)}", f"user{number}@firm{number % 300}.example")
        for number in range(6000)
    ]
    recent: list[tuple[str, str, str]] = []
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    for number in range(count):
        sent_at = NEWEST_AT - _SPAN_SECONDS + _SPAN_SECONDS * (number + 1) // count
        raw, thread = _message(rng, number, sent_at, people, recent)
        recent.append(thread)
        if len(recent) > 400:
            recent.pop(rng.randrange(200))
        flags = ("R" if rng.random() < 0.4 else "") + ("S" if number < count * 0.98 else "")
        path = folder / "cur" / f"{sent_at}.M{number:06d}P1.lab,S={len(raw)}:2,{flags}"
        path.write_bytes(raw)
        os.utime(path, (sent_at, sent_at))


def _message(
    rng: random.Random,
    number: int,
    sent_at: int,
    people: list[tuple[str, str]],
    recent: list[tuple[str, str, str]],
) -> tuple[bytes, tuple[str, str, str]]:
    name, address = people[min(int(rng.expovariate(1 / 900)), len(people) - 1)]
    message_id = f"<{number}.{sent_at}@{address.partition('@')[2]}>"
    subject, references, replies = rng.choice(_SUBJECTS).format(n=number), "", ""
    if recent and rng.random() < 0.55:
        parent, parent_subject, ancestors = rng.choice(recent)
        subject = parent_subject if parent_subject.startswith("Re: ") else f"Re: {parent_subject}"
        references = f"{ancestors} {parent}".strip()[-400:]
        replies = f"In-Reply-To: {parent}\nReferences: {references}\n"
    kind = "multipart/mixed; boundary=b" if rng.random() < 0.05 else "text/plain; charset=utf-8"
    text = (
        f"Return-Path: <{address}>\n"
        f"From: {_encoded(name)} <{address}>\n"
        "To: Support <support@lab.test>\n"
        f"Subject: {_encoded(subject)}\n"
        f"Date: {formatdate(sent_at)}\n"
        f"Message-ID: {message_id}\n{replies}"
        f"MIME-Version: 1.0\nContent-Type: {kind}\n\n"
        "The invoice has not arrived, can you look at it?\n"
    )
    return text.encode(), (message_id, subject, references)


def _encoded(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8").encode()
