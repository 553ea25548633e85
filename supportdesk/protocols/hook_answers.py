"""What the hook endpoint answers: a status code and one plain sentence, as JSON."""

import json
from dataclasses import dataclass
from typing import Final

from supportdesk.protocols.hook_fields import HookFieldError

Header = tuple[str, str]

BIGGEST_BODY: Final = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class HookAnswer:
    """A status with its sentence; empty when the event was taken in."""

    status: int
    sentence: str = ""
    field: str = ""
    ignored: tuple[str, ...] = ()
    headers: tuple[Header, ...] = ()

    @property
    def is_refusal(self) -> bool:
        return self.status >= 400

    @property
    def body(self) -> bytes:
        said: dict[str, object] = {"ok": not self.is_refusal}
        if self.sentence:
            said["error"] = self.sentence
        if self.field:
            said["field"] = self.field
        if self.ignored:
            said["ignored"] = list(self.ignored)
        return json.dumps(said, ensure_ascii=False).encode() + b"\n"


NO_HTTP: Final = HookAnswer(status=400, sentence="This is not a request of HTTP/1.1.")
NO_TOKEN: Final = HookAnswer(
    status=401,
    sentence="Send the header Authorization: Bearer, with the token of `supportdesk hook token`.",
    headers=(("WWW-Authenticate", "Bearer"),),
)
WRONG_TOKEN: Final = HookAnswer(
    status=401,
    sentence="The token is not the one that is kept here; `supportdesk hook token` makes another.",
    headers=(("WWW-Authenticate", 'Bearer error="invalid_token"'),),
)
FROM_A_BROWSER: Final = HookAnswer(
    status=403, sentence="Web pages may not use the hook; send the event from a program."
)
NOT_THIS_HOST: Final = HookAnswer(
    status=403,
    sentence="The header Host has to name this computer, as 127.0.0.1 or localhost; "
    "a tunnel has to rewrite it.",
)
NO_SUCH_PATH: Final = HookAnswer(status=404, sentence="There is only /v1/calls here.")
NOT_POST: Final = HookAnswer(
    status=405, sentence="Only POST is taken here.", headers=(("Allow", "POST"),)
)
TOO_SLOW: Final = HookAnswer(
    status=408, sentence="The request did not come whole in time; send it again."
)
TOO_LARGE: Final = HookAnswer(
    status=413, sentence=f"The body may have at most {BIGGEST_BODY // 1024} kB."
)
NOT_JSON: Final = HookAnswer(
    status=415,
    sentence="Send JSON as it is, with the header Content-Type: application/json.",
)
HEADERS_TOO_LARGE: Final = HookAnswer(
    status=431, sentence="The request line and headers are too long."
)
MISTAKE: Final = HookAnswer(
    status=500, sentence="supportdesk has made a mistake, which is in its log; send it again later."
)
TOO_MANY_CONNECTIONS: Final = HookAnswer(
    status=503,
    sentence="Too many connections are open at the same time; send it again.",
    headers=(("Retry-After", "1"),),
)
STOPPING: Final = HookAnswer(
    status=503,
    sentence="supportdesk is stopping and did not take the event in; send it again.",
    headers=(("Retry-After", "10"),),
)
NOT_KEPT: Final = HookAnswer(
    status=507,
    sentence="The event was told but cannot be kept on disk; send it again with the same event_id.",
)


def taken(ignored: tuple[str, ...]) -> HookAnswer:
    return HookAnswer(status=200, ignored=ignored)


def wrong_field(error: HookFieldError) -> HookAnswer:
    """400 for what is no JSON object, 422 for a field of one."""
    status = 422 if error.field else 400
    return HookAnswer(status=status, sentence=error.sentence, field=error.field)


def too_many_requests(wait_seconds: int) -> HookAnswer:
    return HookAnswer(
        status=429,
        sentence=f"Too many events came in a short time; send it again in {wait_seconds} s.",
        headers=(("Retry-After", str(wait_seconds)),),
    )


def no_http(status: int) -> HookAnswer:
    """What the parser makes of bytes that are no request."""
    if status == HEADERS_TOO_LARGE.status:
        return HEADERS_TOO_LARGE
    return NO_HTTP
