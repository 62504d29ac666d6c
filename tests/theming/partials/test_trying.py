import json
import subprocess
import sys

import pytest

from theming.partials import trying
from theming.partials.refused import Refused
from theming.slots import SLOTS

HEADER = SLOTS["header"]


async def test_a_source_is_tried_with_the_samples():
    shown = await trying.tried(HEADER, "<p onclick=x>{{ center.name }} & {{ person.first_name }}</p>")
    assert shown.html == "<p>Acme Learning &amp; Alice</p>"
    assert shown.left_out == ["onclick"]


async def test_a_source_is_tried_with_a_customers_own_values():
    from theming.partials.kinds import samples

    values = samples(HEADER.variables) | {"person": {"first_name": "Zoë", "name": "Zoë Z"}}
    assert (await trying.tried(HEADER, "{{ person.first_name }}", values)).html == "Zoë"


@pytest.mark.parametrize(("source", "line"), [("a\n{{ x }}", 2), ("x" * 20000, 0), ("{% for %}", 1)])
async def test_a_refusal_comes_back_with_its_line(source, line):
    with pytest.raises(Refused) as refused:
        await trying.tried(HEADER, source)
    assert refused.value.line == line


async def test_what_fails_or_overflows_when_it_is_tried_is_refused():
    welcome = SLOTS["mail_welcome"]
    with pytest.raises(Refused, match="too much"):
        await trying.tried(welcome, "<b>" * 2500)


async def stopped(tmp_path, monkeypatch, code):
    script = tmp_path / "trial.py"
    script.write_text(f"import sys; sys.path.insert(0, {str(trying.SCRIPT.parents[2])!r})\n"
                      f"from theming.partials.trial import confine\nconfine()\n{code}")  # fmt: skip
    monkeypatch.setattr(trying, "SCRIPT", script)
    with pytest.raises(Refused, match="too much time or memory"):
        await trying.tried(HEADER, "x")


async def test_a_child_that_takes_too_much_memory_or_writes_is_ended(tmp_path, monkeypatch):
    await stopped(tmp_path, monkeypatch, "'x' * 300_000_000; print('{}')")
    await stopped(tmp_path, monkeypatch, f"open({str(tmp_path / 'x')!r}, 'w').write('x'); print('{{}}')")


async def test_a_child_that_works_too_long_is_ended(tmp_path, monkeypatch):
    await stopped(tmp_path, monkeypatch, "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
                  .replace("resource.setrlimit", "import resource; resource.setrlimit"))  # fmt: skip


async def test_a_child_that_waits_too_long_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(trying, "SECONDS", 0.5)
    await stopped(tmp_path, monkeypatch, "import time; time.sleep(60)")


def test_the_child_has_its_limits_and_needs_neither_folder_nor_environment(tmp_path):
    asked = {"slot": "header", "source": "{{ center.name }}", "values": None, "origin": None}
    done = subprocess.run([sys.executable, "-I", str(trying.SCRIPT)], input=json.dumps(asked), cwd=tmp_path, env={},
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert json.loads(done.stdout) == {"html": "Acme Learning", "left_out": []}
    assert list(tmp_path.iterdir()) == []
