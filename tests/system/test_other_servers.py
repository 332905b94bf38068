"""Letters through servers that people have beside Postfix: Exim and OpenSMTPD, as Debian has them."""
import os
import re
import subprocess

import pytest

from crashdrill import Office, address
from otherhosts import OtherHost, without_trace

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LETTERS = 60
NOT_RELAYED = {n for n in range(1, LETTERS + 1) if n % 7 == 6}
WANTED = set(range(1, LETTERS + 1)) - NOT_RELAYED - {17, 23}
UPDATE = """---
subject: Term dates for {{head}} – Ärger, naïve façade
---

Dear {{head}},

.a line that begins with a dot

..

""" + "A long line without an end, " * 60 + """

From here on all is well. ☃
"""
CLOCK = "clock=2026-01-05T09:00:00Z,seed=7"


@pytest.fixture(scope="module")
def certs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certs")
    subprocess.run(["sh", os.path.join(ROOT, "tests/fake/certs.sh"), str(folder)], check=True, capture_output=True)
    return folder


@pytest.fixture
def host(tmp_path, certs, request):
    hosts = []

    def make(name, **more):
        folder = tmp_path / name
        folder.mkdir()
        hosts.append(OtherHost(name, folder, certs, **more))
        return hosts[-1]

    yield make
    for one in hosts:
        one.close()


def office_for(tmp_path, host, connections=1, more=""):
    office = Office(tmp_path / "office", port=host.port, connections=connections, more=more, letters=LETTERS)
    office.write("letter.md", UPDATE)
    office.plan()
    office.copy(tmp_path / "twin")
    return office


def undated(message):
    return re.sub(rb"(?m)^Date: .*$", b"Date:", message)


def as_written(office, tmp_path):
    """recipient -> the same letters, as the outbox has them."""
    twin = Office.__new__(Office)
    twin.__dict__.update(office.__dict__, folder=str(tmp_path / "twin"), settings=dict(office.settings))
    twin.configure(transport="outbox")
    twin.send(hooks=CLOCK)
    found = {}
    for name in os.listdir(twin.path("outbox/new")):
        with open(twin.path("outbox/new/" + name), "rb") as file:
            message = file.read()
        recipient = re.search(rb"(?m)^Delivered-To: (\S+)", message).group(1).decode()
        found[recipient] = undated(without_trace(message))
    return found


def check_letters(host, office, tmp_path):
    host.wait_until(lambda: len(host.letters()) == len(WANTED))
    wanted = as_written(office, tmp_path)
    for recipient, message in host.letters().items():
        assert undated(message).rstrip(b"\n") == wanted[recipient].rstrip(b"\n"), recipient
    assert set(host.letters()) == {address(n) for n in WANTED}


@pytest.mark.parametrize("name, tls", [("exim", "none"), ("exim", "starttls"), ("opensmtpd", "none")])
def test_every_letter_byte_for_byte(tmp_path, host, name, tls):
    """One head refused, one put off, one domain not relayed for; twenty letters a session."""
    server = host(name, per_session=20)
    office = office_for(tmp_path, server, connections=2 if tls == "none" else 1)
    if tls == "starttls":
        config = open(office.path("config"), encoding="utf-8").read()
        office.write("config", config.replace("tls: none", f"tls: starttls\n  ca_file: {server.ca}"))
    office.send("--no-wait", hooks=CLOCK, status=[69, 75])
    states = office.states()
    assert states["sent"] == {address(n) for n in WANTED}, office.counts()
    assert states["refused"] == {address(n) for n in NOT_RELAYED | {17}}
    assert states["deferred"] == {address(23)} and not states["unknown"]
    check_letters(server, office, tmp_path)


def test_a_rate_of_exim(tmp_path, host):
    """Its own ratelimit answers 4xx to MAIL once 25 have gone: the rest waits, and nobody pays."""
    acl = "  defer   ratelimit = 25 / 1h / per_mail / strict\n          message = sender rate limit exceeded"
    server = host("exim", mail_acl=acl)
    office = office_for(tmp_path, server)
    office.send("--no-wait", status=75)
    counts = office.counts()
    assert 15 <= counts["sent"] <= 25 and counts["planned"] >= 30 and "deferred" not in counts, counts
    assert all(row[2] == 0 for row in office.ledger() if row[1] == "planned")
