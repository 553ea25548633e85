"""What README and the guides say is so: keys, commands, links, and settings that can be copied."""

import re
from argparse import _SubParsersAction
from pathlib import Path

import pytest

from supportdesk.adapters import settings_reader
from supportdesk.adapters.settings_reader import read_settings
from supportdesk.cli import _parser

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = tuple(sorted((ROOT / "docs").glob("*.md")))
PAGES = (ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CHANGELOG.md", *GUIDES)


def _settings_keys() -> set[str]:
    """Every key that the reader asks a table for."""
    source = Path(settings_reader.__file__).read_text(encoding="utf-8")
    asked = re.findall(r"table\.(?:text|texts|choice|number|flag|values)\(\s*\"(\w+)\"", source)
    return {*asked, "port", "ca_file"}


def _toml_blocks(page: Path) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("key", sorted(_settings_keys()))
def test_every_key_of_the_settings_is_in_the_reference(key: str) -> None:
    reference = README.partition("## Settings")[2].partition("## Where")[0]
    assert f"`{key}`" in reference


def test_every_command_is_in_the_table() -> None:
    """Those that --help lists: one without help is of the program for itself."""
    (commands,) = (action for action in _parser()._actions if isinstance(action, _SubParsersAction))
    table = README.partition("## Commands")[2].partition("## Settings")[0]
    for listed in commands._choices_actions:
        assert f"| `supportdesk {listed.dest}" in table


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_settings_in_the_text_are_read_without_a_complaint(page: Path, tmp_path: Path) -> None:
    for block in _toml_blocks(page):
        if block.lstrip().startswith("[["):
            loaded = read_settings(block, tmp_path / "settings.toml")
            assert loaded.warnings == ()
            assert loaded.settings.mail or loaded.settings.phone


def test_pictures_are_small() -> None:
    pictures = list((ROOT / "docs" / "images").glob("*.png"))
    assert pictures
    assert all(picture.stat().st_size < 150_000 for picture in pictures)
    assert all(f"docs/images/{picture.name}" in README for picture in pictures)
