"""Which part of a mail is new, which is quoted history and which the signature.

Folding must never hide new words (F55): only what is provably quoted goes into the fold. Where an
answer is written between the quoted lines, nothing is folded; nor is what somebody forwards, since
that is what the mail is about.
"""

import re
from dataclasses import dataclass

from supportdesk.adapters.mail.signatures import signature_start

MAX_LINES = 5000
_MAX_LINE = 500

# "On Monday Ann wrote:", in the languages of Europe and some of Asia.
_VERB = re.compile(
    r"\b(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|scrisse|schreef|geschreven|escreveu|"
    r"skrev|napisał(?:a|\(a\))?|pisze|napsal(?:a|\(a\))?|napísal(?:a|\(a\))?|napisao|napisala|"
    r"kirjoitti|ezt írta|írta|написала?|написал\(а\)|пишет|писал|написав|a scris|έγραψε|yazdı)"
    r"(?!\w)|写道|寫道|さんは書きました|작성",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:on|am|le|el|il|op|em|den|w dniu|dnia|dne|dňa|dana|på|vào|pe|kl\.?|в|пн|вт|ср|чт|пт|сб|"
    r"вс|mán|la|lun|mar|sob|pon)\b|在",
    re.IGNORECASE,
)
_BEGINNING = re.compile(
    r"^(?:on|am|le|el|il|op|em|den|w dniu|dne|dňa) .{0,40}\d{4}\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"<[^<>\s@]{1,100}@[^<>\s]{1,200}>")
_ENDS_IN_ADDRESS = re.compile(r"<[^<>\s@]{1,100}@[^<>\s]{1,200}>\s?[:：]?$")
_NUMBER = re.compile(r"\d+")
_DAY = re.compile(r"\d{4}\s?[-./年]\s?\d{1,2}\s?[-./月]\s?\d{1,2}")
_YEAR_AND_TIME = re.compile(r"\d{4}\b.{3,60}\b\d{1,2}[:.]\d{2}")
_MOST_BEFORE_VERB = 280
_MOST_AFTER_VERB = 120
_ORIGINAL = re.compile(
    r"^[-_*= ]{2,60}(?:original message|original appointment|ursprüngliche nachricht|"
    r"originalnachricht|message d'origine|message original|mensaje original|messaggio originale|"
    r"oorspronkelijk bericht|mensagem original|původní (?:zpráva|e-mail|email)|pôvodná správa|"
    r"wiadomość oryginalna|oryginalna wiadomość|eredeti üzenet|opprinnelig melding|"
    r"ursprungligt meddelande|oprindelig meddelelse|исходное сообщение|original-nachricht|"
    r"原始邮件|原始郵件|元のメッセージ|reply message|in reply to)[-_*= ]{2,60}$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"^[-_*= ]{0,40}(?:(?:begin )?forwarded (?:message|by)|weitergeleitete nachricht|"
    r"(?:anfang der )?weitergeleitete[nr]? (?:nachricht|e-mail)|message (?:transféré|réexpédié)|"
    r"(?:début du )?message (?:transféré|réexpédié)|mensaje reenviado|mensagem encaminhada|"
    r"messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht|přeposlaná zpráva|"
    r"přeposlaný e-mail|preposlaná správa|przekazana wiadomość|wiadomość przekazana|"
    r"továbbított (?:üzenet|levél)|vidarebefordrat (?:meddelande|brev)|videresendt melding|"
    r"videresendt meddelelse|пересылаемое сообщение|пересланное сообщение|转发邮件|転送)"
    r"\b.{0,60}$",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(
    r"^[*_]{0,2}(from|sent|date|to|cc|bcc|subject|reply-to|importance|von|gesendet|datum|an|betreff"
    r"|de|envoyé|date|à|objet|enviado(?: el)?|para|asunto|assunto|fecha|enviada em|da|inviato|a"
    r"|oggetto|data|od|odesláno|odoslané|komu|kopie|kópia|předmět|predmet|dátum|wysłano|do|dw"
    r"|temat|van|verzonden|aan|onderwerp|feladó|küldve|elküldve|címzett|másolatot kap|tárgy"
    r"|från|skickat|till|ämne|fra|sendt|til|emne|lähettäjä|lähetetty|vastaanottaja|aihe"
    r"|от|отправлено|дата|кому|копия|тема|发件人|发送时间|收件人|抄送|主题|差出人|送信日時|宛先|件名)"
    r"\s?[*_]{0,2}\s?[:：][*_]{0,2}\s?.{0,400}$",
    re.IGNORECASE,
)
_SENDERS = frozenset(
    "from von de da od van feladó från fra lähettäjä от 发件人 差出人".split()  # noqa: SIM905
)
_RULE = re.compile(r"^[_-]{10,}$")
_ANSWERS_BELOW = re.compile(
    r"\b(?:in-?line|below|in (?:red|blue|green|bold|caps)|unten|in (?:rot|blau)|rot markiert|"
    r"ci-dessous|en rouge|abajo|en rojo|qui sotto|in rosso|níže|červeně|poniżej|na czerwono|"
    r"lentebb|alább|pirossal|nedan|nedenfor|ниже)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitText:
    """New words, the signature below them, and quoted history."""

    new: str
    quoted: str = ""
    signature: str = ""

    @property
    def folded(self) -> str:
        """What is folded: after a line of dashes the signature, then the history."""
        signature = self.signature
        if signature and not signature.startswith("--"):
            signature = f"-- \n{signature}"
        return "\n\n".join(part for part in (signature, self.quoted) if part)


def split_text(text: str, sender_name: str = "") -> SplitText:
    """Split a plain text; nothing is lost: the parts together hold every line."""
    split = split_quoted(text)
    lines = split.new.split("\n")
    start = signature_start(lines, sender_name)
    if start is None or not any(line.strip() for line in lines[:start]):
        return split
    if any(begins_another_mail(line) for line in lines[start + 1 :]):
        # What is forwarded stands below the signature, and is what the mail is about.
        return split
    return SplitText(
        new="\n".join(lines[:start]).strip("\n"),
        quoted=split.quoted,
        signature="\n".join(lines[start:]).strip("\n"),
    )


def begins_another_mail(line: str) -> bool:
    """Tell the line above a mail that is forwarded or quoted, or the first of its headers."""
    line = line.strip()[:_MAX_LINE]
    header = _HEADER_LINE.match(line)
    is_sender = header is not None and header[1].lower() in _SENDERS
    return is_sender or _is_forward(line) or _ORIGINAL.match(line) is not None


def split_quoted(text: str) -> SplitText:
    """Split history off, but not the signature."""
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        # Nobody writes that much; what looks like quotes in it is left where it is.
        return SplitText(new=text.strip("\n"))
    forward = next((i for i, line in enumerate(lines) if _is_forward(line)), len(lines))
    start = _start_of_appended_original(lines, forward)
    if start is not None:
        return _unmarked(lines, start)
    start = next((i for i in range(forward) if _begins_quote(lines, i)), None)
    if start is None:
        return SplitText(new=text.strip("\n"))
    after_attribution = start + _attribution_lines(lines, start)
    last = max((i for i in range(start, len(lines)) if _is_quoted(lines[i])), default=start)
    if last < after_attribution:
        # An attribution and not one quoted line: the quote is not marked, so it goes to the end.
        return _unmarked(lines, start)
    between = lines[after_attribution : last + 1]
    if any(line.strip() and not _is_quoted(line) for line in between):
        return SplitText(new=text.strip("\n"))
    return _unless_empty(lines, lines[:start] + lines[last + 1 :], lines[start : last + 1])


def _unmarked(lines: list[str], start: int) -> SplitText:
    """History without marks goes to the end, unless the answer says that it is written into it."""
    if _ANSWERS_BELOW.search("\n".join(lines[:start])):
        return SplitText(new="\n".join(lines).strip("\n"))
    return _unless_empty(lines, lines[:start], lines[start:])


def _unless_empty(lines: list[str], new: list[str], quoted: list[str]) -> SplitText:
    """Fold nothing when nothing would be left: then the quote is the message (a forward)."""
    if not any(line.strip() for line in new):
        return SplitText(new="\n".join(lines).strip("\n"))
    return SplitText(new="\n".join(new).strip("\n"), quoted="\n".join(quoted).strip("\n"))


def _is_quoted(line: str) -> bool:
    return line.startswith((">", "|>")) or line.lstrip(" ").startswith(("> ", ">>"))


def _is_forward(line: str) -> bool:
    return len(line) <= _MAX_LINE and _FORWARD.match(line.strip()) is not None


def _begins_quote(lines: list[str], index: int) -> bool:
    if _is_quoted(lines[index]):
        return True
    count = _attribution_lines(lines, index)
    if not count:
        return False
    said = " ".join(lines[index : index + count])
    if _ADDRESS.search(said) or len(_NUMBER.findall(said)) > 1:
        return True
    # Without a whole date it may be the writer's own sentence, unless quoted lines follow.
    following = next((line for line in lines[index + count :] if line.strip()), "")
    return _is_quoted(following)


def _attribution_lines(lines: list[str], index: int) -> int:
    """How many lines the attribution that begins here has; 0 when none does."""
    first = lines[index].strip()
    if not first or len(first) > _MAX_LINE:
        return 0
    joined = ""
    for count in range(1, 4):
        line = lines[index + count - 1].strip() if index + count <= len(lines) else ""
        if not line or (count > 1 and (_is_quoted(line) or not _may_go_on(first, line))):
            break
        joined = f"{joined} {line}".strip()
        if len(joined) > _MAX_LINE:
            break
        if joined.endswith((":", ">", "：")) and _is_attribution(joined):
            return count
    return 0


def _is_attribution(line: str) -> bool:
    """Tell a line that says who wrote what follows, and when. Linear in its length."""
    if _ENDS_IN_ADDRESS.search(line[-320:]):
        day = _DAY.search(line[:60])
        return day is not None or (line.endswith((":", "：")) and bool(_YEAR_AND_TIME.search(line)))
    for verb in list(_VERB.finditer(line))[-2:]:
        before, after = line[: verb.start()], line[verb.end() : -1]
        if not 3 <= len(before) <= _MOST_BEFORE_VERB or len(after) > _MOST_AFTER_VERB:
            continue
        if _ADDRESS.search(before):
            return True
        is_dated = any(sign.isdigit() for sign in before)
        if ":" not in after and (is_dated or _OPENING.match(before)):
            return True
    return False


def _may_go_on(first: str, line: str) -> bool:
    """A broken attribution has its date or address in its first line, and begins but once."""
    return ("<" in first or any(sign.isdigit() for sign in first)) and not _BEGINNING.match(line)


def _start_of_appended_original(lines: list[str], end: int) -> int | None:
    """Find where a client that does not mark lines appended the original (Outlook and others)."""
    for index, line in enumerate(lines[:end]):
        if len(line) > _MAX_LINE or _is_quoted(line):
            continue
        if _ORIGINAL.match(line.strip()):
            return index
        if _is_header_block(lines, index):
            is_ruled = index > 0 and _RULE.match(lines[index - 1].strip()) is not None
            return index - 1 if is_ruled else index
    return None


def _is_header_block(lines: list[str], index: int) -> bool:
    """Tell From, Sent, To, Subject in a row: three after an empty line or a rule, else four."""
    first = _HEADER_LINE.match(lines[index].strip()[:_MAX_LINE])
    if first is None:
        return False
    names: set[str] = set()
    for line in lines[index : index + 8]:
        found = _HEADER_LINE.match(line.strip()[:_MAX_LINE])
        if found is None:
            break
        names.add(found[1].lower())
    above = lines[index - 1].strip() if index else ""
    is_apart = not above or _RULE.match(above) is not None
    needed = 3 if is_apart and first[1].lower() in _SENDERS else 4
    return len(names) >= needed and not names.isdisjoint(_SENDERS)
