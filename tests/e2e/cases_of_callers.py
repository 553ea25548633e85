"""Callers whose names and numbers are odd: withheld, in any alphabet, long, or meant to do harm."""

from collections.abc import Iterable
from dataclasses import dataclass

from supportdesk.domain.calls import MissedReason
from tests.e2e.call_cases import SUPPORT, Stage, Truth, case, missed

_HOLD_SECONDS = 2.0
_ASTERISK_CUTS_AT = 79
_IN_LATIN_1 = b'"Zo\xeb M\xfcller" <sip:+15550100003@c.example>'.decode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class _Odd:
    """One From header, and what the founder is to read of it.

    Attributes:
        refused_by: Versions of Asterisk that do not let such a caller in at all.
        by_16: The name where the older Asterisk hands on what the newer one has spoilt.
        more: Further headers.
    """

    header: str
    name: str
    number: str
    refused_by: tuple[str, ...] = ()
    by_16: str = ""
    more: str = ""


_CALLERS = (
    _Odd(
        '"Zoë Müller 日本語 🎧" <sip:+15550100002@c.example>',
        "Zoë Müller 日本語 🎧",
        "+15550100002",
    ),
    _Odd(_IN_LATIN_1, "Zo\ufffd M\ufffdller", "+15550100003", by_16="Zoë Müller"),
    _Odd(
        r'"Bob \"The Boss\" O\\Neil" <sip:+15550100004@c.example>',
        r"Bob \"The Boss\" O\\Neil",
        "+15550100004",
    ),
    _Odd(
        '"a;b,c<d>: e=f&g|h\'i" <sip:5550100005;ext=7@c.example;user=phone>',
        "a;b,c<d>: e=f&g|h'i",
        "5550100005",
    ),
    _Odd(
        f'"{"N" * 300}" <sip:{"5" * 120}@c.example>',
        "N" * _ASTERISK_CUTS_AT,
        "5" * _ASTERISK_CUTS_AT,
    ),
    _Odd('"Anonymous" <sip:anonymous@anonymous.invalid>', "Anonymous", ""),
    _Odd(
        '"Anonymous" <sip:anonymous@anonymous.invalid>',
        "",
        "+15550100007",
        more="P-Asserted-Identity: <sip:+15550100007@c.example>\nPrivacy: id\n",
    ),
    _Odd("<sip:+15550100008@c.example>", "", "+15550100008"),
    _Odd("<sip:c.example>", "", ""),
    _Odd('"x%0d%0aEvent: Fake" <sip:%0d%0aAction@c.example>', "x%0d%0aEvent: Fake", ""),
    _Odd("<tel:+1-555-010-0009>", "", "+1-555-010-0009", refused_by=("16",)),
    _Odd(
        '"<b>Bob</b> & <a href=x>y</a>" <sip:+15550100010@c.example>',
        "<b>Bob</b> & <a href=x>y</a>",
        "+15550100010",
    ),
    _Odd('"Conan O\'Brien" <sip:+15550100013@c.example>', "Conan O'Brien", "+15550100013"),
    _Odd('"\u202eevil\u200b\u2066" <sip:+15550100011@c.example>', "evil\u200b", "+15550100011"),
    _Odd(
        '"bell\x07 esc\x1b[31m" <sip:+15550100014@c.example>',
        "",
        "+15550100014",
        refused_by=("22", "16"),
    ),
    _Odd('"tab\there\u2028sep" <sip:+15550100012@c.example>', "tab here sep", "+15550100012"),
)


@case("k-caller-id")
def sixteen_odd_callers_give_up(stage: Stage) -> Iterable[Truth]:
    version = stage.lab.version.removeprefix("Asterisk ").partition(".")[0]
    let_in = [one for one in _CALLERS if version not in one.refused_by]
    for one in _CALLERS:
        stage.lab.odd_caller(
            SUPPORT, from_header=one.header, more_headers=one.more, hold_seconds=_HOLD_SECONDS
        )
    stage.front.outcomes(len(let_in))
    names = [(version == "16" and one.by_16) or one.name for one in let_in]
    expected = sorted(zip(names, (one.number for one in let_in), strict=True))
    assert sorted((call.name, call.number) for call in stage.front.calls) == expected
    return [missed(MissedReason.NOBODY_THERE, name) for name in names]
