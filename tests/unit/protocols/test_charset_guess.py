"""A charset guessed from a few letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.protocols.charset_guess import guess_charset

SUBJECTS = {
    "cp1252": [
        *["Größe", "Rechnung für Müller", "€ 50 – “quoted”", "ré", "José", "Ångström på östkusten"],
        *["Não consigo entrar na minha conta", "¿Dónde está mi pedido?", "Perché? È urgente"],
        *["Spørgsmål om fakturaen", "Je n’arrive plus à l’œuvre", "n° 5 – été"],
    ],
    "cp1250": ["Příliš žluťoučký kůň", "Problém s přihlášením", "Dvořák", "Łukasz", "Škoda"],
    "iso-8859-2": [
        *["Příliš žluťoučký kůň", "Jiří Dvořák", "Żądanie zwrotu", "Frissítés után nem működik"],
    ],
    "cp1251": ["Привет, у меня вопрос", "Не работает вход", "ПРОБЛЕМА С ОПЛАТОЙ", "Запит коштів"],
    "koi8-r": ["Привет, у меня вопрос", "ПРОБЛЕМА С ОПЛАТОЙ"],
    "koi8-u": ["Запит на повернення коштів"],
    "iso-8859-5": ["Вопрос о счёте"],
    "cp866": ["Вопрос"],
    "iso-8859-7": ["Ερώτηση για την παραγγελία"],
    "cp1254": ["Sipariş hakkında soru"],
    "cp1255": ["שאלה על ההזמנה"],
    "cp1256": ["طلب استرداد"],
    "cp874": ["ใบแจ้งหนี้"],
    "cp932": ["注文について", "請求書の再発行をお願いします"],
    "euc_jp": ["お問い合わせの件"],
    "gb18030": ["关于订单的问题", "发票问题"],
    "big5": ["關於訂單的問題", "發票問題"],
    "euc_kr": ["환불 요청드립니다"],
}


@pytest.mark.parametrize(
    ("text", "charset"), [(text, charset) for charset, some in SUBJECTS.items() for text in some]
)
def test_subjects_of_all_kinds(text: str, charset: str) -> None:
    raw = text.encode(charset)
    assert raw.decode(guess_charset(raw)) == text


def test_what_fits_nothing_is_not_guessed() -> None:
    assert guess_charset(b"plain") == ""
    assert guess_charset(b"") == ""
    assert guess_charset(bytes(range(128, 256))) == ""


def test_a_letter_that_is_cut_at_the_end_costs_nothing() -> None:
    assert guess_charset("請求書の再発行をお願いします".encode("cp932")[:-1]) == "cp932"


@given(raw=st.binary(max_size=60))
def test_guessing_never_raises(raw: bytes) -> None:
    assert isinstance(guess_charset(raw), str)
