"""What is a greeting alone, in the languages of customers, and what says more."""

import pytest

from supportdesk.domain.greetings import is_greeting


@pytest.mark.parametrize(
    "sentence",
    [
        *("Hi,", "hi", "Hey there!", "Hello.", "Hello Anna", "Hello, Anna!", "hi anna,"),
        *("Dear Anna,", "Dear Ms. O'Neill-Smith,", "Dear Sir or Madam,", "Good morning all,"),
        *("Dear support team,", "To whom it may concern:", "HELLO,", "Dear Anna, dear Tom,"),
        *("Hallo zusammen,", "Guten Tag", "Sehr geehrte Damen und Herren,", "Moin moin"),
        *("Sehr geehrter Herr Dr. Müller,", "Liebe Anna,", "Grüß Gott!", "Gruss Gott"),
        *("Bonjour,", "Bonjour à tous,", "Madame, Monsieur,", "Chère Anna,"),
        *("Hola a todos:", "Buenos días", "Ciao Anna,", "Olá!", "Hoi allemaal,", "Hej alla,"),
        *("Dzień dobry,", "Dobrý den,", "Tisztelt Kiss Pavel!", "Sayın Yılmaz,"),
        *("Здравствуйте!", "Уважаемая Анна Сергеевна,", "Добрый день", "Καλημέρα σας,"),
        *("שלום רב,", "שלום אנה,", "السلام عليكم", "مرحبا,"),
        *("您好，", "你好！", "尊敬的王先生：", "こんにちは", "お世話になっております。"),
        *("안녕하세요.", "नमस्ते,", "สวัสดีครับ"),
    ],
)
def test_it_only_greets(sentence: str) -> None:
    assert is_greeting(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        *("", "...", "Ruth", "Thank you.", "Hello?", "Hi, can you help me", "Hi all, it broke."),
        *("Dear Anna, thank you for the quick help.", "HELLO MY PRINTER IS BROKEN"),
        *("Dear Anna Bella Clara Dora", "Order 4711", "Hello 4711", "Good work everybody!"),
        *("Hallo Drucker geht nicht", "Guten Morgen aus Berlin", "Bonjour la facture manque"),
        *("שלום המדפסת לא עובדת", "مرحبا عندي مشكلة", "您好，打印机坏了", "Tagelang geht nichts."),
        "お世話になっております、プリンターが動きません",
        "你好我的打印机从昨天开始就一直不能工作了请帮忙看一下谢谢",
    ],
)
def test_it_says_more(sentence: str) -> None:
    assert not is_greeting(sentence)
