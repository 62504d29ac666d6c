"""The documentation says what is so: settings, links, paths, commands, partials, tokens, events."""

from __future__ import annotations

import base64
import hashlib
import re
import shlex
import sys
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import click
import pytest
from click import Choice, Group

from commands import Commands
from integrations import sso
from integrations.clickfunnels import verify
from integrations.clickfunnels.effects import EFFECTS, plain
from settings import NAMES, ROOT

DOCS = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
TEMPLATES = ROOT / "templates"
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
COMMAND = re.compile(r"(?:^|[ /'`])litestar((?: +[^`|;&\n]+)?)")
FOLDERS = frozenset(
    "bench bin commands controllers demo docs emails forms integrations jobs layouts locales migrations partials static "
    "tables templates tests theming themes web".split()
)
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
FILE = re.compile(r"[\w-][\w.-]*\.(?:py|lock|yaml)|\.env\.example|Dockerfile")
EXAMPLES = frozenset({"send.py", "sign.py"})
"""Files a reader is told to make."""

ids = {"ids": lambda path: str(path.relative_to(ROOT))}


def read(name: str) -> str:
    return (ROOT / name).read_text()


def code(text: str) -> list[str]:
    """The code of a page: its fenced blocks with continued lines joined, and what stands in backticks."""
    blocks = [block.replace("\\\n", " ") for _, block in FENCE.findall(text)]
    return [*blocks, *INLINE.findall(FENCE.sub("", text))]


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def first_column(text: str) -> list[str]:
    """What stands in backticks in the first cell of each row of the tables."""
    cells = re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)
    return [name for cell in cells for name in INLINE.findall(cell)]


def commands() -> Group:
    group = Group("litestar")
    for name in ("run", "sessions", "schema", "routes", "info", "version"):
        group.add_command(click.Command(name))
    Commands().on_cli_init(group)
    return group


def test_settings_page_names_every_setting_and_no_other():
    assert sorted(first_column(read("docs/settings.md"))) == sorted(NAMES)


def test_env_example_names_every_setting_and_no_other():
    assert sorted(re.findall(r"^#?([A-Z_]+)=", read(".env.example"), re.MULTILINE)) == sorted(NAMES)


@pytest.mark.parametrize("page", DOCS, **ids)
def test_every_link_leads_somewhere(page):
    missing = []
    for target in LINK.findall(FENCE.sub("", page.read_text())):
        name, _, fragment = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        if not file.exists() or (fragment and fragment not in map(anchor, HEADING.findall(file.read_text()))):
            missing.append(target)
    assert not missing


@pytest.mark.parametrize("page", DOCS, **ids)
def test_every_path_named_exists(page):
    known = {path.name for path in sources()}
    missing = []
    for text in INLINE.findall(FENCE.sub("", page.read_text())):
        if FILE.fullmatch(text):
            missing += [text] if text not in known | EXAMPLES else []
        elif PATH.fullmatch(text) and "/" in text and text.split("/")[0] in FOLDERS:
            missing += [text] if not (ROOT / text).exists() and not (TEMPLATES / text).exists() else []
    assert not missing


def sources() -> Iterator[Path]:
    yield from (path for path in ROOT.iterdir() if path.is_file())
    for folder in FOLDERS:
        yield from (ROOT / folder).rglob("*.*")


def test_the_tree_of_the_readme_exists():
    tree = next(block for _, block in FENCE.findall(read("README.md")) if "controllers/" in block)
    names = [name for line in tree.splitlines() for name in re.split(r" {2,}", line.strip())]
    named = [name for name in names if re.fullmatch(r"\w+/|\w+\.py", name)]
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", [*DOCS, ROOT / "compose.yaml", ROOT / "bin/dev"], **ids)
def test_every_command_exists_with_its_options(page):
    text = page.read_text()
    lines = [line for part in code(text) for line in part.splitlines()] if page.suffix == ".md" else text.splitlines()
    problems = [problem for line in lines for arguments in COMMAND.findall(line) for problem in wrong(arguments)]
    assert not problems


def wrong(arguments: str) -> Iterator[str]:
    """What is wrong with the words behind `litestar`; nothing where no command is named."""
    if not re.match(r" +[a-z]+\b", arguments):
        return
    words, command = shlex.split(arguments, comments=True), commands()
    while isinstance(command, Group) and words and re.fullmatch(r"[a-z]+", words[0]):
        name = words.pop(0)
        if name not in command.commands:
            yield f"litestar … {name}: no such command"
            return
        command = command.commands[name]
    options = {flag: option for option in command.params for flag in (*option.opts, *option.secondary_opts)}
    for flag, value in pairwise([*words, ""]):
        if flag.startswith("--") and flag not in options:
            yield f"litestar … {command.name} {flag}: no such option"
        elif flag.startswith("--") and isinstance(kind := options[flag].type, Choice) and value not in kind.choices:
            yield f"litestar … {command.name} {flag} {value}: no such choice"


def test_wrong_commands_would_be_noticed():
    assert list(wrong(" vendor paint acme")) == ["litestar … paint: no such command"]
    assert list(wrong(" vendor set acme --shade dark")) == ["litestar … set --shade: no such option"]
    assert list(wrong(" webhook list --vendor acme --status lost")) == ["litestar … list --status lost: no such choice"]


def test_theming_lists_every_option_of_vendor_set():
    vendor = commands().commands["vendor"]
    assert isinstance(vendor, Group)
    options = {flag for option in vendor.commands["set"].params for flag in (*option.opts, *option.secondary_opts)}
    section = read("docs/theming.md").partition("## A vendor's look")[2].partition("\n## ")[0]
    assert set(first_column(section)) == {flag for flag in options if flag.startswith("--")}


def css_tokens() -> set[str]:
    return set(re.findall(r"^  (--[\w-]+):", read("static/app.css").partition("@media")[0], re.MULTILINE))


def test_theming_lists_every_public_token():
    section = read("docs/theming.md").partition("## Public CSS tokens")[2].partition("\n## ")[0]
    assert set(first_column(section)) == css_tokens()


def test_theming_lists_every_partial_as_its_first_comment_has_it():
    rows = set(re.findall(r"^\| `partials/.*$", read("docs/theming.md"), re.MULTILINE))
    wanted = {
        row_of(path)
        for path in TEMPLATES.glob("partials/**/*.html")
        if "console" not in path.relative_to(TEMPLATES).parts
    }
    assert rows == wanted, "paste the rows that are missing"


def row_of(path: Path) -> str:
    comment = re.match(r"\{#(.*?)#\}", path.read_text(), re.DOTALL)
    assert comment, f"{path} does not say what it shows"
    text = " ".join(comment[1].split()).replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")
    return f"| `{path.relative_to(TEMPLATES)}` | {text} |"


def test_every_template_of_a_theme_takes_the_place_of_one_of_ours():
    files = [path for path in ROOT.glob("themes/*/templates/**/*") if path.is_file()]
    assert files
    assert [path for path in files if not (TEMPLATES / Path(*path.relative_to(ROOT).parts[3:])).is_file()] == []


def test_webhooks_lists_every_topic_that_has_a_rule():
    table = read("docs/webhooks.md").partition("## Which events")[2].partition("\n## ")[0]
    names = [name if "declined" in name else f"{name}.x" for name in first_column(table)]
    assert {plain(name).rpartition(".")[0] for name in names} == set(EFFECTS)


def test_the_signed_event_of_the_webhooks_page_is_accepted(monkeypatch):
    sent = []
    monkeypatch.setattr(sys, "argv", ["send.py", "http://127.0.0.1/webhooks/acme/clickfunnels", "the secret"])
    monkeypatch.setattr(urllib.request, "urlopen", lambda request: sent.append(request) or BytesIO(b"{}"))
    exec(next(block for language, block in FENCE.findall(read("docs/webhooks.md")) if language == "python"), {})
    headers = {name.lower().encode(): value.encode() for name, value in sent[0].header_items()}
    assert verify(headers, sent[0].data, ["the secret"])
    assert not verify(headers, sent[0].data, ["another"])


@pytest.mark.parametrize("center", ["https://center.acme.com", "https://center.example.com/acme"])
def test_the_token_of_the_single_sign_on_page_is_accepted(monkeypatch, capsys, center):
    secret, email = "a secret of thirty-two characters", "alice+bees@example.com"
    monkeypatch.setattr(sys, "argv", ["sign.py", center, secret, email, "/account/orders"])
    exec(next(block for language, block in FENCE.findall(read("docs/sso.md")) if language == "python"), {})
    said = capsys.readouterr().out.strip()
    query, host = dict(parse_qsl(urlsplit(said).query)), urlsplit(center).netloc
    assert said.startswith(f"{center}/sso?")
    assert sso.verify(query["token"], query["identifier"], [secret], {host}).email == email
    assert sso.wish(query["token"]) == "/account/orders"
    assert sso.verify(query["token"], email, [secret[::-1]], {host}) is None


def test_vendored_files_are_what_development_says():
    rows = re.findall(r"^\| `(static/[^`]+)` \|.*\| `([\w+/=]{64})` \|$", read("docs/development.md"), re.MULTILINE)
    assert [name for name, _ in rows] == [f"static/{path.name}" for path in sorted((ROOT / "static").glob("*.min.js"))]
    for name, recorded in rows:
        assert base64.b64encode(hashlib.sha384((ROOT / name).read_bytes()).digest()).decode() == recorded


def test_the_image_holds_every_folder_the_program_needs():
    allowed = set(re.findall(r"^!(.+)$", read(".dockerignore"), re.MULTILINE))
    needed = {path.parent.name for path in ROOT.glob("*/*.py")} - {"tests", "bench", "docs", "data"}
    needed |= {"demo", "static", "templates", "themes", *(path.name for path in ROOT.glob("*.py"))}
    assert needed <= allowed


def test_decisions_are_short_numbered_and_listed():
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [path.name[:4] for path in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    listed = read("docs/development.md")
    for path in records:
        assert len(path.read_text().splitlines()) <= 25
        assert f"(adr/{path.name})" in listed
