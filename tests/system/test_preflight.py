"""The corpus of tests/preflight: each update of fault/ has one finding, its twin in clean/ has none."""
import base64
import json
import os
import re
import shutil
import subprocess
import zipfile

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
CORPUS = os.path.join(ROOT, "tests", "preflight")
PROGRAM = os.path.abspath(os.path.join(ROOT, os.environ.get("BUILD", "build"), "circular"))
NOW = "clock=2026-11-23T09:00:00Z"
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def cases():
    with open(os.path.join(CORPUS, "expected"), encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                name, finding = line.split(None, 1)
                yield name, finding.strip()


CASES = list(cases())


@pytest.fixture(scope="module", name="office")
def make_office(tmp_path_factory):
    """A copy of the corpus beside the files that its updates attach and show."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copy(os.path.join(CORPUS, "config"), folder)
    shutil.copytree(os.path.join(CORPUS, "lists"), folder / "lists")
    for kind in ("fault", "clean"):
        target = folder / kind
        shutil.copytree(os.path.join(CORPUS, kind), target)
        (target / "old").mkdir()
        (target / "hall_2.png").write_bytes(PIXEL)
        for name in ["form.pdf", "old/form.pdf", "tool.exe", "return.xlsm", "return.xlsx", "letter.pages"] + \
                [f"a{i}.pdf" for i in range(6)]:
            (target / name).write_bytes(b"some bytes")
        for name, inner in (("bad.zip", "setup/Install.EXE"), ("good.zip", "forms/form.pdf")):
            with zipfile.ZipFile(target / name, "w") as made:
                made.writestr("readme.txt", "hello")
                made.writestr(inner, "some bytes")
    return folder


def check(office, *words, status=None):
    done = subprocess.run([PROGRAM, "check", *words], cwd=office, capture_output=True, text=True,
                          env={**os.environ, "CIRCULAR_TEST": NOW, "TZ": "Europe/London"}, check=False)
    if status is not None:
        assert done.returncode == status, done.stderr
    return done


def findings(office, update):
    done = check(office, update, "--json")
    found = json.loads(done.stdout)
    assert found["schema"] == "circular-check/1"
    return [f"{f['file']}:{f['line']}: {f['severity']} [{f['id']}]" for f in found["findings"]]


def test_corpus_is_whole():
    names = [name for name, _ in CASES]
    assert len(set(names)) == len(names) >= 60
    for kind in ("fault", "clean"):
        assert sorted(os.listdir(os.path.join(CORPUS, kind))) == sorted(name + ".md" for name in names)
    lines = {re.search(r"\[(.*)\]", finding).group(1) for _, finding in CASES}
    assert len(lines) >= 50, "the corpus shows fewer rules than it did"


@pytest.mark.parametrize("name,finding", CASES, ids=[name for name, _ in CASES])
def test_fault(office, name, finding):
    place = finding if finding.startswith("lists/") else "fault/" + finding
    assert findings(office, f"fault/{name}.md") == [place]


@pytest.mark.parametrize("name", [name for name, _ in CASES])
def test_clean_twin(office, name):
    assert findings(office, f"clean/{name}.md") == []
