"""Which modules of the project a script needs, found by reading import statements."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"


def module_file(name: str) -> Path | None:
    """The file of a dotted module name below src/, or None where it is not the project's."""
    path = SOURCE.joinpath(*name.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def imported_names(file: Path, late: bool = False) -> set[str]:
    """Dotted names that a file imports, `from a import b` as both a and a.b; packages along the way included.

    Those that come with the module itself, or the `late` ones: inside a function, where few callers need them.
    """
    names: set[str] = set()
    tree = _tree(file)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    inside = [node for function in functions for node in ast.walk(function)]
    for node in inside if late else tree.body:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    parts = [name.split(".") for name in names]
    return {".".join(p[: i + 1]) for p in parts for i in range(len(p))}


def modules_by_name(file: Path) -> set[Path]:
    """The modules of a package that imports them by name, and not by statement."""
    return set(file.parent.glob("*.py")) if "import_module(f" in file.read_text(encoding="utf-8") else set()


def has_code(file: Path) -> bool:
    """Whether there is more in a file than a docstring."""
    return len(_tree(file).body) > 1


def needed_files(script: Path) -> set[str]:
    """Project files behind `script`, itself included, relative to the root; files without code are left out."""
    todo, seen = [script], {script}
    while todo:
        file = todo.pop()
        found = {module_file(name) for name in imported_names(file)} | modules_by_name(file)
        new = {file for file in found if file} - seen
        seen |= new
        todo += new
    return {file.relative_to(ROOT).as_posix() for file in seen if has_code(file)}
