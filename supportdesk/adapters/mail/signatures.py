"""Where the signature of a mail begins; only what is provably one is told from the words.

Proofs: the line `-- ` (RFC 3676, 4.3), the line of a phone's mail program, and a closing phrase
above the sender's own full name.
"""

import re

MAX_LINES = 25
_MAX_LINE = 120
_MAX_AFTER_NAME = 8
_LONGEST_TEXT = 400

_DASHES = re.compile(r"^--[ \u00a0]?$")
_DEVICE = re.compile(
    r"^(?:(?:sent|written|posted) (?:from|by|via|with|using) (?:my |the |a )?.{2,60}"
    r"|get outlook for (?:ios|android).{0,60}"
    r"|(?:von meinem|gesendet (?:von|mit|aus)|von .{2,30} gesendet).{0,60}"
    r"|envoyé (?:de|depuis|à partir) .{2,60}"
    r"|enviado (?:desde|do|a partir) .{2,60}"
    r"|inviato (?:da|dal) .{2,60}"
    r"|(?:odesláno|odoslané|posláno) (?:z|ze|pomocí) .{2,60}"
    r"|wysłane? (?:z|za pomocą) .{2,60}"
    r"|elküldve .{2,60}|.{2,40}-?(?:omról|emről|ról|ről) küldve"
    r"|verzonden (?:vanaf|met|vanuit) .{2,60}"
    r"|(?:skickat|sendt|lähetetty) (?:från|fra|min|minun) .{2,60}"
    r"|отправлено (?:с|из) .{2,60}"
    r"|.{1,20}から送信)\s*\.?$",
    re.IGNORECASE,
)
_KNOWN_DEVICE = re.compile(
    r"iphon|ipad|ios|android|samsung|galaxy|outlook|windows|mail|smartphone|handy|mobil|telefon"
    r"|blackberry|huawei|xiaomi|yahoo|gmx|web\.de|proton|thunderbird|spark|apple|pixel|телефон",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^(?:(?:best|kind|warm|warmest|many|with (?:best|kind|warm)) (?:regards|wishes|thanks)"
    r"|regards|best|cheers|sincerely|yours(?: sincerely| truly| faithfully)?|many thanks"
    r"|thank(?:s| you)(?: in advance| and (?:best|kind) regards)?"
    r"|(?:mit (?:freundlichen|besten|lieben|herzlichen)|freundliche|beste|liebe|viele|herzliche) "
    r"gr(?:ü|ue)(?:ß|ss)en?|gr(?:uß|üße)|mfg|lg|vg"
    r"|(?:bien )?cordialement|bien à vous|salutations.{0,30}|meilleures salutations"
    r"|(?:un )?saludos?(?: cordiales)?|atentamente|cordiali saluti|distinti saluti|saluti"
    r"|met vriendelijke groet(?:en)?|groeten|atenciosamente|cumprimentos"
    r"|s (?:pozdravem|úctou|přáním.{0,30})|(?:přeji )?(?:hezký|pěkný) den|děkuji?|díky|zdraví|"
    r"s pozdravom|ďakujem|pozdrawiam|z poważaniem|üdvözlettel|köszönettel|tisztelettel"
    r"|(?:med )?vänliga? hälsning(?:ar|en)?|(?:med )?vennlig hilsen|(?:med )?venlig hilsen|mvh"
    r"|с уважением|с наилучшими пожеланиями|спасибо)[,.! ]{0,3}$",
    re.IGNORECASE,
)
_NO_LETTERS = re.compile(r"[\W\d_]+")


def signature_start(lines: list[str], sender_name: str = "") -> int | None:
    """Return the line where the signature begins; None when there is none that is sure.

    Attributes:
        sender_name: As in From: it proves that a name below a closing phrase is the sender's.
    """
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    first = max(0, last - MAX_LINES)
    for at in range(first, last):
        if _DASHES.match(lines[at]):
            return at
    return _device_line(lines, last) or _closing(lines, first, last, sender_name)


def _device_line(lines: list[str], last: int) -> int | None:
    """A line such as "Sent from my iPhone" is the last one, or the one before a web address."""
    for at in (last - 1, last - 2):
        if at <= 0:
            break
        line = lines[at].strip()
        if len(line) <= _MAX_LINE and _DEVICE.match(line) and _KNOWN_DEVICE.search(line):
            return at
        if not line.startswith(("http", "<http", "www.")):
            break
    return None


def _closing(lines: list[str], first: int, last: int, sender_name: str) -> int | None:
    """A closing phrase, the sender's full name, and a few short lines on who that is."""
    name = _plain(sender_name)
    if not _is_full(sender_name):
        return None
    for at in range(last - 1, first, -1):
        line = lines[at].strip()
        if len(line) > _MAX_LINE or _plain(line) != name:
            continue
        above = at - 1
        while above > first and not lines[above].strip():
            above -= 1
        is_short = last - at <= _MAX_AFTER_NAME and all(
            len(one) <= _MAX_LINE for one in lines[at:last]
        )
        if is_short and _CLOSING.match(lines[above].strip()):
            return above
    return None


def _is_full(name: str) -> bool:
    """A first name alone is a greeting among friends, not a signature."""
    return len(name.split()) > 1 or (bool(name) and not name.isascii())


def _plain(name: str) -> str:
    return _NO_LETTERS.sub(" ", name[:_LONGEST_TEXT]).strip().casefold()
