"""What the documents name is there: files, commands and their options, settings, addresses."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.urls import Resolver404, resolve

from mapui.api import api
from mapui.kinds import KINDS

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "fixtures").glob("*.md")]
)
TOP = {path.name for path in ROOT.iterdir()}
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
SETTING = re.compile(r"\b(?:FAZHIMAP|DATABASE|COVERAGE)_[A-Z_]+\b")
ADDRESS = re.compile(r"^(?:(GET|POST|PATCH|PUT|DELETE) )?(/[^\s`]*)$")


def ids(path):
    return str(path.relative_to(ROOT))


def code(path):
    """The pieces of a document that are set as code, without their quotes."""
    return [piece.strip("`") for piece in CODE.findall(path.read_text(encoding="utf-8"))]


each_document = pytest.mark.parametrize("path", DOCS, ids=ids)


def test_there_are_documents():
    assert {"README.md", "docs/operator.md", "fixtures/README.md"} <= set(map(ids, DOCS))


@each_document
def test_links_lead_to_files(path):
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:|#", target):
            assert (path.parent / target.split("#")[0]).exists(), target


@each_document
def test_named_files_exist(path):
    for piece in code(path):
        head = piece.split("/")[0]
        if "\n" not in piece and " " not in piece and "/" in piece and head in TOP:
            assert (ROOT / piece).exists(), piece


@each_document
def test_named_make_targets_exist(path):
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for piece in code(path):
        for target in re.findall(r"\bmake ([a-z-]+)", piece):
            assert target in targets, target


@each_document
def test_named_commands_exist_with_their_options(path):
    commands = get_commands()
    for line in "\n".join(code(path)).splitlines():
        found = re.search(r"manage\.py ([a-z_]+)(.*)", line)
        if found:
            name, rest = found.groups()
            assert name in commands, line
            command = load_command_class(commands[name], name)
            known = command.create_parser("manage.py", name)._option_string_actions
            for option in re.findall(r"(?<!\S)\[?(--[a-z-]+)", rest):
                assert option in known, line


@each_document
def test_named_settings_are_read_somewhere(path):
    sources = [*ROOT.glob("fazhimap/*.py"), *ROOT.glob("mapui/**/*.py"), ROOT / "Makefile"]
    read = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    for name in set(SETTING.findall("\n".join(code(path)))):
        assert name in read, name


@each_document
def test_named_addresses_are_served(path):
    methods = {
        (method.upper(), re.sub(r"\{[^}]*\}", "X", address))
        for address, operations in api.get_openapi_schema()["paths"].items()
        for method in operations
    }
    for piece in code(path):
        match = ADDRESS.match(piece)
        if match:
            method, address = match[1], re.sub(r"\b(CODE|ID)\b", "X", match[2].split("?")[0])
            served = (method or "GET", f"/api/v1{address}") in methods or is_page(address)
            assert served or (ROOT / address.lstrip("/")).exists(), piece


def documented_columns(heading):
    """The cells of the table under a heading of the steward's document, a list a row."""
    text = (ROOT / "docs/steward.md").read_text(encoding="utf-8")
    section = re.search(rf"^### {re.escape(heading)}.*?\n\n(.*?)(?:\n\n|\Z)", text, re.M | re.S)
    rows = [line.strip("|").split("|") for line in section[1].splitlines()[2:]]
    return [[cell.strip() for cell in row] for row in rows]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_documented_columns_are_those_that_are_imported(kind):
    rows = documented_columns(f"`{kind.name}`") + documented_columns("每种都有的列")
    told = [(title, name.strip("`"), required == "*") for title, name, required, *_ in rows]
    assert told == [(c.titles[0], c.name, c.required) for c in kind.columns]
    for column, (*_, allowed, example) in zip(kind.columns, rows, strict=True):
        if column.choices:
            assert re.findall(r"`([^`]+)`", allowed) == list(column.choices)
        if example:
            column.parse(example.split(" 或 ")[0])


def is_page(address):
    try:
        resolve(address)
    except Resolver404:
        return address in {"/api/v1", "/api/v1/"}
    return True
