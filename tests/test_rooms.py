"""The rooms of the package: their sizes, their doors, and what they take from libraries."""

import ast
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from inspect import getdoc, isroutine
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"
PACKAGE = SRC / "tiktok_segments"
MODULES = sorted(SRC.rglob("*.py"))
ROOMS = sorted(folder.parent.name for folder in PACKAGE.glob("*/__init__.py"))

LIBRARIES = ("mlflow", "hydra", "skops", "sklearn", "omegaconf", "sqlalchemy", "matplotlib")

PRIVATE_NAMES: dict[tuple[str, str], str] = {}
"""Private names of libraries that the package uses, by module, each with the reason."""


def name_of(module: Path) -> str:
    return module.relative_to(SRC).as_posix()


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def imported_from(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Give each name that a statement imports, with the library it is from."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name, (alias.asname or alias.name.split(".")[0])
    elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        for alias in node.names:
            yield f"{node.module}.{alias.name}", alias.asname or alias.name


def is_of_library(name: str) -> bool:
    return name.split(".")[0] in LIBRARIES


def annotated(tree: ast.AST, ours: set[str]) -> set[str]:
    """Return the arguments whose annotation is a name imported from a library."""
    return {
        node.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) and node.annotation is not None
        and ours & {n.id for n in ast.walk(node.annotation) if isinstance(n, ast.Name)}
    }  # fmt: skip


def root_of(node: ast.expr) -> str | None:
    """Return the name that a chain of attributes and calls begins with."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def private_names(source: str) -> set[str]:
    """Return the private names of libraries that a module's text imports or reaches for."""
    tree = ast.parse(source)
    found, ours = set(), set()
    for node in ast.walk(tree):
        for name, bound in imported_from(node):
            if is_of_library(name):
                ours.add(bound)
                found |= {part for part in name.split(".") if is_private(part)}
    ours |= annotated(tree, ours)
    found |= {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and is_private(node.attr) and root_of(node) in ours
    }
    return found


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("from mlflow.tracking._tracking_service import utils", {"_tracking_service"}),
        ("from sklearn.cluster import _kmeans", {"_kmeans"}),
        ("import mlflow\nmlflow.tracking._last_active_run_id()", {"_last_active_run_id"}),
        ("from hydra.core.utils import JobReturn\ndef f(job: JobReturn): return job._return_value",
         {"_return_value"}),
        ("import mlflow\nself._own = mlflow.__version__", set()),
    ],
)  # fmt: skip
def test_private_names_are_found(source: str, names: set[str]) -> None:
    assert private_names(source) == names


def test_private_names_of_libraries_are_those_of_the_list() -> None:
    used = {
        (name_of(module), name) for module in MODULES for name in private_names(module.read_text())
    }
    assert used == set(PRIVATE_NAMES)


def test_only_modules_of_figures_import_matplotlib() -> None:
    for module in MODULES:
        names = {name for node in ast.walk(ast.parse(module.read_text()))
                 for name, _ in imported_from(node)}  # fmt: skip
        if any(name.split(".")[0] == "matplotlib" for name in names):
            assert "plots" in module.stem or "panels" in module.stem, module


def test_no_module_is_longer_than_250_lines() -> None:
    assert [name_of(m) for m in MODULES if len(m.read_text().splitlines()) > 250] == []


def test_few_modules_lie_beside_the_rooms() -> None:
    beside = [thing for thing in PACKAGE.iterdir() if thing.suffix in {".py", ".pyi"}]
    assert len(beside) <= 12, beside


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_at_most_sixteen_modules(room: str) -> None:
    modules = [m for m in (PACKAGE / room).glob("*.py") if m.name != "__init__.py"]
    assert len(modules) <= 16


@pytest.mark.parametrize("room", ROOMS)
def test_the_door_of_a_room_is_described_and_opens(room: str) -> None:
    door = import_module(f"tiktok_segments.{room}")
    assert len((door.__doc__ or "").split()) > 10
    assert 5 <= len(door.__all__) <= 14
    for name in door.__all__:
        thing = getattr(door, name)
        if isinstance(thing, type) or isroutine(thing):
            assert getdoc(thing), name


def test_no_two_files_of_tests_have_one_name() -> None:
    names = Counter(file.name for file in Path(__file__).parent.rglob("test_*.py"))
    assert [name for name, files in names.items() if files > 1] == []
