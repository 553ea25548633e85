"""Runs the unit tests, and asks of each inner module: does its own test file cover every branch?

    python -m tests.unit_coverage                                     all of them
    python -m tests.unit_coverage tests/unit/domain/test_calls.py     one module by its test file

A line that some other test happens to run does not count. What runs while a module is imported
counts for everybody, so a module of plain declarations needs no test file.
"""

import importlib
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from coverage import Coverage

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("domain", "protocols", "services")
_UNIT = "tests/unit"
_AT_IMPORT = "^$"


@dataclass(frozen=True, slots=True, kw_only=True)
class InnerModule:
    """One module of the inner layers, and the test file that answers for it."""

    path: str
    test_file: str


def inner_modules(root: Path = ROOT) -> list[InnerModule]:
    modules = []
    for layer in LAYERS:
        package = root / "supportdesk" / layer
        for path in sorted(package.rglob("*.py")):
            inside = path.relative_to(root / "supportdesk")
            test_file = f"{_UNIT}/{inside.parent.as_posix()}/test_{inside.name.lstrip('_')}"
            modules.append(InnerModule(path=path.relative_to(root).as_posix(), test_file=test_file))
    return modules


def gap(coverage: Coverage, module: InnerModule) -> str | None:
    """Return what the module's own test file leaves out, or None."""
    text = io.StringIO()
    contexts = [_AT_IMPORT, f"^{re.escape(module.test_file)}$"]
    percent = coverage.report(
        morfs=[str(ROOT / module.path)], contexts=contexts, file=text, show_missing=True
    )
    if percent >= 100:
        return None
    line = next(line for line in text.getvalue().splitlines() if line.startswith(module.path))
    missing = line.split("%", 1)[1].strip()
    return f"{module.path}: {percent:.0f} % by {module.test_file}, missing {missing}"


class _ContextByFile:
    """Tells coverage which test file is running."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self._current = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        file = item.path.relative_to(ROOT).as_posix()
        if file != self._current:
            self._current = file
            self._coverage.switch_context(file)
        return (yield)


def run_and_measure(arguments: list[str]) -> int:
    """Run some test files in this process, then ask the modules that belong to them."""
    chosen = [argument for argument in arguments if not argument.startswith("-")]
    coverage = Coverage(config_file=str(ROOT / "pyproject.toml"), data_file=None)
    coverage.start()
    asked = [
        module
        for module in inner_modules()
        if any(module.test_file.startswith(path) for path in chosen)
    ]
    for module in asked:
        importlib.import_module(module.path.removesuffix(".py").replace("/", "."))
    status = pytest.main(["-q", *arguments], plugins=[_ContextByFile(coverage)])
    coverage.stop()
    if status != 0:
        return int(status)
    gaps = [problem for module in asked if (problem := gap(coverage, module)) is not None]
    for problem in gaps:
        print(problem)  # noqa: T201  # a command for people
    if gaps:
        return 1
    print(f"{len(asked)} modules covered, each by its own tests")  # noqa: T201  # as above
    return 0


def run_all_layers() -> int:
    """Measure each layer in a process of its own, side by side: tracing doubles the time."""
    command = [sys.executable, "-m", "tests.unit_coverage"]
    running = [
        subprocess.Popen(
            [*command, f"{_UNIT}/{layer}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        for layer in LAYERS
    ]
    worst = 0
    for layer, process in zip(LAYERS, running, strict=True):
        output, _ = process.communicate()
        print(f"{layer}:\n{output}", end="", flush=True)  # noqa: T201  # as above
        worst = max(worst, process.returncode)
    return worst


def main(arguments: list[str]) -> int:
    return run_and_measure(arguments) if arguments else run_all_layers()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
