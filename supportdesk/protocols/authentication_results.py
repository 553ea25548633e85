"""Authentication-Results (RFC 8601): what a mail server found out about who sent a message."""

import re
from dataclasses import dataclass

_LONGEST = 20_000
_MOST_RESULTS = 50
_TOKEN = re.compile(r'"((?:[^"\\]|\\.){0,2000}+)"|([^\s;"=]++)|(=)|(;)|(.)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthResult:
    """One method and what came of it, all in lower case.

    Attributes:
        properties: As "header.d" and its value; the first of each name.
    """

    method: str
    result: str
    properties: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        return next((value for known, value in self.properties if known == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthResults:
    """One field: who looked, and what they found."""

    authserv_id: str
    results: tuple[AuthResult, ...] = ()

    def proves(self, email: str) -> bool:
        """Is it sure that the message is from somebody who may write as this address?

        What DMARC says holds, if it is said of this domain. Else a signature of the domain is
        enough, or that they logged in to the server under this address. SPF alone is not: it says
        who may hand mail over, and many share that.
        """
        email = email.casefold()
        domain = email.rpartition("@")[2]
        judged = [one for one in self.results if one.method == "dmarc"]
        if judged:
            return all(
                one.result == "pass" and one.get("header.from") in (domain, "") for one in judged
            )
        return any(_is_proof(one, email, domain) for one in self.results)


def parse_auth_results(value: bytes) -> AuthResults:
    """Read the value of the field; what cannot be read is left out."""
    text = _without_comments(value[:_LONGEST].decode("utf-8", "replace"))
    first, *rest = _statements(text)
    results = [_result(one) for one in rest[:_MOST_RESULTS]]
    return AuthResults(
        authserv_id=first[0].casefold() if first else "",
        results=tuple(one for one in results if one is not None),
    )


def _is_proof(result: AuthResult, email: str, domain: str) -> bool:
    if result.result != "pass":
        return False
    if result.method == "dkim":
        signer = result.get("header.d") or result.get("header.i").rpartition("@")[2]
        return bool(signer) and (domain == signer or domain.endswith(f".{signer}"))
    return result.method == "auth" and result.get("smtp.auth") in (email, email.partition("@")[0])


def _without_comments(text: str) -> str:
    """Comments nest, and a quoted bracket begins none (RFC 5322, 3.2.2)."""
    kept: list[str] = []
    depth, is_quoted, is_escaped = 0, False, False
    for char in text:
        if is_escaped:
            is_escaped = False
        elif char == "\\":
            is_escaped = True
        elif char == '"' and not depth:
            is_quoted = not is_quoted
        elif char == "(" and not is_quoted:
            depth += 1
        elif char == ")" and depth:
            depth -= 1
            continue
        if not depth:
            kept.append(char)
    return "".join(kept)


def _statements(text: str) -> list[list[str]]:
    """The words between semicolons; "=" is a word of its own."""
    found: list[list[str]] = [[]]
    for quoted, word, equals, semicolon, _ in _TOKEN.findall(text):
        if semicolon:
            found.append([])
        elif word or equals or quoted:
            found[-1].append(word or equals or _ESCAPED.sub(r"\1", quoted))
    return found


def _result(words: list[str]) -> AuthResult | None:
    """`method/version=result reason=… ptype.property=value …`."""
    pairs = [
        (words[at - 1].casefold(), words[at + 1].casefold())
        for at in range(1, len(words) - 1)
        if words[at] == "="
    ]
    if not pairs or words[1] != "=":
        return None
    (method, result), *properties = pairs
    known = dict(reversed(properties))
    return AuthResult(
        method=method.partition("/")[0], result=result, properties=tuple(sorted(known.items()))
    )
