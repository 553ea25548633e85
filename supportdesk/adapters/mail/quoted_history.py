"""Which part of a mail is new and which is quoted history.

Folding must never hide new words (F55): only what is provably quoted goes into the fold. Where an
answer is written between the quoted lines, nothing is folded.
"""

import re
from dataclasses import dataclass

MAX_LINES = 5000
_MAX_LINE = 500

# "On Monday Ann wrote:", in the languages of Europe; may be broken over three lines.
_ATTRIBUTION = re.compile(
    r"^(?:on|am|le|el|il|op|em|den|w dniu|dne|dňa|dana|på|vào|pe|kl\.?)\b.{5,280}?"
    r"(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef|geschreven|escreveu|skrev|"
    r"napisał(?:a|\(a\))?|napsal(?:a|\(a\))?|napísal(?:a|\(a\))?|napisao|kirjoitti|írta)"
    r"[^:\n]{0,120}:$"
    r"|^.{3,200}<[^<>\s]+@[^<>\s]+>.{0,80}"
    r"(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev|napsal|napisał|írta)"
    r".{0,60}:$"
    r"|^\d{4}[-./]\d{2}[-./]\d{2}.{3,200}<[^<>\s]+@[^<>\s]+>:?$",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"^[-_* ]{2,}\s*(?:original message|original appointment|ursprüngliche nachricht|"
    r"originalnachricht|message d'origine|mensaje original|messaggio originale|"
    r"oorspronkelijk bericht|mensagem original|původní zpráva|wiadomość oryginalna|"
    r"eredeti üzenet|opprinnelig melding|ursprungligt meddelande)\s*[-_* ]{2,}$",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(
    r"^\*?(from|sent|date|to|cc|subject|von|gesendet|datum|an|betreff|de|envoyé|à|objet|enviado|"
    r"para|asunto|da|inviato|a|oggetto|od|odesláno|komu|předmět|van|verzonden|aan|onderwerp|"
    r"feladó|elküldve|címzett|tárgy)\s?\*?:\*?\s?.{0,400}$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^_{10,}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitText:
    """New words and quoted history."""

    new: str
    quoted: str


def split_quoted(text: str) -> SplitText:
    """Split a plain text; nothing is lost: both halves together hold every line."""
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        # Nobody writes that much; what looks like quotes in it is left where it is.
        return SplitText(new=text.strip("\n"), quoted="")
    start = _start_of_appended_original(lines)
    if start is not None:
        return _unless_empty(lines, lines[:start], lines[start:])
    start = next((i for i in range(len(lines)) if _begins_quote(lines, i)), None)
    if start is None:
        return SplitText(new=text.strip("\n"), quoted="")
    after_attribution = start + _attribution_lines(lines, start)
    last = max((i for i in range(start, len(lines)) if _is_quoted(lines[i])), default=start)
    if last < after_attribution:
        # An attribution and not one quoted line: the quote is not marked, so it goes to the end.
        return _unless_empty(lines, lines[:start], lines[start:])
    between = lines[after_attribution : last + 1]
    if any(line.strip() and not _is_quoted(line) for line in between):
        return SplitText(new=text.strip("\n"), quoted="")
    return _unless_empty(lines, lines[:start] + lines[last + 1 :], lines[start : last + 1])


def _unless_empty(lines: list[str], new: list[str], quoted: list[str]) -> SplitText:
    """Fold nothing when nothing would be left: then the quote is the message (a forward)."""
    if not any(line.strip() for line in new):
        return SplitText(new="\n".join(lines).strip("\n"), quoted="")
    return SplitText(new="\n".join(new).strip("\n"), quoted="\n".join(quoted).strip("\n"))


def _is_quoted(line: str) -> bool:
    return line.lstrip(" ").startswith((">", "|>"))


def _begins_quote(lines: list[str], index: int) -> bool:
    return _is_quoted(lines[index]) or _attribution_lines(lines, index) > 0


def _attribution_lines(lines: list[str], index: int) -> int:
    """How many lines the attribution that begins here has; 0 when none does."""
    if not lines[index].strip() or len(lines[index]) > _MAX_LINE:
        return 0
    joined = ""
    for count in range(1, 4):
        if index + count > len(lines):
            break
        line = lines[index + count - 1].strip()
        if not line:
            break
        joined = f"{joined} {line}".strip()
        if len(joined) > _MAX_LINE:
            break
        if joined.endswith((":", ">")) and _ATTRIBUTION.match(joined):
            return count
    return 0


def _start_of_appended_original(lines: list[str]) -> int | None:
    """Find where a client that does not mark lines appended the original (Outlook and others)."""
    for index, line in enumerate(lines):
        if len(line) > _MAX_LINE or _is_quoted(line):
            continue
        if _ORIGINAL.match(line.strip()):
            return index
        if _is_header_block(lines, index):
            is_ruled = index > 0 and _RULE.match(lines[index - 1].strip()) is not None
            return index - 1 if is_ruled else index
    return None


def _is_header_block(lines: list[str], index: int) -> bool:
    """Tell From, Sent, To, Subject in a row after an empty line or a rule."""
    if index > 0 and lines[index - 1].strip() and not _RULE.match(lines[index - 1].strip()):
        return False
    names: set[str] = set()
    for line in lines[index : index + 8]:
        found = _HEADER_LINE.match(line.strip()[:_MAX_LINE])
        if found is None:
            break
        names.add(found[1].lower())
    first = _HEADER_LINE.match(lines[index].strip()[:_MAX_LINE])
    senders = ("from", "von", "de", "da", "od", "van", "feladó")
    return len(names) >= 3 and first is not None and first[1].lower() in senders
