import pytest

from supportdesk.protocols.imap_responses import TaggedStatus


@pytest.mark.parametrize(("status", "is_ok"), [("OK", True), ("NO", False), ("BAD", False)])
def test_only_ok_is_ok(status: str, *, is_ok: bool) -> None:
    assert TaggedStatus(tag="a1", status=status, code="", text="").is_ok is is_ok


@pytest.mark.parametrize(
    ("status", "code", "is_missing"),
    [("OK", "", False), ("OK", "EXPUNGEISSUED", True), ("NO", "", True), ("BAD", "", False)],
)
def test_what_is_gone_is_told_by_either_server(status: str, code: str, *, is_missing: bool) -> None:
    ended = TaggedStatus(tag="a1", status=status, code=code, text="")
    assert ended.has_missing_messages is is_missing
