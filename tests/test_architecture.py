"""Imports go one way, and what is pure imports no Django."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("sites", "events", "mapui", "fazhimap")
ALLOWED = {
    "sites": {"sites"},
    "events": {"events", "sites"},
    "mapui": {"mapui", "events", "sites", "fazhimap"},
    "fazhimap": {"fazhimap"},
}
# What computes, and what must run before Django is installed or its settings are read.
PURE = (
    "sites/geodesy.py",
    "sites/crs.py",
    "sites/verdicts.py",
    "sites/travel.py",
    "sites/routing.py",
    "sites/siting/__init__.py",
    "sites/finding/__init__.py",
    "events/worth.py",
    "events/daylight.py",
    "events/touring/__init__.py",
    "mapui/outward/short_links.py",
    "fazhimap/bootstrap.py",
    "fazhimap/localdb.py",
    "fazhimap/postgres.py",
)
WEB = ("django.http", "django.urls", "django.views", "django.shortcuts", "django.template", "ninja")


def modules(package):
    """The package's own files, by their path from the root; migrations are Django's."""
    files = (ROOT / package).rglob("*.py")
    return sorted(str(f.relative_to(ROOT)) for f in files if "migrations" not in f.parts)


def imports(path):
    """Dotted names that a file imports, wherever in it: `a.b` and `a.b.c` for `from a.b import c`."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def heads(names):
    return {name.split(".")[0] for name in names}


def under(names, prefixes):
    return {name for name in names if name.startswith(tuple(f"{p}." for p in prefixes))}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_those_below_it(package):
    for path in modules(package):
        foreign = (heads(imports(path)) & set(PACKAGES)) - ALLOWED[package]
        assert not foreign, f"{path} imports {foreign}"


@pytest.mark.parametrize("package", PACKAGES)
def test_no_package_imports_the_tests_the_benchmarks_or_the_builder_of_fixtures(package):
    for path in modules(package):
        assert not heads(imports(path)) & {"tests", "bench", "fixtures"}, path


def reached_from(path):
    """The file and all of our own files that it imports, directly or through others."""
    seen, waiting = set(), [path]
    while waiting:
        each = waiting.pop()
        seen.add(each)
        own = (name.replace(".", "/") for name in imports(each))
        files = {f"{name}{end}" for name in own for end in (".py", "/__init__.py")}
        waiting += [f for f in files if (ROOT / f).is_file() and f not in seen]
    return seen


@pytest.mark.parametrize("path", PURE)
def test_what_is_pure_imports_no_django_not_even_through_others(path):
    for each in reached_from(path):
        assert not heads(imports(each)) & {"django", "ninja", "pghistory", "pgtrigger"}, each


def test_places_and_events_know_nothing_of_the_web_but_for_their_admin():
    for path in (*modules("sites"), *modules("events")):
        if not path.endswith("admin.py"):
            web = under({f"{name}." for name in imports(path)}, WEB)
            assert not web, f"{path} imports {web}"


@pytest.mark.parametrize("package", PACKAGES)
def test_only_the_clock_reads_the_clock(package):
    for path in modules(package):
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        clocks = {"timezone.now", "datetime.datetime.now", "datetime.date.today", "datetime.now"}
        assert path == "sites/clock.py" or not calls & clocks, path
