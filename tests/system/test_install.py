"""Life after install: what is put where and taken away again, the package, the tarball, --version, completion."""
import os
import pty
import re
import select
import shutil
import subprocess
import tarfile
import time

import pytest

from conftest import PROGRAM, ROOT

BUILD = os.environ.get("BUILD", "build")


def version():
    with open(os.path.join(ROOT, "lib/base/version.h")) as file:
        return re.search(r'CIRCULAR_VERSION "(.*)"', file.read()).group(1)


def tree(folder):
    return sorted(os.path.relpath(os.path.join(at, name), folder) for at, _, names in os.walk(folder) for name in names)


def make(*args, **options):
    return subprocess.run(["make", "-s", "BUILD=" + BUILD, *args], cwd=ROOT, check=True, capture_output=True, text=True, **options)


# --- --version and help ---------------------------------------------------------------------------


def test_version_names_the_libraries(workspace):
    lines = workspace.run("--version").out.splitlines()
    assert lines[0] == "circular " + version()
    for library in "libcurl", "libetpan", "cmark", "GMime", "GLib", "SQLite", "libyaml":
        assert any(re.match(library + r" \d+\.\d+", line) for line in lines[1:]), (library, lines)
    assert re.search(r"(GnuTLS|OpenSSL) \d", lines[1])


def test_help_of_a_command(workspace):
    assert workspace.run("help", "send").out == workspace.run("send", "--help").out
    assert "Usage: circular COMMAND" in workspace.run("help").out
    assert "did you mean 'send'" in workspace.run("help", "sendd", status=64).err


# --- what a shell offers --------------------------------------------------------------------------


@pytest.fixture
def office(workspace):
    workspace.run("init", ".")
    workspace.run("plan", "updates/termly-update.md", "heads")
    workspace.id = re.search(r"termly-update-[0-9a-f]+", workspace.run("status").out).group(0)
    workspace.write("updates/two words.md", "# Two words\n")
    workspace.write("updates/.hidden.md", "# Hidden\n")
    workspace.write("updates/picture.png", b"")
    return workspace


def offered(office, *words):
    return [line.split("\t")[0] for line in office.run("complete", *words).out.splitlines()]


def test_offers(office):
    assert offered(office, "sen") == ["send"]
    assert offered(office, "send", "u") == ["updates/"]
    assert sorted(offered(office, "send", "updates/t")) == ["updates/termly-update.md", "updates/trust-update.md",
                                                            "updates/two words.md"]
    assert offered(office, "send", "updates/.") == ["updates/.hidden.md"]
    assert offered(office, "send", "updates/p") == []  # a picture is no update
    assert offered(office, "send", "termly") == [office.id]
    assert offered(office, "status", "") == [office.id]
    assert offered(office, "plan", "updates/termly-update.md", "") == ["heads", "primary-heads", "trust-ceos"]
    assert offered(office, "plan", "updates/termly-update.md", "heads", "tr") == ["trust-ceos"]
    assert offered(office, "suppress", "") == ["list", "add", "remove"]
    assert offered(office, "suppress", "add", "--audience", "h") == ["heads"]
    assert offered(office, "digest", "") == ["weekly"]
    assert offered(office, "digest", "weekly", "") == []
    assert offered(office, "report", "--ht") == ["--html"]
    assert offered(office, "report", "--html=up") == ["--html=updates/"]
    assert offered(office, "report", "--html", "=", "up") == ["updates/"]  # as bash has it
    assert offered(office, "cron", "systemd", "--out", "up") == ["updates/"]
    assert offered(office, "cron", "systemd", "--out", "conf") == []  # a file is no folder
    assert offered(office, "help", "sen") == ["send"]
    assert offered(office, "nonsense", "") == []
    assert offered(office, "send", "--", "u") == ["updates/"]


def test_offers_of_another_config(office, tmp_path_factory):
    from conftest import Workspace
    elsewhere = Workspace(tmp_path_factory.mktemp("elsewhere"))
    for words in ("--config", office.path("config")), ("--config=" + office.path("config"),), ("-c", office.path("config")):
        assert offered(elsewhere, "status", *words, "") == [office.id]
    assert offered(elsewhere, "status", "") == []  # no workspace: nothing, and no complaint
    elsewhere.write("config", "audience: [")
    assert offered(elsewhere, "lists", "") == []
    assert elsewhere.run("complete", "lists", "").err == ""


def test_offers_change_nothing(office):
    os.unlink(office.path("ledger.db"))
    before = tree(office.folder)
    for words in ("send", ""), ("status", ""), ("digest", ""), ("suppress", "remove", ""):
        office.run("complete", *words)
    assert tree(office.folder) == before


def test_a_name_that_drives_the_terminal(office):
    office.write("updates/x\nrm -rf.md", "")
    office.write("updates/x\x1b[2J.md", "")
    assert offered(office, "send", "updates/x") == []


class Shell:
    """A shell on a terminal of its own, as somebody types into it."""

    def __init__(self, command, folder, setup, prompt):
        env = {"PATH": os.path.dirname(PROGRAM) + ":" + os.environ["PATH"], "HOME": folder, "TERM": "vt100", "PS1": prompt,
               "LC_ALL": "C.UTF-8"}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, env)
        self.seen = ""
        for line in setup:
            self.type(line + "\n")
        self.type("echo rea''dy\n")
        self.wait("ready")

    def type(self, text):
        os.write(self.fd, text.encode())

    def wait(self, wanted, seconds=60):
        end = time.monotonic() + seconds
        while wanted not in self.seen:
            assert time.monotonic() < end, (wanted, self.seen)
            if select.select([self.fd], [], [], 0.2)[0]:
                self.seen += os.read(self.fd, 65536).decode(errors="replace").replace("\r", "")
        self.seen = self.seen[self.seen.index(wanted) + len(wanted):]

    def tab(self, typed, completed):
        """Types a line and a tab, and waits until the shell has made that line of it."""
        self.type(typed + "\t")
        self.wait(completed)
        self.type("\x15")  # the line is taken back

    def close(self):
        os.close(self.fd)
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)


def script(name):
    return os.path.join(ROOT, "cmd/completion", name)


def lines_that_complete(office):
    """What is typed, and what appears behind it when tab is pressed."""
    return [("circular sup", "press "), ("circular send u", "pdates/"), ("circular send updates/termly", "-update.md "),
            ("circular send termly", office.id[len("termly"):] + " "),
            ("circular plan updates/termly-update.md tr", "ust-ceos "), ("circular suppress rem", "ove "),
            ("circular digest we", "ekly "), ("circular report --ht", "ml "), ("circular report --html=upd", "ates/"),
            ("circular send updates/tw", "o\\ words.md ")]


def test_bash(office):
    if not shutil.which("bash"):
        pytest.skip("no bash")
    shell = Shell(["bash", "--norc", "--noprofile", "-i"], office.folder, ["bind 'set enable-bracketed-paste off'", "source " + script("circular.bash")], "")
    try:
        for typed, rest in lines_that_complete(office):
            shell.tab(typed, typed + rest)
        shell.tab('circular send "updates/tw', 'circular send "updates/two words.md" ')
    finally:
        shell.close()


def test_zsh(office):
    if not shutil.which("zsh"):
        pytest.skip("no zsh")
    setup = ["PS1=; PROMPT_EOL_MARK=; unsetopt zle_bracketed_paste", "fpath=(%s $fpath)" % os.path.dirname(script("_circular")),
             "autoload -U compinit; compinit -u -D"]
    shell = Shell(["zsh", "-f", "-i"], office.folder, setup, "")
    try:
        for typed, rest in lines_that_complete(office):
            shell.tab(typed, rest.rstrip())
    finally:
        shell.close()


def test_fish(office):
    if not shutil.which("fish"):
        pytest.skip("no fish")
    env = {**os.environ, "PATH": os.path.dirname(PROGRAM) + ":" + os.environ["PATH"], "HOME": office.folder}
    for typed, rest in lines_that_complete(office):
        done = subprocess.run(["fish", "--no-config", "-c", 'source %s; complete -C "%s"' % (script("circular.fish"), typed)],
                              cwd=office.folder, env=env, capture_output=True, text=True, timeout=60)
        words = [line.split("\t")[0].replace("\\", "") for line in done.stdout.splitlines()]
        word = (typed.split(" ")[-1] + rest).rstrip().replace("\\", "")
        assert words == [word], (typed, done.stdout, done.stderr)


# --- installing -----------------------------------------------------------------------------------


def test_install_and_uninstall(tmp_path):
    root = str(tmp_path)
    make("install", "DESTDIR=" + root, "PREFIX=/opt/x")
    files = tree(root + "/opt/x")
    for file in ("bin/circular", "share/man/man1/circular.1", "share/man/man5/circular-config.5",
                 "share/man/man7/circular-check.7", "share/bash-completion/completions/circular",
                 "share/zsh/site-functions/_circular", "share/fish/vendor_completions.d/circular.fish",
                 "share/circular/config.example", "share/circular/lists/schools.csv", "share/circular/templates/email.html"):
        assert file in files
    subprocess.run([root + "/opt/x/bin/circular", "--version"], check=True, capture_output=True)
    with open(root + "/opt/x/share/circular/notes", "w") as own:
        own.write("somebody's own")
    make("uninstall", "DESTDIR=" + root, "PREFIX=/opt/x")
    assert tree(root) == ["opt/x/share/circular/notes"]


def test_package(tmp_path):
    for tool in "dpkg-deb", "dpkg-shlibdeps":
        if not shutil.which(tool):
            pytest.skip("no " + tool)
    done = subprocess.run(["cmd/packaging/deb", version(), BUILD, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    package = done.stdout.strip()

    def field(name):
        return subprocess.run(["dpkg-deb", "-f", package, name], check=True, capture_output=True, text=True).stdout.strip()

    assert field("Version") == version()
    for library in "libcurl3-gnutls", "libetpan", "libglib2.0-0", "libsqlite3-0", "libcmark", "libgmime-3.0-0", "libyaml-0-2":
        assert re.search(library + r"\S*( \(>= |,)", field("Depends")), field("Depends")
    listed = subprocess.run(["dpkg-deb", "-c", package], check=True, capture_output=True, text=True).stdout.splitlines()
    names = [line.split(" ./", 1)[1] for line in listed if " ./" in line]
    for name in ("usr/bin/circular", "usr/share/man/man1/circular.1.gz", "usr/share/man/man5/circular-config.5.gz",
                 "usr/share/bash-completion/completions/circular", "usr/share/zsh/vendor-completions/_circular",
                 "usr/share/fish/vendor_completions.d/circular.fish", "usr/share/circular/config.example",
                 "usr/share/circular/templates/email.html", "usr/share/doc/circular/copyright",
                 "usr/share/doc/circular/changelog.gz"):
        assert name in names, names
    assert all(line.split()[1] == "root/root" for line in listed)
    assert not any(re.match(r"(etc|lib|var|usr/lib)/", name) for name in names)  # no service, nothing of an office's
    scripts = subprocess.run(["dpkg-deb", "-I", package], check=True, capture_output=True, text=True).stdout
    assert not re.search(r"\b(preinst|postinst|prerm|postrm|conffiles)\b", scripts)  # nothing runs, nothing is purged
    subprocess.run(["dpkg-deb", "-x", package, str(tmp_path / "root")], check=True)
    ran = subprocess.run([str(tmp_path / "root/usr/bin/circular"), "--version"], check=True, capture_output=True, text=True)
    assert ran.stdout.startswith("circular " + version())
    if shutil.which("lintian") and os.environ.get("CIRCULAR_LINTIAN"):
        lint = subprocess.run(["lintian", "--fail-on", "error", package], capture_output=True, text=True)
        assert lint.returncode == 0, lint.stdout


def test_tarball(tmp_path):
    done = subprocess.run(["cmd/packaging/dist", version(), str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True)
    with tarfile.open(done.stdout.strip()) as tar:
        names = tar.getnames()
    top = "circular-" + version() + "/"
    for name in "Makefile", "README.md", "NEWS", "LICENSE", "lib/base/version.h", "cmd/main.c", "tests/setup":
        assert top + name in names
    assert not any(re.search(r"\.o$|/build|\.git/|__pycache__", name) for name in names)


# --- setup without sudo ---------------------------------------------------------------------------


def test_setup_without_sudo(tmp_path):
    """Somebody who is not root, where there is no sudo, is told what to do."""
    for name, text in {"id": "echo 1000", "dpkg-query": "exit 1", "apt-get": "exit 0"}.items():
        (tmp_path / name).write_text("#!/bin/sh\n%s\n" % text)
        (tmp_path / name).chmod(0o755)
    for tool in "sh", "grep", "sed":
        os.symlink(shutil.which(tool), tmp_path / tool)
    done = subprocess.run(["sh", os.path.join(ROOT, "tests/setup"), "--build"], env={"PATH": str(tmp_path)},
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 77
    assert "there is no sudo here" in done.stderr and "apt-get install" in done.stderr and "libetpan-dev" in done.stderr
    assert "not found" not in done.stderr
