"""Chinese, Japanese and Korean names in running text: what is left of one when it is called short.

Such a name is written as one word, its parts have no borders, and nobody says where the family's
ends. So each part of two letters is looked for anywhere. One letter alone is a word of the
language far more often than a name: it counts before a title, after what a name follows, or where
it stands by itself.
"""

import re
from collections.abc import Iterator

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff\u3005\u3006"
_HANGUL = "\uac00-\ud7a3"
_RUN = re.compile(rf"[{_HAN}]+|[{_HANGUL}]+|[\u3041-\u309f]+|[\u30a1-\u30fa\u30fc-\u30ff]+")
_IS_HAN = re.compile(rf"[{_HAN}]+")
_IS_HANGUL = re.compile(rf"[{_HANGUL}]+")
_LONGEST = 6
_SHORTEST = 2
_HAN_TITLES = (
    "先生|女士|小姐|太太|夫人|老师|老師|经理|經理|总|總|医生|醫生|师傅|師傅|主任|同学|同學|阿姨|哥|姐|叔"
    "|さん|さま|様|氏|くん|君|ちゃん|殿|部長|課長|社長"
)
_HANGUL_TITLES = (
    "씨|님|과장|부장|차장|대리|사장|대표|팀장|선생|이사|실장|원장|교수|고객|[야아](?!\\w)"
)
_BEFORE_HAN = "(?:(?<=[小老阿姓])|(?<=我叫)|(?<=叫我)|(?<=名叫)|(?<=亲爱的)|(?<=親愛的))"


def short_forms(part: str, words: str) -> Iterator[re.Pattern[str]]:
    """What to leave out besides the name itself; nothing where it is of another script."""
    runs = _RUN.findall(part)
    if "".join(runs) != part or len(part) > _LONGEST:
        return
    yield from _letter(part[0], words)
    pieces = {piece for piece in (*runs, *_cut(part)) if piece != part}
    for piece in sorted(pieces, key=lambda one: (-len(one), one)):
        if len(piece) >= _SHORTEST and piece in words:
            yield re.compile(piece)
    yield from _letter(part[-1], words)


def _cut(part: str) -> Iterator[str]:
    """In two at each place where the family name may end; kana are letters of one name."""
    if _IS_HANGUL.fullmatch(part):
        yield part[1:]
        if len(part) > 3:
            yield from (part[:2], part[2:])
    elif _IS_HAN.fullmatch(part):
        for place in range(1, len(part)):
            yield from (part[:place], part[place:])


def _letter(letter: str, words: str) -> Iterator[re.Pattern[str]]:
    if letter not in words:
        return
    if _IS_HANGUL.fullmatch(letter):
        yield re.compile(
            rf"(?<!\w){letter}(?= ?(?:{_HANGUL_TITLES}))|^{letter}(?=[^\w\n]*$)", re.MULTILINE
        )
    elif _IS_HAN.fullmatch(letter):
        yield re.compile(
            rf"{letter}(?={_HAN_TITLES})|{_BEFORE_HAN}{letter}|(?<=我是){letter}(?!\w)"
            rf"|(?<!\w){letter}(?!\w)"
        )
