import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.protocols.authentication_results import (
    AuthResult,
    AuthResults,
    parse_auth_results,
)

ANNA = "anna@team.example"


def proves(value: str) -> bool:
    return parse_auth_results(value.encode()).proves(ANNA)


def test_a_field_of_a_large_provider() -> None:
    found = parse_auth_results(
        b"mx.google.com; dkim=pass header.i=@team.example header.s=s1 header.b=abc;"
        b" spf=pass (google.com: domain of anna@team.example designates 192.0.2.1 as permitted)"
        b' smtp.mailfrom=anna@team.example; dmarc=pass (p=REJECT) reason="it; is=so"'
        b" header.from=Team.Example"
    )
    assert found.authserv_id == "mx.google.com"
    assert [(one.method, one.result) for one in found.results] == [
        ("dkim", "pass"),
        ("spf", "pass"),
        ("dmarc", "pass"),
    ]
    assert found.results[2].get("header.from") == "team.example"
    assert found.results[2].get("reason") == "it; is=so"
    assert found.results[0].get("header.d") == ""


@pytest.mark.parametrize(
    "value",
    [
        "mx; dmarc=pass header.from=team.example",
        "mx 1; dmarc=pass",
        "mx; dkim=pass header.d=team.example",
        "mx; dkim/1=pass header.i=@team.example",
        'mx; dkim = pass (good (very) "signature") header.d = "team.example"',
        "mx; auth=pass smtp.auth=anna@team.example",
        "mx; auth=pass smtp.auth=anna",
        "mx; spf=fail; dkim=fail header.d=a.example; dkim=pass header.d=team.example",
    ],
)
def test_what_proves_that_it_is_hers(value: str) -> None:
    assert proves(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "mx; none",
        "mx; dmarc",
        "mx; = pass",
        "mx; dmarc=fail header.from=team.example",
        "mx; dmarc=pass header.from=evil.example",
        "mx; dmarc=pass header.from=team.example; dmarc=fail header.from=team.example",
        "mx; dmarc=fail header.from=team.example; dkim=pass header.d=team.example",
        "mx; dkim=pass header.d=evil.example",
        "mx; dkim=pass header.d=notteam.example header.i=@team.example",
        "mx; dkim=pass",
        "mx; dkim=fail header.d=team.example",
        "mx; dkim=pass header.d=sub.team.example",
        "mx; spf=pass smtp.mailfrom=anna@team.example",
        "mx; auth=pass smtp.auth=ben",
        "mx; (dmarc=pass header.from=team.example",
        "mx; x=(; dmarc=pass) y",
        r'mx; dkim=fail reason="\"; dmarc=pass header.from=team.example"',
    ],
)
def test_what_proves_nothing(value: str) -> None:
    assert not proves(value)


def test_a_signature_of_the_domain_above_counts_and_of_an_ending_alone_does_not() -> None:
    found = parse_auth_results(b"mx; dkim=pass header.d=team.example")
    assert found.proves("anna@mail.team.example")
    assert not found.proves("anna@otherteam.example")


def test_of_two_properties_of_one_name_the_first_counts() -> None:
    found = parse_auth_results(b"mx; dkim=pass header.d=evil.example header.d=team.example")
    assert not found.proves(ANNA)


@given(st.binary(max_size=400))
def test_no_field_stops_the_reading(value: bytes) -> None:
    parse_auth_results(b"mx; dkim=" + value)
    assert isinstance(parse_auth_results(value), AuthResults)


def test_a_hundred_results_are_not_all_looked_at() -> None:
    found = parse_auth_results(b"mx" + b"; dkim=none" * 100)
    assert len(found.results) == 50
    assert found.results[0] == AuthResult(method="dkim", result="none")
