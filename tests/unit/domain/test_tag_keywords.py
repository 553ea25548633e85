import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.domain.side_marks import tag_name
from supportdesk.domain.tag_keywords import LONGEST_KEYWORD, tag_keyword, tags_among

_ATOM = re.compile(r"\$SD-tag-[a-z0-9_-]+")


@pytest.mark.parametrize(
    ("name", "keyword"),
    [
        ("billing", "$SD-tag-billing"),
        ("late-payer_2", "$SD-tag-late-payer_2"),
        ("účet", "$SD-tag---et-qka0f"),
        ("請求書", "$SD-tag---rovq1j9s5a"),
        ("", ""),
        ("Not as it is kept", ""),
    ],
)
def test_a_tag_is_a_word_that_servers_take(name: str, keyword: str) -> None:
    assert tag_keyword(name) == keyword
    assert tags_among([keyword]) == (frozenset({name}) if keyword else frozenset())


def test_a_name_that_would_be_too_long_is_none() -> None:
    assert len(tag_keyword("x" * 30)) < LONGEST_KEYWORD
    assert tag_keyword("請求書未払督促状発送済確認中株式会社御中至急対応必要案件") == ""


@given(st.text(max_size=40))
def test_what_fits_comes_back_as_it_was_in_any_case(words: str) -> None:
    name = tag_name(words)
    keyword = tag_keyword(name)
    if keyword:
        assert _ATOM.fullmatch(keyword)
        assert len(keyword) <= LONGEST_KEYWORD
        for spelled in (keyword, keyword.lower(), keyword.upper()):
            assert tags_among(["\\seen", spelled]) == {name}


@pytest.mark.parametrize(
    "flag",
    [
        "\\seen",
        "$sd-claim-anna",
        "x$sd-tag-y",
        "$sd-tag-",
        "$sd-tag---",
        "$sd-tag---plain-",
        "$sd-tag---999999999999",
        "$sd-tag---\u00fa",
        "$sd-tag-a..b",
        "$sd-tag-" + "x" * 31,
    ],
)
def test_what_we_would_never_have_written_is_no_tag(flag: str) -> None:
    assert tags_among([flag]) == frozenset()
