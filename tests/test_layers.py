"""The order of the layers: what comes later may import what comes earlier, never the reverse."""

import ast
from pathlib import Path

import pytest

from settings import ROOT

LAYERS = [
    {"settings"}, {"engines"}, {"database"}, {"tables"}, {"theming"}, {"forms", "emails"}, {"integrations"}, {"jobs"},
    {"web"},
    {"controllers"}, {"commands"}, {"app"},
]  # fmt: skip
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
BESIDE = {"piccolo_app": {"tables"}, "piccolo_conf": {"database"}}
"""What Piccolo's own command line loads; nothing of ours imports them."""

QUERYING = {
    "controllers/mailbox.py": "shows the outbox, in development only",
    "controllers/health.py": "asks whether the database answers at all",
}
QUERIES = {"select", "objects", "raw", "exists", "insert", "delete", "count"}


def sources():
    folders = [ROOT / name for names in LAYERS for name in names if (ROOT / name).is_dir()]
    files = [ROOT / f"{name}.py" for names in LAYERS for name in names if (ROOT / f"{name}.py").is_file()]
    return sorted([*files, *(path for folder in folders for path in folder.rglob("*.py"))])


def imports(path: Path):
    """Every module of ours that a file imports, with dots."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name for name in names if name.split(".")[0] in RANK.keys() | BESIDE.keys())


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_top_level_module_has_its_layer():
    beside = {"tests", "migrations", "bench", "docs", "bin", *BESIDE}
    ours = {path.stem for path in ROOT.glob("*.py")} | {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert ours - beside - set(RANK) == set()


@pytest.mark.parametrize("path", sources(), ids=relative)
def test_imports_go_one_way(path):
    own = RANK[relative(path).split("/")[0].removesuffix(".py")]
    later = {name for name in imports(path) if RANK.get(name.split(".")[0], len(LAYERS)) > own}
    assert later == set()


def test_layers_of_one_rank_do_not_import_each_other():
    for path in sources():
        layer = relative(path).split("/")[0]
        siblings = {name for names in LAYERS if layer in names for name in names} - {layer}
        assert not {name for name in imports(path) if name.split(".")[0] in siblings}, path


def test_controllers_do_not_import_each_other():
    for path in (ROOT / "controllers").rglob("*.py"):
        if path.name == "__init__.py":
            continue  # a package may gather its own
        assert not [name for name in imports(path) if name.startswith("controllers")], path


def queries(path: Path) -> list[int]:
    """The lines of a file that build a query."""
    return [
        node.lineno for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in QUERIES
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id[:1].isupper() or node.func.value.id == "database")
    ]  # fmt: skip


def test_controllers_leave_queries_to_the_tables():
    found = {relative(path) for path in (ROOT / "controllers").rglob("*.py") if queries(path)}
    assert found == set(QUERYING)


def test_only_one_module_speaks_smtp():
    speakers = {relative(path) for path in sources() if "aiosmtplib" in path.read_text()}
    assert speakers - {"commands/doctor.py"} == {"emails/smtp.py"}


@pytest.mark.parametrize("call", ["Redirect(", ".form()", "cache=True", "request.url", "base_url.host"])
def test_controllers_and_web_do_without_what_the_framework_gets_wrong(call):
    users = [
        relative(path)
        for path in sources()
        if relative(path).startswith(("controllers", "web")) and call in path.read_text()
    ]
    assert users == []
