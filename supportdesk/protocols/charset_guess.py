"""Which charset 8-bit letters are in when nobody says so: a guess by the alphabets of languages.

A subject line is too short for statistics. But an alphabet is small: where every letter of a
reading belongs to one language, with capitals where they stand in words, it is hardly ever another.
The order below is the one in which readings that fit equally well are preferred.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MAX_LOOKED_AT = 1500
_GOOD_ENOUGH = 0.75
_WORDS = re.compile(rb"[^\s\x80-\xff]{0,40}[\x80-\xff]\S*")

_SIGNS = frozenset("\xa0\xad“”‘’‚„–—…€§°«»¿¡·´£©®™•№½¼¾²³ªº×")
_TYPOGRAPHY = "“”‘’‚„–—…€"

_CAPITAL_GREEK = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ"

_LATIN = {
    "german": "äöüß",
    "french": "éèàêçâîôùûëïœ",
    "spanish": "áéíñóúü¿¡",
    "nordic": "åäöæøé",
    "portuguese": "áâãàçéêíóôõúü",
    "italian": "àèéìòù",
    "dutch": "éëïöüóáè",
}
_CENTRAL = {
    "czech": "áčďéěíňóřšťúůýž",
    "slovak": "áäčďéíĺľňóôŕšťúýž",
    "polish": "ąćęłńóśźż",
    "hungarian": "áéíóöőúüű",
    "croatian": "čćđšž",
    "romanian": "ăâîşţ",
    "german": "äöüß",
}
_RUSSIAN = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
_UKRAINIAN = "оанитверслкдмпуяьзгбчйхжшюцщфєіїґ"
_GREEK = "ατοινεσρκπμλςηυάέήίόύώωγδβθχφζξψϊϋΐΰ"
_HEBREW = "אהוילמנרשתבדחכקםןזטךסעףפץצג"
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ،؟"
_THAI = "กครนมยลวสหอะาิีุูเแไ่้ั์ดตทบปพงขจชถผฝฟึืำ็๊๋โใๅๆซฉฌญฎฏฐฑฒณธภศษฬฮฃฅฆฤฦฯ"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A charset and the letters that one language writes in it, the frequent ones apart."""

    charset: str
    letters: frozenset[str]
    frequent: frozenset[str]
    is_latin: bool


def _latin(charset: str, letters: str, frequent: int = 100) -> _Reading:
    return _Reading(
        charset=charset,
        letters=frozenset(letters + letters.upper()),
        frequent=frozenset(letters[:frequent] + letters[:frequent].upper()),
        is_latin=True,
    )


def _script(charset: str, letters: str, frequent: int) -> _Reading:
    """A script of its own: its letters never stand beside ASCII ones in a word."""
    capitals = _CAPITAL_GREEK if letters == _GREEK else letters.upper()
    often = letters[:frequent]
    return _Reading(
        charset=charset,
        letters=frozenset(letters + capitals),
        frequent=frozenset(often + (capitals if letters == _GREEK else often.upper())),
        is_latin=False,
    )


@lru_cache(maxsize=1)
def _readings() -> tuple[_Reading, ...]:
    central = ("cp1250", "iso-8859-2")
    cyrillic = ("cp1251", "koi8-u", "iso-8859-5", "cp866", "mac-cyrillic")
    return (
        *(_latin("cp1252", letters) for letters in _LATIN.values()),
        *(_latin(charset, letters) for charset in central for letters in _CENTRAL.values()),
        *(
            _script(charset, letters, 12)
            for charset in cyrillic
            for letters in (_RUSSIAN, _UKRAINIAN)
        ),
        *(_script(charset, _GREEK, 22) for charset in ("cp1253", "iso-8859-7")),
        _latin("cp1254", "çğıöşüâî"),
        _latin("cp1257", "ąčęėįšųūž"),
        _latin("cp1257", "āčēģīķļņšūž"),
        _latin("cp1257", "äöõüšž"),
        _latin("cp1252", "áðéíóúýþæö"),
        _script("cp1255", _HEBREW, 15),
        _script("cp1256", _ARABIC, 20),
        _script("cp874", _THAI, 30),
        # Several languages in one text.
        _latin("cp1252", "".join(_LATIN.values()), 0),
        *(_latin(charset, "".join(_CENTRAL.values()), 0) for charset in central),
        _latin("cp850", "äöüßéèàç", 3),
        _latin("cp852", _CENTRAL["czech"], 0),
        _latin("mac-roman", "äöüßéèàêçâîôùûëïñóáíú", 3),
    )


def guess_charset(raw: bytes) -> str:
    """Return the charset that the bytes are most likely in; empty when none fits well.

    UTF-8 is not among the answers: what is valid as that needs no guess.
    """
    words = b" ".join(_WORDS.findall(raw[: MAX_LOOKED_AT * 100]))[:MAX_LOOKED_AT]
    best, best_score = "", _GOOD_ENOUGH
    for charset, score in _scores(words):
        if score > best_score:
            best, best_score = charset, score
    return best


def _scores(raw: bytes) -> Iterator[tuple[str, float]]:
    for reading in _readings():
        score = _score(raw, reading)
        yield reading.charset, score
    for charset, strict, common in _EAST_ASIAN:
        yield charset, _score_pairs(raw, strict, common)


def _score(raw: bytes, reading: _Reading) -> float:
    """Rate a reading: 1 when every letter is of the alphabet, less for each that is not."""
    text = f" {raw.decode(reading.charset, 'replace')} "
    total = 0.0
    count = 0
    for at in range(1, len(text) - 1):
        letter = text[at]
        if letter >= "\x80":
            count += 1
            total += _weight(letter, text[at - 1], text[at + 1], reading)
    return total / count if count else 0.0


def _weight(letter: str, before: str, after: str, reading: _Reading) -> float:
    if letter in _SIGNS and letter not in reading.letters:
        return 0.95 if letter in _TYPOGRAPHY else 0.85
    if letter not in reading.letters:
        return -1.0
    if letter.isupper() and before.islower():
        # The cases of another charset.
        return -0.5
    if not reading.is_latin and any("A" <= one <= "z" for one in (before, after)):
        return -0.5
    if letter == "ς" and after.isalpha():
        return -0.5
    return 1.0 if letter in reading.frequent else 0.9


# The pairs of bytes that ordinary text is made of: kana and the first level of characters.
_EAST_ASIAN = (
    (
        "cp932",
        "shift_jis",
        re.compile(rb"[\x82\x83][\x40-\xf1]|[\x88-\x97][\x40-\xfc]|\x81[\x40-\x99]"),
    ),
    (
        "euc_jp",
        "euc_jp",
        re.compile(rb"[\xa4\xa5][\xa1-\xfe]|[\xb0-\xcf][\xa1-\xfe]|\xa1[\xa1-\xfe]"),
    ),
    ("cp949", "euc_kr", re.compile(rb"[\xb0-\xc8][\xa1-\xfe]")),
    ("gb18030", "gb2312", re.compile(rb"[\xb0-\xd7][\xa1-\xfe]|[\xa1\xa3][\xa1-\xfe]")),
    ("cp950", "big5", re.compile(rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]|\xa1[\x40-\x7e\xa1-\xfe]")),
)
_KANA = re.compile(rb"[\xa4\xa5][\xa1-\xfe]")
_HIGH = re.compile(rb"[\x80-\xff]+")


def _score_pairs(raw: bytes, codec: str, common: re.Pattern[bytes]) -> float:
    """Rate a reading in pairs of bytes: by the share of those that ordinary text is made of."""
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        # The end may be cut in the middle of a letter.
        try:
            text = raw[:-1].decode(codec)
        except UnicodeDecodeError:
            return 0.0
    wide = sum(letter >= "\x80" for letter in text)
    if not wide:
        return 0.0
    share = len(common.findall(raw)) / wide
    if codec == "euc_jp" and not _KANA.search(raw):
        # Without any kana it is no Japanese.
        share -= 0.2
    # Letters of Europe stand alone between ASCII; these come in pairs.
    is_lonely = any(len(run) == 1 for run in _HIGH.findall(raw)) and codec not in (
        "big5",
        "shift_jis",
    )
    return min(share, 1.0) - 0.02 - (0.5 if is_lonely else 0)
