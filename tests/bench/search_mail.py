"""A mail.db of any size, made fast: letters to support in four languages, alike to real ones.

Common words are common and rare ones rare (Zipf), names and numbers are mostly new ones; a letter
has one to two kilobytes, a third of them answer another one, a tenth carry a file.
"""

import json
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from supportdesk.adapters.storage.mail_cache import MailCacheWriter

_NEWEST = 1_795_000_000
_SECONDS_BETWEEN = 900
_MICROSECONDS = 1_000_000

_WORDS = {
    "en": "order invoice refund parcel delivery tracking account password login address question "
    "problem answer customer support please thank again still waiting yesterday morning payment "
    "card charged twice broken lamp chair table colour size exchange return label warranty repair "
    "update router cable manual setting screen button message phone call number friend office",
    "cs": "objednávka faktura zásilka doručení účet heslo přihlášení adresa dotaz potíž odpověď "
    "zákazník podpora prosím děkuji znovu stále čekám včera ráno platba karta dvakrát rozbitý "
    "židle stůl barva velikost výměna vrácení štítek záruka oprava aktualizace návod nastavení "
    "obrazovka tlačítko zpráva telefon číslo kancelář příští týden žádost řešení úřad šťastný",
    "hu": "rendelés számla csomag kézbesítés fiók jelszó bejelentkezés cím kérdés hiba válasz "
    "ügyfél segítség kérem köszönöm újra még várok tegnap reggel fizetés kártya kétszer törött "
    "szék asztal szín méret csere visszaküldés címke jótállás javítás frissítés útmutató "
    "beállítás képernyő gomb üzenet telefon szám iroda következő hét kérés megoldás őszinte hűtő",
    "de": "Bestellung Rechnung Paket Lieferung Konto Passwort Anmeldung Adresse Frage Störung "
    "Antwort Kunde Unterstützung bitte danke nochmals immer warte gestern morgen Zahlung Karte "
    "zweimal kaputt Stuhl Tisch Farbe Größe Umtausch Rückgabe Etikett Gewährleistung Reparatur "
    "Aktualisierung Anleitung Einstellung Bildschirm Knopf Nachricht Telefon Nummer Büro Straße",
}
_ENDINGS = {
    "en": ("", "s", "ed", "ing", "er", "ly", "able", "ness", "less", "ful", "ish", "ment"),
    "cs": ("", "u", "em", "ou", "ách", "ům", "y", "ami", "ého", "ému", "ých", "ně"),
    "hu": ("", "t", "nak", "ban", "ról", "hez", "ek", "eket", "ünk", "ből", "ért", "ig"),
    "de": ("", "en", "s", "e", "er", "lich", "ung", "ungen", "heit", "los", "bar", "es"),
}
_FIRST = (
    "Anna", "Jan", "Éva", "Jürgen", "Zoë", "Petr", "Søren", "Łukasz", "Márta", "Ingrid", "Tom",
    "Květa", "Béla", "Uwe", "Olga",
)  # fmt: skip
_LAST = (
    "Nová", "Müller", "Kovács", "Schäfer", "Dvořák", "Szűcs", "Larsen", "Weiß", "Horák", "Tóth",
    "Jensen", "Brown",
)  # fmt: skip
_SYLLABLES = (
    "ka", "ro", "li", "mo", "ven", "tis", "pra", "dol", "hem", "sta", "nik", "bur", "fel", "gar",
    "tol", "min", "sen", "lau", "ber", "kov",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a query can be made of."""

    sender: str
    subject: str
    text: str
    at: int


class LetterWriter:
    """Writes letters; the same seed writes the same ones."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._words = {name: self._vocabulary(name) for name in _WORDS}
        size = len(next(iter(self._words.values())))
        self._weights = list(accumulate(1 / (rank + 2) for rank in range(size)))
        self._names = [self._name() for _ in range(6000)]

    def letter(self, at: int) -> Letter:
        chance = self._chance
        language = chance.choice(list(_WORDS))
        name = chance.choice(self._names)
        number = f"ORD-{chance.randrange(10**6):06d}"
        sentences = [self._sentence(language) for _ in range(chance.randint(12, 24))]
        return Letter(
            sender=name,
            subject=f"{self._sentence(language)[:50].rstrip('. ')} {number}",
            text=f"{' '.join(sentences)}\n\n{number}\n{name}",
            at=at,
        )

    def _sentence(self, language: str) -> str:
        words = self._chance.choices(
            self._words[language], cum_weights=self._weights, k=self._chance.randint(7, 15)
        )
        return " ".join(words).capitalize() + "."

    def _vocabulary(self, language: str) -> list[str]:
        """Stems with endings first, then words made up: some 5,000, the common ones first."""
        stems = _WORDS[language].split()
        words = [stem + ending for ending in _ENDINGS[language] for stem in stems]
        made_up = {self._made_up() + self._chance.choice(_ENDINGS[language]) for _ in range(9000)}
        return (words + sorted(made_up))[:5000]

    def _made_up(self) -> str:
        return "".join(self._chance.choices(_SYLLABLES, k=self._chance.randint(2, 4)))

    def _name(self) -> str:
        last = self._chance.choice((*_LAST, self._made_up().capitalize()))
        return f"{self._chance.choice(_FIRST)} {last}"


def fill(path: Path, count: int, *, seed: int = 7) -> list[Letter]:
    """Make mail.db with this many messages and their texts; return a share of the letters."""
    MailCacheWriter(path).close()
    connection = sqlite3.connect(path, isolation_level=None)
    kept: list[Letter] = []
    connection.execute("BEGIN")
    for place, text, letter in _rows(count, seed):
        connection.execute(_INSERT_PLACE, place)
        connection.execute(_INSERT_TEXT, text)
        if len(kept) < 5000:
            kept.append(letter)
    connection.execute("COMMIT")
    connection.close()
    return kept


_INSERT_PLACE = (
    "INSERT INTO places (account, mailbox, uidvalidity, uid, message_id, is_main, sender_name,"
    " sender_email, recipients, subject, preview, sent_at, arrived_at, ancestors, flags,"
    " size_bytes) VALUES ('Support', 'INBOX', 1, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, 0, 3000)"
)
_INSERT_TEXT = (
    "INSERT INTO texts (account, message_id, text, quoted, html, remote_images, cards, parts,"
    " notices, words, images) VALUES ('Support', ?, ?, ?, NULL, '[]', '[]', ?, '[]', 200, 0)"
)


def _rows(count: int, seed: int) -> Iterator[tuple[tuple[object, ...], tuple[object, ...], Letter]]:
    writer, chance = LetterWriter(seed), random.Random(seed + 1)
    recipients = json.dumps([["Support", "support@lab.test"]])
    quoted = ""
    for uid in range(1, count + 1):
        letter = writer.letter(_NEWEST - (count - uid) * _SECONDS_BETWEEN)
        message_id = f"<{uid}@mail.example>"
        is_answer = uid > 100 and uid % 3 == 0
        ancestor = f"<{uid - chance.randrange(1, 100)}@mail.example>" if is_answer else ""
        at = letter.at * _MICROSECONDS
        email = f"{letter.sender.split()[0].lower()}{chance.randrange(6000)}@firm.example"
        preview = letter.text[:100]
        place = (
            uid, message_id, letter.sender, email, recipients, letter.subject, preview, at, at,
            ancestor,
        )  # fmt: skip
        parts = [[f"invoice-{uid}.pdf", "application/pdf", 9000, "2", "base64", "", False]]
        files = json.dumps(parts if uid % 10 == 0 else [])
        yield place, (message_id, letter.text, quoted if is_answer else "", files), letter
        quoted = letter.text[:400]
