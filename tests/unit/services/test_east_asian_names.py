"""A short name is found where it is one, in languages that write without capitals and borders."""

import pytest

from supportdesk.services.east_asian_names import short_forms
from supportdesk.services.masking import masked_words


@pytest.mark.parametrize(
    ("words", "who", "shown"),
    [
        ("王先生来电，老王说好", "王伟", "[…]先生来电，老[…]说好"),
        ("伟哥，你好", "王伟", "[…]哥，你好"),
        ("我姓王，叫我伟就行", "王 伟", "我姓[…]，叫我[…]就行"),
        ("我是伟。我是伟大的", "王伟", "我是[…]。我是伟大的"),
        ("谢谢！\n伟", "王伟", "谢谢！\n[…]"),
        ("亲爱的伟，国王很宏伟", "王伟", "亲爱的[…]，国王很宏伟"),
        ("小明在，王小姐也在", "王小明", "[…]在，[…]小姐也在"),
        ("歐陽小姐", "歐陽娜娜", "[…]小姐"),
        ("佐藤さん、健くんへ。健康です", "佐藤健", "[…]さん、[…]くんへ。健康です"),
        ("太郎です。山田様", "山田太郎", "[…]です。[…]様"),
        ("さくらです。林さん、森林", "林さくら", "[…]です。[…]さん、森林"),
        ("長谷川とさくら", "長谷川さくら", "[…]と[…]"),
        ("いくらですか", "さくら", "いくらですか"),
    ],
)
def test_chinese_and_japanese(words: str, who: str, shown: str) -> None:
    assert masked_words(words, [who]) == shown


@pytest.mark.parametrize(
    ("words", "who", "shown"),
    [
        ("저는 민수예요. 김민수입니다", "김민수", "저는 […]예요. […]입니다"),
        ("김 과장님, 김씨, 김치", "김민수", "[…] 과장님, […]씨, 김치"),
        ("민수야, 이 제품은", "이 민수", "[…]야, 이 제품은"),
        ("남궁 씨와 민수", "남궁민수", "[…] 씨와 […]"),
        ("고맙습니다\n구", "김구", "고맙습니다\n[…]"),
        ("이야기", "이민수", "이야기"),
    ],
)
def test_korean(words: str, who: str, shown: str) -> None:
    assert masked_words(words, [who]) == shown


@pytest.mark.parametrize("part", ["Anna", "सुनीता", "王Wei", "北京大学生活中心"])
def test_what_is_no_such_name_has_no_short_forms(part: str) -> None:
    assert not list(short_forms(part, part))


def test_the_letters_of_kana_are_no_names() -> None:
    assert not list(short_forms("さくら", "さくら"))
    assert not list(short_forms("マイケル", "マイケル"))
