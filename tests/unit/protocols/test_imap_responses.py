import pytest

from supportdesk.protocols.imap_responses import TaggedStatus


@pytest.mark.parametrize(("status", "is_ok"), [("OK", True), ("NO", False), ("BAD", False)])
def test_only_ok_is_ok(status: str, *, is_ok: bool) -> None:
    assert TaggedStatus(tag="a1", status=status, code="", text="").is_ok is is_ok
