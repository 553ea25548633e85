from datetime import datetime, timedelta, timezone

import pytest

from supportdesk.adapters.mail.quoted_history import split_quoted
from supportdesk.domain.mail import Mailer
from supportdesk.services.quoting import (
    LANGUAGES,
    attribution,
    forwarded,
    language_of,
    quote_of,
)

AT = datetime(2026, 11, 2, 9, 5, tzinfo=timezone(timedelta(hours=1)))
INGRID = Mailer(name="Ingrid Berg", email="ingrid@out.example")
LETTERS = {
    "en": "Hello, the order did not arrive. Would you please look where it is? Thanks",
    "cs": "Dobrý den, zásilka ještě nedorazila. Prosím, kde je? Děkuji",
    "da": "Hej, jeg har ikke fået min ordre. Hvordan er det? Venlig hilsen",
    "de": "Hallo, ich warte auf die Bestellung und sie ist nicht da. Bitte um Antwort, danke",
    "es": "Hola, mi pedido no está aquí, pero el dinero sí. Gracias por la respuesta",
    "fi": "Hei, tilaus ei ole tullut. Voitko katsoa miten se on? Kiitos",
    "fr": "Bonjour, je n'ai pas reçu le colis. Pouvez-vous regarder? Merci pour votre aide",
    "hu": "Tisztelt Címzett, a csomag nem érkezett meg. Kérem, nézzék meg, hogy hol van",
    "it": "Buongiorno, il pacco non è arrivato. Come mai? Grazie per la risposta",
    "nl": "Hallo, ik heb het pakket niet ontvangen. Kunt u kijken? Bedankt",
    "pl": "Dzień dobry, paczka jeszcze nie dotarła. Czy jest już w drodze? Dziękuję",
    "pt": "Olá, meu pedido não chegou, mas está pago. Você pode ver? Obrigada",
    "ru": "Здравствуйте, посылка не пришла. Посмотрите, пожалуйста",
    "sk": "Dobrý deň, zásielka ešte neprišla. Prosím, kde je? Ďakujem",
    "sv": "Hej, jag har inte fått min order. Hur är det med den? Tack",
}


def test_each_language_has_a_letter_here() -> None:
    assert set(LETTERS) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_of_a_letter_is_known(language: str) -> None:
    assert language_of(LETTERS[language]) == language


@pytest.mark.parametrize(
    "text", ["", "Ok.", "12345", "die die die the the the", "je že se ako som"]
)
def test_what_is_not_clear_is_english(text: str) -> None:
    assert language_of(text) in ("en", "sk") if "som" in text else language_of(text) == "en"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["Ingrid Berg", "ingrid@out.example", "李", "x" * 300])
def test_readers_know_each_attribution_and_fold_the_quote(language: str, name: str) -> None:
    sender = Mailer(name=name, email="ingrid@out.example")
    quote = quote_of(sender, AT, LETTERS[language], language=language)
    split = split_quoted(f"An answer.\n\n{quote}")
    assert split.new == "An answer."
    assert split.quoted == quote
    assert "2026" in quote
    assert "09:05" in quote


def test_the_line_above_a_quote() -> None:
    assert attribution(INGRID, AT, "en") == "On 2 Nov 2026 at 09:05, Ingrid Berg wrote:"
    assert attribution(INGRID, AT, "de") == "Am 02.11.2026 um 09:05 schrieb Ingrid Berg:"
    assert attribution(INGRID, AT, "xx") == attribution(INGRID, AT, "en")
    hostile = Mailer(name="A\r\n> {at} \u202eB", email="a@b")
    assert attribution(hostile, AT, "en") == "On 2 Nov 2026 at 09:05, A > {at} B wrote:"


def test_the_language_is_guessed_of_the_whole_text_also_for_a_selection() -> None:
    quote = quote_of(INGRID, AT, LETTERS["de"], selection="Bestellung")
    assert quote == "Am 02.11.2026 um 09:05 schrieb Ingrid Berg:\n> Bestellung"


def test_nothing_is_quoted_of_nothing() -> None:
    assert quote_of(INGRID, AT, " \n") == ""


def test_a_forward_carries_the_head_of_what_is_forwarded() -> None:
    nameless = Mailer(name="", email="support@larder.example")
    made = forwarded(INGRID, AT, "Where\r\nis it?", [nameless, INGRID], "Hello\r\n> old\r\n")
    assert made == (
        "---------- Forwarded message ----------\n"
        "From: Ingrid Berg <ingrid@out.example>\n"
        "Date: 2 Nov 2026 09:05\n"
        "Subject: Where is it?\n"
        "To: support@larder.example, Ingrid Berg <ingrid@out.example>\n"
        "\n"
        "Hello\n> old"
    )
    assert "To:" not in forwarded(INGRID, AT, "", [], "")


def test_a_forward_that_is_cut_says_so() -> None:
    assert forwarded(INGRID, AT, "", [], "a" * 50_001).endswith("a\n[…]")
    assert forwarded(INGRID, AT, "", [], "a" * 50_000).endswith("a")
