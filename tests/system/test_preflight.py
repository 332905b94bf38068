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
        (target / "hall_cut.png").write_bytes(PIXEL[:-20])
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


# What a careful reader would say of letters that are like those that offices send, and no more.
LETTERS = {
    "diocese.md": ["13: warning [repeated-word]"],
    "finance.md": [],
    "it-outage.md": ["2: warning [long-subject]"],
    "mat-ceo.md": [],
    "safeguarding.md": ["2: warning [long-subject]"],
    "send-bulletin.md": [],
    "weekly.md": [],
}


@pytest.mark.parametrize("name", sorted(os.listdir(os.path.join(CORPUS, "letters"))))
def test_plausible_letter(office, name):
    shutil.copy(os.path.join(CORPUS, "letters", name), office)
    assert findings(office, name) == [f"{name}:{one}" for one in LETTERS[name]]


def test_real_letter(office):
    real = os.path.join(os.environ.get("CIRCULAR_SHARED", os.path.join(ROOT, "..", "shared")), "real",
                        "termly-update-2024-12-19.md")
    if not os.path.exists(real):
        pytest.skip("no ../shared/real")
    shutil.copy(real, office / "real.md")
    assert findings(office, "real.md") == ["real.md:84: note [punctuation]"]


@pytest.mark.parametrize("day", ["2026-11-23", "2026-12-17", "2027-02-01", "2029-07-01"])
def test_starters_give_notes_at_most(tmp_path, day):
    """Whenever somebody begins: what 'circular init' writes is no example of what to fix."""
    subprocess.run([PROGRAM, "init", str(tmp_path / "new")], check=True, capture_output=True)
    for update in ("updates/termly-update.md", "updates/short-notice.md"):
        done = subprocess.run([PROGRAM, "check", update, "heads", "--json"], cwd=tmp_path / "new", check=True,
                              capture_output=True, env={**os.environ, "CIRCULAR_TEST": f"clock={day}T09:00:00Z"})
        found = json.loads(done.stdout)["findings"]
        assert [f for f in found if f["file"] == update and f["severity"] != "note"] == []
        assert [f for f in found if f["id"] not in ("bad-address", "no-address", "same-address", "twin-differs", "no-unsubscribe",
                                                     "empty-fields", "old-date", "role-address")] == []


def test_strict_and_quiet(office):
    done = check(office, "fault/capitals-sentence.md", status=0)
    assert "[capitals]" in done.stderr and "1 warning" in done.stderr
    done = check(office, "fault/capitals-sentence.md", "--strict", status=65)
    assert "1 warning to fix or to allow" in done.stderr
    check(office, "clean/capitals-sentence.md", "--strict", status=0)
    check(office, "fault/tbc.md", "--strict", status=0)  # a note fails nothing
    done = check(office, "fault/tbc.md", "--quiet", status=0)
    assert done.stdout == done.stderr == ""
    done = check(office, "fault/capitals-sentence.md", "--quiet", status=0)
    assert done.stderr.count("\n") == 1 and done.stdout == ""


def test_errors_are_never_silenced(office):
    (office / "forbidden.md").write_text("---\nsubject: Spring\npreheader: Places go soon\n"
                                         "allow: [image-alt]\n---\n\n![](hall.png)\n\n"
                                         "The hall is open to all heads this week, and to their teams next week.\n")
    found = findings(office, "forbidden.md")
    assert found == ["forbidden.md:4: warning [allow-error]", "forbidden.md:7: error [image-alt]"]


def test_allow_is_nowhere_in_the_letter(office):
    out = subprocess.run([PROGRAM, "preview", "clean/allow-elsewhere.md", "--out", "seen"], cwd=office, check=True,
                         capture_output=True, text=True)
    assert out.stderr == ""
    for name in ("letter.html", "letter.txt"):
        text = (office / "seen" / name).read_text()
        assert "allow" not in text and "<!-- circular" not in text and "AND COME" in text


def test_json_tells_how_to_mend(office):
    found = json.loads(check(office, "fault/tbc.md", "--json", status=0).stdout)
    assert found["counts"] == {"error": 0, "warning": 0, "note": 1}
    assert found["silenced"] == 0 and found["audience"] is None and found["letters"] == 0
    assert found["findings"][0]["fix"].endswith(".")
    found = json.loads(check(office, "clean/long-subject-of-one.md", "--json", status=0).stdout)
    assert found["audience"] == "few" and found["letters"] == 2 and found["variety"]


def test_wrong_arguments(office):
    assert "an argument is missing" in check(office, status=64).stderr
    assert "no audience 'hads'" in check(office, "clean/tbc.md", "hads", status=64).stderr
    assert "Unknown option" in check(office, "--lnks", "clean/tbc.md", status=64).stderr
    assert "no such" in check(office, "nowhere.md", status=66).stderr.lower()
