import logging
from pathlib import Path

import pytest

from supportdesk.adapters.small_files import SmallFiles


def test_what_was_kept_is_there_again(tmp_path: Path) -> None:
    SmallFiles(tmp_path).save("window", b"\x01\x02")
    assert SmallFiles(tmp_path).load("window") == b"\x01\x02"
    assert SmallFiles(tmp_path).load("live-board") == b""


def test_a_folder_that_takes_nothing_is_noted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = SmallFiles(tmp_path / "gone")
    with caplog.at_level(logging.INFO):
        files.save("window", b"\x01")
    assert "window was not kept" in caplog.text
    assert files.load("window") == b""
