import pytest

from supportdesk.protocols.hook_gate import EventRate, RequestHead, refusal

TOKEN = "sesame-4711"
GOOD = {
    "host": "127.0.0.1:8477",
    "authorization": f"Bearer {TOKEN}",
    "content-type": "application/json",
}


def status(method: str = "POST", target: str = "/v1/calls", **headers: str | None) -> int:
    """0 when the body may be read; headers with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    said = [(k, v) for k, v in (GOOD | named).items() if v is not None]
    return _status(method, target, said)


def _status(method: str, target: str, headers: list[tuple[str, str]]) -> int:
    head = RequestHead(
        method=method.encode(),
        target=target.encode(),
        headers=[(name.encode(), value.encode("latin-1")) for name, value in headers],
    )
    answer = refusal(head, TOKEN)
    return 0 if answer is None else answer.status


def test_a_good_request() -> None:
    assert status() == 0
    assert status(target="/v1/calls?from=n8n") == 0
    assert status(content_length="65536", content_encoding="identity") == 0


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8477",
        "127.0.0.1",
        "127.1.2.3:80",
        "[::1]",
        "[::1]:8477",
        "localhost:",
    ],
)
def test_names_of_this_computer(host: str) -> None:
    assert status(host=host) == 0


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "evil.example:8477",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.168.1.5:8477",
        "0.0.0.0",
        "[::]",
        "::1",
        "[127.0.0.1]",
        "localhost:80@evil.example",
        "127.0.0.1:²",
        ":8477",
    ],
)
def test_other_names_are_refused_as_dns_rebinding(host: str | None) -> None:
    assert status(host=host) == 403


@pytest.mark.parametrize("header", ["origin", "sec_fetch_site", "sec_fetch_mode", "sec_fetch_dest"])
def test_what_browsers_say_of_themselves(header: str) -> None:
    assert status(**{header: "null"}) == 403
    assert status(**{header: "http://127.0.0.1:8477"}) == 403
    assert status(method="OPTIONS", authorization=None, **{header: "x"}) == 403


def test_other_places_and_methods() -> None:
    assert status(target="/") == 404
    assert status(target="/v1/calls/") == 404
    assert status(target="/V1/CALLS") == 404
    assert status(target="http://127.0.0.1/v1/calls") == 404
    assert status(method="GET") == 405
    assert status(method="post") == 405


@pytest.mark.parametrize(
    "said",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        TOKEN,
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        "Bearer é",
    ],
)
def test_without_the_token_nobody_comes_in(said: str | None) -> None:
    assert status(authorization=said) == 401


def test_the_scheme_is_not_case_sensitive_and_is_said_once() -> None:
    assert status(authorization=f"bearer  {TOKEN} ") == 0
    twice = [*GOOD.items(), ("authorization", "Bearer other")]
    assert _status("POST", "/v1/calls", twice) == 401


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("application/json; charset=utf-8", 0),
        ("Application/JSON", 0),
        ("application/cloudevents+json", 0),
        (None, 415),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=application/json", 415),
        ("text/x+json", 415),
    ],
)
def test_only_json(kind: str | None, expected: int) -> None:
    assert status(content_type=kind) == expected


def test_packed_or_large_bodies() -> None:
    assert status(content_encoding="gzip") == 415
    assert status(content_length="65537") == 413


def test_a_burst_comes_in_and_then_so_many_a_second() -> None:
    rate = EventRate(burst=3, events_a_second=2.0)
    assert [rate.wait_seconds(100.0) for _ in range(3)] == [0, 0, 0]
    assert rate.wait_seconds(100.0) == 1
    assert rate.wait_seconds(100.6) == 0
    assert rate.wait_seconds(100.6) == 1
    assert [rate.wait_seconds(1000.0) for _ in range(4)] == [0, 0, 0, 1]


def test_how_long_to_wait() -> None:
    rate = EventRate(burst=1, events_a_second=0.1)
    assert rate.wait_seconds(0.0) == 0
    assert rate.wait_seconds(0.0) == 10
    assert rate.wait_seconds(10.5) == 0
