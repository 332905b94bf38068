"""What runs by itself: the lines and units that 'circular cron' writes, a real cron that starts them, and commands
with no terminal, no home and no PATH."""
import json
import os
import pwd
import re
import shutil
import sqlite3
import subprocess
import threading
import time

import pytest

from conftest import PROGRAM, Workspace

# What cron and systemd hand on is nothing; the day on which the tests run (tests/tally) is no part of it.
BARE = {name: value for name, value in os.environ.items() if name == "CIRCULAR_TEST_AHEAD"}

# A folder's name in which everything means something to a shell, to cron or to systemd.
AWKWARD = "50% off 'n $HOME \"all\" ; schöne Grüße #1"

CONFIG = """
from: "Director of Schools <schools@example.org>"
outbox:
  folder: outbox
lists:
  schools: {file: schools.csv}
audiences:
  heads: {list: schools, key: URN, email: email}
"""
IMAP = """
bounce:
  address: bounces@example.org
imap:
  host: localhost
  port: %d
  user: bounces@example.org
  password_file: imap.password
"""


def make(workspace, config=CONFIG):
    workspace.write("config", config)
    workspace.write("schools.csv", "URN,email\n1,one@example.org\n2,two@example.org\n")
    workspace.write("update.md", "---\nsubject: Summer\n---\nHello.\n")
    return workspace


@pytest.fixture
def awkward(tmp_path):
    os.mkdir(tmp_path / AWKWARD)
    return make(Workspace(tmp_path / AWKWARD))


def due(workspace):
    """A mailing whose time came an hour ago by the real clock."""
    now = time.time() + int(BARE.get("CIRCULAR_TEST_AHEAD", "0"))
    before, at = (time.strftime("%Y-%m-%dT%H:%M:00Z", time.gmtime(now - hours * 3600)) for hours in (2, 1))
    workspace.run("plan", "update.md", "heads", "--quiet", env={"CIRCULAR_TEST": "clock=" + before})
    name = json.loads(workspace.run("status", "--json").out)[0]["id"]
    workspace.run("send", name, "--at", at[:16] + "Z", "--yes", "--quiet", env={"CIRCULAR_TEST": "clock=" + before})


def letters(workspace):
    folder = workspace.path("outbox", "new")
    return len(os.listdir(folder)) if os.path.isdir(folder) else 0


# --- crontab ------------------------------------------------------------------------------------

def commands(text):
    """The schedule and the command of each line, as crontab(5) has them."""
    lines = [line for line in text.splitlines() if not line.startswith(("#", "MAILTO="))]
    return [(line.split(None, 5)[:5], line.split(None, 5)[5]) for line in lines]


def of_vixie(command):
    """What Debian's cron gives to the shell: an escaped % is a %, any other ends the command."""
    return re.sub(r"\\([%\\])", r"\1", re.split(r"(?<!\\)%", command)[0])


@pytest.mark.parametrize("cron", [of_vixie, str])
def test_lines_run_in_a_shell(awkward, cron):
    due(awkward)
    found = commands(awkward.run("cron", "print").out)
    assert [when for when, _ in found] == [["*/5", "*", "*", "*", "*"]]
    done = subprocess.run(["/bin/sh", "-c", cron(found[0][1])], cwd="/", env=BARE, stdin=subprocess.DEVNULL,
                          capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert letters(awkward) == 2


def test_what_is_printed(workspace):
    make(workspace, CONFIG + IMAP % 993)
    text = workspace.run("cron", "print").out
    config = workspace.path("config")
    assert [command for _, command in commands(text)] == [f"{PROGRAM} send --due --quiet --config {config}",
                                                          f"{PROGRAM} bounces --quiet --config {config}"]
    make(workspace, CONFIG + IMAP.replace("password_file: imap.password", "password_env: SECRET_OF_MINE") % 993)
    assert "imap.password_env names the variable SECRET_OF_MINE" in workspace.run("cron", "print").out


def test_digests(workspace):
    digest = "digests:\n  weekly:\n    audience: heads\n    notices: notices\n    schedule: %s\n"
    os.mkdir(workspace.path("notices"))
    make(workspace, CONFIG + digest % "every Monday at 07:30")
    lines = commands(workspace.run("cron", "print").out)
    assert lines[-2][0] == ["*/15", "*", "*", "*", "*"] and " digest --due --quiet" in lines[-2][1]
    assert lines[-1][0] == ["30", "7", "*", "*", "1"] and " digest weekly --send --quiet" in lines[-1][1]
    assert "OnCalendar=Mon *-*-* 07:30:00" in workspace.run("cron", "systemd").out
    make(workspace, CONFIG + digest % "every other Monday at 07:30")
    error = workspace.run("cron", "print", status=78).err
    assert "config:13: " in error and "'other' isn't understood" in error and "every Monday at 07:30" in error


def test_whom_to_tell(workspace):
    owner = pwd.getpwuid(os.getuid()).pw_name
    make(workspace)
    assert f"\nMAILTO={owner}\n" in workspace.run("cron", "print").out
    make(workspace, CONFIG + "cron: {mailto: it+mail@example.org}\n")
    assert "\nMAILTO=it+mail@example.org\n" in workspace.run("cron", "print").out
    base = os.path.basename(workspace.folder)
    shown = workspace.run("cron", "systemd").out
    assert shown.count(f"OnFailure=circular-{base}-failure@%n.service\n") == 1
    line = re.search(r'^ExecStart=/bin/sh -c "(.*sendmail.*)"$', shown, re.M).group(1)
    # What systemd makes of it, and what the shell says then.
    script = line.replace("\\\\", "\\").replace("%i", "circular-x-send.service").replace("%%", "%")
    script = script.replace("systemctl status", "echo status").replace("/usr/sbin/sendmail -t", "cat")
    told = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True).stdout
    assert told == ("To: it+mail@example.org\nSubject: circular: circular-x-send.service failed\n\n"
                    "status --full --no-pager --lines=50 circular-x-send.service\n")
    for wrong in ("IT <it@example.org>", "it@example.org; rm -x", "-t"):
        make(workspace, CONFIG + f"cron: {{mailto: '{wrong}'}}\n")
        assert "one plain address" in workspace.run("cron", "print", status=78).err


def test_refused(workspace):
    for words in ([], ["list"], ["print", "systemd"], ["print", "--out", "x"]):
        make(workspace).run("cron", *words, status=64)
    workspace.write("config", "transport: rellay\n")
    workspace.run("cron", "print", status=78)
    for name in ("back\\slash", "line\nbreak"):
        os.mkdir(workspace.path(name))
        inner = make(Workspace(workspace.path(name)))
        assert "can't be written for cron" in inner.run("cron", "print", status=78).err
    long = workspace.folder
    while len(long) < 990:
        long = os.path.join(long, "x" * 100)
    os.makedirs(long)
    assert "shorter path" in make(Workspace(long)).run("cron", "print", status=78).err


def test_doctor_looks_for_what_starts_it(workspace):
    """Lines that are there, those of another workspace, and none; and a machine whose crontab can't be read."""
    relay = "transport: relay\nrelay: {host: localhost, port: 9, tls: none}\n"
    digest = "digests:\n  weekly: {audience: heads, notices: notices, schedule: every Monday at 07:30}\n"
    os.mkdir(workspace.path("notices"))
    make(workspace, CONFIG + relay + digest)
    os.mkdir(workspace.path("bin"))

    def seen(table):
        workspace.write("table", table)
        workspace.write("bin/crontab", f"#!/bin/sh\n[ -s {workspace.path('table')} ] && cat {workspace.path('table')}\n")
        os.chmod(workspace.path("bin", "crontab"), 0o755)
        path = workspace.path("bin") + ":" + os.environ["PATH"]
        done = workspace.run("doctor", "--offline", "--json", env={"PATH": path}, status=None)
        return {one["mark"]: one["what"] for one in json.loads(done.out)["checks"] if one["check"] == "schedule" and "sent by" in one["what"] or "starts" in one["what"]}

    lines = workspace.run("cron", "print").out
    assert "what is due is sent by the crontab of" in seen(lines)["ok"]
    for other in ("", lines.replace("config", "other")):
        assert "nothing is seen that starts 'circular send --due'" in seen(other)["warn"]


def test_doctor_looks_at_the_hours(workspace):
    workspace.write("terms.csv", "name,from,to\nAutumn,2026-09-01,2026-12-18\n")
    workspace.write("holidays.csv", "date\n2026-12-25\n")
    make(workspace, CONFIG + "send: {hours: Mon-Fri 07:30-18:00, terms: terms.csv, holidays: holidays.csv}\n")

    def said(clock):
        done = workspace.run("doctor", "--offline", "--json", env={"TZ": "Europe/London", "CIRCULAR_TEST": f"clock={clock}"}, status=None)
        return " ".join(one["what"] for one in json.loads(done.out)["checks"] if one["check"] == "schedule")

    assert "letters may go now (Mon-Fri 07:30-18:00)" in said("2026-12-01T12:00:00Z")
    assert "letters go again on Wednesday 2 December 2026, 07:30 GMT" in said("2026-12-01T19:00:00Z")
    assert "terms.csv has no term to come" in said("2026-12-01T12:00:00Z")
    assert "holidays.csv has no holiday to come" in said("2026-12-26T12:00:00Z")
    workspace.write("terms.csv", "name,from,to\nAutumn,2026-09-01,soon\n")
    assert "terms.csv:2: " in said("2026-12-01T12:00:00Z")


# --- systemd ------------------------------------------------------------------------------------

def units(workspace, *names):
    workspace.run("cron", "systemd", "--out", "units", "--quiet")
    found = sorted(os.listdir(workspace.path("units")))
    failure = "circular-" + names[0].rsplit("-", 1)[0] + "-failure@.service"
    assert found == sorted([f"circular-{name}.{kind}" for name in names for kind in ("service", "timer")] + [failure])
    return [workspace.path("units", name) for name in found]


def test_units(awkward):
    base = re.sub("[^A-Za-z0-9_-]", "_", AWKWARD.encode().decode("latin-1"))
    make(awkward, CONFIG + IMAP % 993)
    found = units(awkward, base + "-send", base + "-bounces")
    text = open(found[0]).read()
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "CapabilityBoundingSet="):
        assert line + "\n" in text
    assert 'ReadWritePaths="' + awkward.folder.replace("%", "%%").replace('"', '\\"') + '"\n' in text
    assert text.count("$$HOME") == 1
    shown = awkward.run("cron", "systemd").out
    assert all(open(one).read() in shown for one in found)
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze")
    # Units under their own names, without the folder's: verify reads one folder of units.
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *found], capture_output=True, text=True, check=False)
    told = [line for line in done.stderr.splitlines() if "circular-" in line and "Special user nobody" not in line]
    assert done.returncode == 0 and not told, done.stderr


def test_units_are_hardened(workspace):
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze")
    make(workspace)
    found = units(workspace, os.path.basename(workspace.folder) + "-send")
    service = [one for one in found if one.endswith("-send.service")][0]
    done = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=40", service],
                          capture_output=True, text=True, check=False)
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd-analyze can't look at files")
    assert done.returncode == 0, done.stdout[-300:] + done.stderr


def test_folders_elsewhere_are_writable(workspace, tmp_path_factory):
    other = str(tmp_path_factory.mktemp("ledger"))
    make(workspace, CONFIG.replace("outbox:\n", f"ledger: {other}/ledger.db\noutbox:\n"))
    text = workspace.run("cron", "systemd").out
    assert f'ReadWritePaths="{workspace.folder}" "{other}"\n' in text


# --- a real cron --------------------------------------------------------------------------------

SENDMAIL = """#!/bin/sh
cat >"$(mktemp %s/mail-XXXXXX)"
"""


def busybox_crond(folder, table):
    if subprocess.run(["sh", "-c", "busybox --list | grep -qx crond"], capture_output=True, check=False).returncode:
        pytest.skip("no busybox with crond")
    os.mkdir(folder + "/tabs")
    open(folder + "/tabs/" + subprocess.check_output(["id", "-un"], text=True).strip(), "w").write(table)
    return ["busybox", "crond", "-f", "-c", folder + "/tabs", "-L", folder + "/log"]


def debian_cron(folder, table):
    """In a mount namespace of its own: its tables, its pid file and its way to send mail are ours."""
    cron = shutil.which("cron", path="/usr/sbin:/usr/bin")
    if not cron or os.geteuid() != 0:
        pytest.skip("no cron, or not root")
    for name in ("tabs", "cron.d", "run"):
        os.mkdir(folder + "/" + name)
    open(folder + "/crontab", "w").close()
    open(folder + "/tabs/root", "w").write(table)
    os.chmod(folder + "/tabs/root", 0o600)
    open(folder + "/sendmail", "w").write(SENDMAIL % folder)
    os.chmod(folder + "/sendmail", 0o755)
    mounts = [("tabs", "/var/spool/cron/crontabs"), ("cron.d", "/etc/cron.d"), ("crontab", "/etc/crontab"),
              ("run", "/run"), ("sendmail", "/usr/sbin/sendmail")]
    script = " && ".join(f"mount --bind {folder}/{own} {theirs}" for own, theirs in mounts if os.path.exists(theirs))
    command = ["unshare", "-m", "sh", "-c", script + f" && exec {cron} -f"]
    if subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, check=False).returncode:
        pytest.skip("no mount namespace for cron may be made here")
    return command


@pytest.mark.parametrize("daemon", [busybox_crond, debian_cron])
def test_cron_sends_what_is_due(tmp_path, awkward, daemon):
    """Lines as they are printed, but every minute; one workspace is broken, and cron must say so by mail. busybox
    takes the # of the awkward path for a comment."""
    if daemon is busybox_crond:
        os.mkdir(tmp_path / "a plain 50% path")
        awkward = make(Workspace(tmp_path / "a plain 50% path"))
    due(awkward)
    table = "".join(f"{name}={value}\n" for name, value in BARE.items())
    table += awkward.run("cron", "print").out.replace("*/5 ", "* ")
    broken = Workspace(tmp_path / "broken")
    os.mkdir(broken.folder)
    table += f"* * * * * {PROGRAM} send --due --quiet --config {broken.folder}/config\n"
    folder = str(tmp_path / "cron")
    os.mkdir(folder)
    process = subprocess.Popen(daemon(folder, table), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        end = time.time() + 200
        while letters(awkward) < 2 and time.time() < end:
            time.sleep(0.5)
            assert process.poll() is None
        assert letters(awkward) == 2
        if daemon is debian_cron and os.path.exists("/usr/sbin/sendmail"):
            mails = []
            while not mails and time.time() < end:
                time.sleep(0.2)
                mails = [name for name in os.listdir(folder) if name.startswith("mail-")]
            time.sleep(0.5)
            assert len(mails) == 1
            text = open(os.path.join(folder, mails[0])).read()
            assert text.count("circular: ") == 1 and "broken/config" in text
    finally:
        process.terminate()
        process.wait(10)


# --- no terminal, no home, no PATH --------------------------------------------------------------

def bare(workspace, *args):
    done = subprocess.run([PROGRAM, *args, "--quiet", "--config", workspace.path("config")], cwd="/", env=BARE,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def one_message(done, status):
    code, out, err = done
    return code == status and not out and err.startswith("circular: ") and err.count("\n") == 1


def test_quiet_on_success(awkward):
    update = awkward.path("update.md")
    assert bare(awkward, "plan", update, "heads") == (0, "", "")
    due(awkward)
    assert bare(awkward, "send", "--due") == (0, "", "")
    assert letters(awkward) == 2
    assert bare(awkward, "send", "--due") == (0, "", "")
    assert letters(awkward) == 2


def test_one_message_on_failure(awkward):
    status, out, err = bare(awkward, "plan", awkward.path("missing.md"), "heads")
    assert status == 66 and not out and "missing.md: can't open" in err
    assert one_message(bare(awkward, "send", awkward.path("update.md"), "heads"), 64)
    assert one_message(bare(awkward, "bounces"), 78)
    awkward.write("imap.password", "x\n")
    os.chmod(awkward.path("imap.password"), 0o600)
    make(awkward, CONFIG + IMAP % 1)
    assert one_message(bare(awkward, "bounces"), 75)
    awkward.write("config", "nonsense")
    assert one_message(bare(awkward, "send", "--due"), 78)
    os.remove(awkward.path("config"))
    assert one_message(bare(awkward, "send", "--due"), 66)


def test_bounces_without_surroundings(awkward, host):
    import mailhost
    awkward.write("imap.password", mailhost.PASSWORD + "\n")
    os.chmod(awkward.path("imap.password"), 0o600)
    imap = (IMAP % host.imaps).replace("imap:\n", f"imap:\n  ca_file: {host.ca}\n").replace("user: b", "user: cron.b")
    make(awkward, CONFIG + imap)
    assert bare(awkward, "bounces") == (0, "", "")


def hold(path, seconds, held):
    """Another process's write to the ledger, that long."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    held.set()
    time.sleep(seconds)
    connection.execute("ROLLBACK")
    connection.close()


@pytest.mark.parametrize("seconds, fine", [(2, True), (14, False)])
def test_lock(awkward, seconds, fine):
    due(awkward)
    held = threading.Event()
    other = threading.Thread(target=hold, args=(awkward.path("ledger.db"), seconds, held))
    other.start()
    held.wait()
    done = bare(awkward, "send", "--due")
    assert done == (0, "", "") if fine else one_message(done, 75), done
    other.join()
    assert bare(awkward, "send", "--due") == (0, "", "")
    assert letters(awkward) == 2
