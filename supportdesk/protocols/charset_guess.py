"""Which charset 8-bit letters are in when nobody says so: a guess by the alphabets of languages.

A subject line is too short for statistics. But an alphabet is small: where every letter of a
reading belongs to one language, with capitals where they stand in words, it is hardly ever another.
The order below is the one in which readings that fit equally well are preferred.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

MAX_LOOKED_AT = 1500
_GOOD_ENOUGH = 0.75
_TIE = 1e-6
_WORDS = re.compile(rb"[^\s\x80-\xff]{0,40}[\x80-\xff]\S*")

_ASCII = bytes(range(0x80))
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
    """A charset and the letters that one language writes in it.

    Attributes:
        weights: What each byte from 0x80 on is worth at most, as a table to translate by: 200 for a
            frequent letter, 0 for what is no letter of this language.
    """

    charset: str
    letters: frozenset[str]
    weights: bytes
    is_latin: bool


def _latin(charset: str, letters: str, frequent: int = 100) -> _Reading:
    often = letters[:frequent]
    return _reading(charset, letters + letters.upper(), often + often.upper(), is_latin=True)


def _script(charset: str, letters: str, frequent: int) -> _Reading:
    """A script of its own: its letters never stand beside ASCII ones in a word."""
    often = letters[:frequent]
    if letters == _GREEK:
        return _reading(charset, letters + _CAPITAL_GREEK, often + _CAPITAL_GREEK, is_latin=False)
    return _reading(charset, letters + letters.upper(), often + often.upper(), is_latin=False)


def _reading(charset: str, letters: str, frequent: str, *, is_latin: bool) -> _Reading:
    shown = (bytes((octet,)).decode(charset, "replace") for octet in range(0x100))
    return _Reading(
        charset=charset,
        letters=frozenset(letters),
        weights=bytes(round(100 + 100 * _weight(letter, letters, frequent)) for letter in shown),
        is_latin=is_latin,
    )


def _weight(letter: str, letters: str, frequent: str) -> float:
    if letter in letters:
        return 1.0 if letter in frequent else 0.9
    if letter in _SIGNS:
        return 0.95 if letter in _TYPOGRAPHY else 0.85
    return -1.0


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
    high = words.translate(None, _ASCII)
    count = len(high)
    best, best_score = "", _GOOD_ENOUGH
    for reading in _readings() if count else ():
        most = sum(high.translate(reading.weights)) / count / 100 - 1
        # Looking at each letter among its neighbours can only lower it.
        if most > best_score + _TIE:
            score = most - _misfits(words, reading) / count
            if score > best_score + _TIE:
                best, best_score = reading.charset, score
    for charset, strict, common in _EAST_ASIAN:
        score = _score_pairs(words, strict, common)
        if score > best_score + _TIE:
            best, best_score = charset, score
    return best


def _misfits(raw: bytes, reading: _Reading) -> float:
    """Count the letters that are right by themselves but not where they stand, with their cost."""
    text = f" {raw.decode(reading.charset, 'replace')} "
    cost = 0.0
    for at in range(1, len(text) - 1):
        letter = text[at]
        if letter < "\x80" or letter not in reading.letters:
            continue
        before, after = text[at - 1], text[at + 1]
        # A capital after a small letter: the cases of another charset.
        is_misfit = letter.isupper() and before.islower()
        if not reading.is_latin:
            is_misfit |= "A" <= before <= "z" or "A" <= after <= "z"
        if is_misfit or (letter == "ς" and after.isalpha()):
            cost += 1.45
    return cost


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
