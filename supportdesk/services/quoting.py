"""What stands below an answer: who wrote when, in the customer's language, and their lines.

Each line that says who wrote is one that mail programs know, ours among them: they fold what
follows it.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from supportdesk.domain.mail import Mailer
from supportdesk.domain.reply_rules import MAX_QUOTED, quoted, tidy_lines
from supportdesk.domain.text import clean_line

ENGLISH = "en"
_LONGEST_NAME = 80
_LOOKED_AT = 4_000
_LEAST_WORDS = 3

# Written out, for strftime's month names follow the locale of the whole program.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LINES = {
    "en": "On {at.day} {month} {at.year} at {at:%H:%M}, {name} wrote:",
    "cs": "Dne {at.day}. {at.month}. {at.year} v {at:%H:%M} {name} napsal(a):",
    "da": "Den {at:%d.%m.%Y} kl. {at:%H:%M} skrev {name}:",
    "de": "Am {at:%d.%m.%Y} um {at:%H:%M} schrieb {name}:",
    "es": "El {at:%d/%m/%Y} a las {at:%H:%M}, {name} escribió:",
    "fi": "{at.day}.{at.month}.{at.year} klo {at:%H:%M} {name} kirjoitti:",
    "fr": "Le {at:%d/%m/%Y} à {at:%H:%M}, {name} a écrit :",
    "hu": "{at:%Y. %m. %d. %H:%M}, {name} ezt írta:",
    "it": "Il {at:%d/%m/%Y} alle {at:%H:%M}, {name} ha scritto:",
    "nl": "Op {at:%d-%m-%Y} om {at:%H:%M} schreef {name}:",
    "pl": "W dniu {at:%d.%m.%Y} o {at:%H:%M} {name} pisze:",
    "pt": "Em {at:%d/%m/%Y} às {at:%H:%M}, {name} escreveu:",
    "ru": "{at:%d.%m.%Y} в {at:%H:%M} {name} пишет:",
    "sk": "Dňa {at.day}. {at.month}. {at.year} o {at:%H:%M} {name} napísal(a):",
    "sv": "Den {at:%Y-%m-%d} kl. {at:%H:%M} skrev {name}:",
}
LANGUAGES = tuple(_LINES)

# Small words that come up in nearly every mail, and in few languages beside their own.
_SMALL_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and you your with have that this is are for not please thanks hello would",
        "cs": "je se že jsem jste prosím děkuji dobrý den není ale mám nebo jak už ještě když",
        "da": "jeg og det ikke har til med kan mig hej tak venlig hilsen hvordan er vores",
        "de": "ich und nicht die der das ist mit für wir bitte danke sie auf ein eine hallo",
        "es": "que los las una por para con hola gracias está pero muy usted me el mi buenos",
        "fi": "ja ei on että hei kiitos olen voi minulla mutta kun voitko se miten meillä",
        "fr": "je vous le les des une est pas pour avec bonjour merci nous dans votre mais",
        "hu": "és hogy nem van egy köszönöm kérem üdvözlettel ez az de már meg tisztelt vagy",
        "it": "che non per con una sono grazie ciao buongiorno il gli della ma mi come ho",
        "nl": "ik het een niet van en dat voor met bedankt hallo wij maar heb kunt u graag",
        "pl": "nie jest się że dziękuję proszę dzień dobry mam ale czy jak dla na już pozdrawiam",
        "pt": "que não uma para com obrigado obrigada olá você está mas por em os bom dia meu",
        "sk": "je sa že som ste prosím ďakujem dobrý deň nie ale mám alebo ako už ešte keď",
        "sv": "jag och det inte har för med kan mig hej tack hälsningar hur är vår att ett",
    }.items()
}
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)


def quote_of(
    sender: Mailer, sent_at: datetime, text: str, selection: str = "", language: str = ""
) -> str:
    """The quote below an answer: all of the text or what is selected; empty where there is none.

    `sent_at` in the founder's zone; the language is guessed of the text where none is named.
    """
    lines = quoted(text, selection)
    if not lines:
        return ""
    return f"{attribution(sender, sent_at, language or language_of(text))}\n{lines}"


def attribution(sender: Mailer, sent_at: datetime, language: str) -> str:
    """The line that says who wrote, and when; in English for a language we do not know."""
    name = clean_line(sender.label)
    if len(name) > _LONGEST_NAME:
        name = f"{name[: _LONGEST_NAME - 1].rstrip()}…"
    line = _LINES.get(language, _LINES[ENGLISH])
    return line.format(at=sent_at, month=_MONTHS[sent_at.month - 1], name=name)


def forwarded(
    sender: Mailer, sent_at: datetime, subject: str, to: Sequence[Mailer], text: str
) -> str:
    """What stands below the words of a forward: the message with its head, unmarked."""
    head = [
        "---------- Forwarded message ----------",
        f"From: {_named(sender)}",
        f"Date: {sent_at.day} {_MONTHS[sent_at.month - 1]} {sent_at.year} {sent_at:%H:%M}",
        f"Subject: {clean_line(subject)}",
        *([f"To: {', '.join(map(_named, to))}"] if to else []),
    ]
    cut = ["[…]"] if len(text) > MAX_QUOTED else []
    return "\n".join([*head, "", tidy_lines(text[:MAX_QUOTED]).strip("\n"), *cut])


def language_of(text: str) -> str:
    """The language of a mail by its small words; English where that is not clear."""
    words = [word.lower() for word in _WORD.findall(text[:_LOOKED_AT])]
    if sum(1 for word in words if _CYRILLIC.match(word)) * 2 > len(words):
        return "ru"
    counts = {name: sum(word in small for word in words) for name, small in _SMALL_WORDS.items()}
    best = max(counts, key=lambda name: counts[name])
    second = max(count for name, count in counts.items() if name != best)
    is_clear = counts[best] >= _LEAST_WORDS and counts[best] > second
    return best if is_clear else ENGLISH


def _named(person: Mailer) -> str:
    name, email = clean_line(person.name), clean_line(person.email)
    return f"{name} <{email}>" if name else email
