"""Rows found again by key: updates in place, persistent indexes follow their row."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from supportdesk.ui.rows import SectionRow
from supportdesk.ui.widgets.keyed_model import ROW_ROLE, KeyedModel


@dataclass(frozen=True)
class Row:
    key: str
    words: str = ""

    @property
    def accessible_text(self) -> str:
        return f"{self.key} {self.words}".strip()


def rows(keys: str) -> list[Row]:
    return [Row(key) for key in keys]


def shown(model: KeyedModel) -> str:
    return "".join(model.key_at(model.index(at, 0)) for at in range(model.rowCount()))


def test_model_keeps_the_rules_of_models(qtmodeltester: ModelTester) -> None:
    model = KeyedModel(still=(SectionRow,))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # pytest-qt leaves it untyped
    for keys in ("abc", "cab", "xcaby", "", "zyx", "xyz"):
        model.show_rows(rows(keys))
    model.show_rows([SectionRow(key="s", title="Waiting", count="1"), *rows("abc")])


@pytest.mark.parametrize("twice", ["aab", "aba", "bcac", "ccc"])
def test_a_key_that_comes_twice_is_shown_once_and_leaves_nothing_behind(twice: str) -> None:
    model = KeyedModel()
    model.show_rows(rows("ab"))
    model.show_rows(rows(twice))
    assert shown(model) == "".join(dict.fromkeys(twice))
    model.show_rows(rows("abcd"))
    assert shown(model) == "abcd"


@given(
    before=st.permutations("abcdefgh"), after=st.permutations("cdefghijk"), cut=st.integers(0, 9)
)
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_update_ends_in_the_wanted_order_and_indexes_follow(
    before: list[str], after: list[str], cut: int
) -> None:
    model = KeyedModel()
    model.show_rows(rows("".join(before)))
    held = {key: QPersistentModelIndex(model.index_of(key)) for key in before}
    wanted = "".join(after[:cut])
    model.show_rows(rows(wanted))
    assert shown(model) == wanted
    for key, index in held.items():
        assert (model.key_at(index) == key) if key in wanted else not index.isValid()


def test_changed_words_are_told_for_their_row_only(qtbot: QtBot) -> None:
    model = KeyedModel()
    model.show_rows(rows("abc"))
    with qtbot.waitSignal(model.dataChanged) as told:
        model.show_rows([Row("a"), Row("b", "new"), Row("c")])
    assert told.args is not None
    assert told.args[0].row() == told.args[1].row() == 1
    assert model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "b new"


def test_same_rows_again_tell_nothing(qtbot: QtBot) -> None:
    model = KeyedModel()
    model.show_rows(rows("abc"))
    with (
        qtbot.assertNotEmitted(model.dataChanged),
        qtbot.assertNotEmitted(model.layoutChanged),
        qtbot.assertNotEmitted(model.rowsInserted),
        qtbot.assertNotEmitted(model.rowsRemoved),
    ):
        model.show_rows(rows("abc"))


def test_many_rows_are_handed_over_in_parts(qtmodeltester: ModelTester) -> None:
    model = KeyedModel()
    model.show_rows([Row(str(at)) for at in range(450)])
    assert model.rowCount() == 200
    assert model.canFetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert model.rowCount() == 400
    assert model.index_of("449").row() == 449
    assert not model.canFetchMore(QModelIndex())
    model.show_rows([Row(str(at)) for at in range(450)])
    assert model.rowCount() == 450
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # pytest-qt leaves it untyped


def test_headings_cannot_be_chosen() -> None:
    model = KeyedModel(still=(SectionRow,))
    model.show_rows([SectionRow(key="s", title="Waiting"), Row("a")])
    selectable = Qt.ItemFlag.ItemIsSelectable
    assert not model.flags(model.index(0, 0)) & selectable
    assert model.flags(model.index(1, 0)) & selectable


def test_refresh_takes_over_words_without_moving() -> None:
    model = KeyedModel()
    model.show_rows(rows("abc"))
    model.refresh_rows([Row("c", "3"), Row("a", "1")])
    assert [model.index(at, 0).data(ROW_ROLE) for at in range(3)] == [
        Row("a", "1"),
        Row("b"),
        Row("c", "3"),
    ]


@pytest.mark.parametrize(("after", "moves"), [("abcd", False), ("bcd", True), ("xabc", True)])
def test_new_rows_at_the_end_move_nothing(after: str, moves: bool) -> None:
    model = KeyedModel()
    model.show_rows(rows("abc"))
    assert model.would_move(rows(after)) is moves


def test_an_unknown_key_is_nowhere() -> None:
    model = KeyedModel()
    model.show_rows(rows("abc"))
    assert not model.index_of("z").isValid()
    assert model.key_at(QModelIndex()) == ""
    assert model.data(QModelIndex()) is None
    assert model.rowCount(model.index(0, 0)) == 0
