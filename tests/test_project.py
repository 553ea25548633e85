"""The rules of the project are really kept by its tools: each is broken on purpose, in a copy."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).resolve().parent.parent
_SCRIPTS = Path(sys.executable).parent
_UNTYPED = "\n\ndef planted(value):\n    return value\n"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the checkout that may be spoiled."""
    left_out = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(ROOT / "supportdesk", tmp_path / "supportdesk", ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "dev.py", tmp_path)
    return tmp_path


def run_in(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )


def check_command(name: str) -> tuple[str, ...]:
    """Return the command of a check in dev.py, with the tools of this environment."""
    command = next(check.command for check in dev.CHECKS if check.name == name)
    program = _SCRIPTS / Path(command[0]).name
    return str(program), *command[1:]


def plant(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_an_import_of_qt_in_the_domain_fails_the_layers(copy: Path) -> None:
    clean = run_in(copy, *check_command("layers"))
    assert clean.returncode == 0, clean.stdout
    plant(copy / "supportdesk/domain/calls.py", "\nimport PySide6\n")
    spoiled = run_in(copy, *check_command("layers"))
    assert spoiled.returncode != 0
    assert "supportdesk.domain.calls -> PySide6" in spoiled.stdout


def test_an_untyped_function_fails_the_types(copy: Path) -> None:
    # dev.py checks everything in one go; one module of the copy is enough here.
    program, *options = check_command("types")
    command = (program, *options[: options.index("supportdesk")], "supportdesk/domain/calls.py")
    clean = run_in(copy, *command)
    assert clean.returncode == 0, clean.stdout
    plant(copy / "supportdesk/domain/calls.py", _UNTYPED)
    spoiled = run_in(copy, *command)
    assert spoiled.returncode != 0
    assert "[no-untyped-def]" in spoiled.stdout


@pytest.mark.parametrize(
    ("module", "text", "rule"),
    [
        ("domain/calls.py", "\nimport time\n\ntime.sleep(1)\n", "TID251"),
        (
            "services/desk.py",
            "\nimport datetime\n\ndatetime.datetime.now(datetime.UTC)\n",
            "TID251",
        ),
        ("domain/calls.py", "\nprint(1)\n", "T201"),
    ],
)
def test_banned_calls_fail_the_lint(copy: Path, module: str, text: str, rule: str) -> None:
    plant(copy / "supportdesk" / module, text)
    lint = run_in(copy, *check_command("lint"))
    assert lint.returncode != 0
    assert rule in lint.stdout


def test_a_branch_that_only_other_tests_reach_fails_the_coverage(tmp_path: Path) -> None:
    layer = tmp_path / "supportdesk/domain"
    units = tmp_path / "tests/unit/domain"
    for folder in (layer, units):
        folder.mkdir(parents=True)
        for package in (folder, folder.parent):
            (package / "__init__.py").touch()
    (tmp_path / "tests/__init__.py").touch()
    shutil.copy(ROOT / "tests/unit_coverage.py", tmp_path / "tests")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (layer / "sign.py").write_text(
        "def sign(number: int) -> str:\n    return 'minus' if number < 0 else 'plus'\n\n\n"
        "def is_zero(number: int) -> bool:\n    if number == 0:\n        return True\n"
        "    return False\n"
    )
    own = "from supportdesk.domain.sign import is_zero\n\n\n"
    own += "def test_zero():\n    assert is_zero(0)\n"
    (units / "test_sign.py").write_text(own)
    (units / "test_other.py").write_text(own.replace("(0)", "(1) is False"))

    gate = (sys.executable, "-m", "tests.unit_coverage", "tests/unit/domain")
    spoiled = run_in(tmp_path, *gate)
    assert spoiled.returncode == 1, spoiled.stdout
    assert "domain/sign.py: 62 % by tests/unit/domain/test_sign.py, missing 2, 8" in spoiled.stdout

    (units / "test_sign.py").write_text(
        "from supportdesk.domain.sign import is_zero, sign\n\n\n"
        "def test_both():\n    assert is_zero(0) and not is_zero(1)\n    assert sign(1) == 'plus'\n"
    )
    assert run_in(tmp_path, *gate).returncode == 0


@pytest.mark.parametrize(
    ("test", "ci", "outcome"),
    [
        ("import logging\ndef test_it():\n    logging.warning('oh')\n", "", "1 passed, 1 error"),
        (
            "import logging\ndef test_it(expect_log):\n    expect_log('oh')\n"
            "    logging.warning('oh')\n",
            "",
            "1 passed",
        ),
        ("def test_it(expect_log):\n    expect_log('oh')\n", "", "1 passed, 1 error"),
        ("import pytest\ndef test_it():\n    pytest.skip('why')\n", "", "1 skipped"),
        ("import pytest\ndef test_it():\n    pytest.skip('why')\n", "true", "1 failed"),
        ("import pytest\npytest.importorskip('nothing_such')\n", "true", "1 error"),
    ],
)
def test_the_rules_for_every_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, test: str, ci: str, outcome: str
) -> None:
    file = tmp_path / "test_planted.py"
    file.write_text(test)
    monkeypatch.setenv("CI", ci)
    plugin = ("-p", "tests.conftest", "-c", str(ROOT / "pyproject.toml"))
    done = run_in(
        ROOT, sys.executable, "-m", "pytest", *plugin, "--rootdir", str(tmp_path), str(file)
    )
    assert re.search(rf"=+ {outcome} in ", done.stdout), done.stdout


def imported_modules(source: str) -> set[str]:
    """Return every module a source text imports, `from a import b` as both a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("package", ["adapters", "practice"])
def test_only_ui_shows_widgets(package: str) -> None:
    """import-linter sees an outside package as one module, so it cannot tell QtCore from these."""
    widgets = {"PySide6.QtWidgets", "PySide6.QtGui"}
    offenders = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "supportdesk" / package).rglob("*.py"))
        if imported_modules(path.read_text(encoding="utf-8")) & widgets
    ]
    assert offenders == []


def test_imports_of_every_form_are_seen() -> None:
    source = "import PySide6.QtGui\ndef late():\n    from PySide6 import QtWidgets\n"
    assert {"PySide6.QtGui", "PySide6.QtWidgets"} <= imported_modules(source)


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["toasts"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower().splitlines()
    pinned = {line.partition("==")[0] for line in lines}
    names = {re.split(r"[<>=;\s]", name.lower(), maxsplit=1)[0] for name in wanted}
    assert names <= pinned


def test_the_inner_layers_are_all_asked_for_coverage() -> None:
    from tests.unit_coverage import inner_modules

    paths = {module.path for module in inner_modules()}
    assert "supportdesk/domain/calls.py" in paths
    assert "supportdesk/services/ports.py" in paths
