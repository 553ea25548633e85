import pytest

from supportdesk.ui import rows


def test_every_name_is_there_though_its_module_is_imported_late() -> None:
    assert all(getattr(rows, name) is not None for name in rows.__all__)


def test_a_name_that_is_not_there_is_refused_as_ever() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nonsense'"):
        getattr(rows, "Nonsense")  # noqa: B009 - mypy knows that it is not there
