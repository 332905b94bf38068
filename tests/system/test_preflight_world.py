"""What the preflight learns from outside the update: the ledger, the DNS, the pages behind links, the config."""
import http.server
import json
import os
import subprocess
import sys
import threading

import pytest

from conftest import ROOT

NOW = "clock=2026-11-23T09:00:00Z"
UPDATE = """---
subject: "Spring term: what to book"
preheader: "Places go by the end of the month"
---

Dear {{head_name}},

please book. The office answers questions about this on weekdays, and will be glad to hear from you.
"""
CONFIG = """from: Office <office@northmere.example.org>
bounce:
  address: %(bounces)s
%(more)s
lists:
  schools:
    file: schools.csv
audiences:
  heads:
    list: schools
    key: URN
    email: Email
    fields:
      head_name: "{{Head}}"
"""


def rows(numbers):
    return "URN,Head,Email\n" + "".join(f"{900000 + n},Mrs Ames{n},head@s{n}.example.org\n" for n in numbers)


@pytest.fixture(name="office")
def make_office(workspace):
    def configure(bounces="bounces@northmere.example.org", more=""):
        workspace.write("config", CONFIG % {"bounces": bounces, "more": more})
    workspace.configure = configure
    configure()
    workspace.write("schools.csv", rows(range(40)))
    workspace.write("u.md", UPDATE)

    def found(*words, test=NOW):
        done = workspace.run("check", "u.md", "heads", "--json", *words,
                             env={"CIRCULAR_TEST": test, "TZ": "UTC"}, status=None)
        return json.loads(done.out)
    workspace.found = found
    return workspace


def ids(found):
    return [f["id"] for f in found["findings"]]


# --- the ledger ------------------------------------------------------------------------------------------------


def send(office):
    office.run("send", "u.md", "heads", "--yes")


def test_no_ledger_is_made_by_looking(office):
    assert ids(office.found()) == []
    assert not os.path.exists(office.path("ledger.db"))


def test_suppressed(office):
    send(office)
    office.run("suppress", "add", "head@s3.example.org")
    found = office.found()
    assert ids(found) == ["suppressed"] and found["letters"] == 39
    assert found["findings"][0]["line"] == 5 and "1 of 40" in found["findings"][0]["text"]
    for n in (4, 5):
        office.run("suppress", "add", f"head@s{n}.example.org")
    assert ids(office.found()) == ["suppressed-many"]
    office.run("suppress", "add", "head@s6.example.org", "--audience", "heads")
    assert office.found()["letters"] == 36


def test_drift(office):
    send(office)
    office.write("u.md", UPDATE.replace("please book", "please do book"))
    assert ids(office.found()) == []
    office.write("schools.csv", rows(range(2, 40)))  # 5 per cent gone: not over
    assert ids(office.found()) == []
    office.write("schools.csv", rows(range(3, 40)))
    found = office.found()
    assert ids(found) == ["audience-drift"]
    assert "3 are gone (the first is 900000), and 0 are new" in found["findings"][0]["text"]
    office.write("v.md", UPDATE.replace("please book", "you book"))  # the same words would take the place of the rehearsal
    assert "3 are gone (the first is 900000), and 0 are new" in office.run("plan", "v.md", "heads").err
    office.write("schools.csv", rows(range(43)))
    assert "0 are gone, and 3 are new" in office.found()["findings"][0]["text"]
    office.write("u.md", UPDATE.replace("preheader:", "allow: audience-drift\npreheader:"))
    assert ids(office.found()) == []
    office.write("v.md", UPDATE.replace("please book", "you book").replace("preheader:", "allow: audience-drift\npreheader:"))
    assert "audience-drift" not in office.run("plan", "v.md", "heads").err


def test_a_check_of_nobody_fails_as_its_plan_would(office):
    office.write("schools.csv", rows([]))
    assert "would have no letter" in office.run("check", "u.md", "heads", status=65).err
    office.run("plan", "u.md", "heads", status=65)


def test_the_offices_copies_are_no_drift(office):
    office.configure(more="seeds: [a@northmere.example.org, b@northmere.example.org, c@northmere.example.org]")
    send(office)
    office.write("u.md", UPDATE.replace("please book", "please do book"))
    assert ids(office.found()) == []
    office.write("v.md", UPDATE.replace("please book", "you book"))
    assert "audience-drift" not in office.run("plan", "v.md", "heads").err


def test_a_plan_is_no_mailing(office):
    """A plan of this very letter, of which nothing went, is nothing to compare with."""
    office.configure(more=office.carrier().lines.strip())
    send(office)
    office.write("u.md", UPDATE.replace("please book", "please do book"))
    office.write("schools.csv", rows(range(30)))
    office.run("plan", "u.md", "heads")
    assert ids(office.found()) == ["audience-drift"]


def test_several_audiences(office):
    config = (CONFIG % {"bounces": "bounces@northmere.example.org", "more": ""})
    office.write("config", config + """  others:
    list: others
    key: URN
    email: Email
    fields:
      head_name: "{{Head}}"
  nameless:
    list: others
    key: URN
    email: Email
""")
    office.write("config", office.read("config").decode().replace("audiences:", "  others:\n    file: others.csv\naudiences:"))
    office.write("others.csv", rows([38, 39, 40, 41]).replace("s41.", "gmial.").replace("gmial.example.org", "gmial.com"))
    found = office.found("others")
    assert ids(found) == ["look-alike"] and found["audience"] == "heads, others" and found["letters"] == 42
    assert [(f["id"], f["severity"]) for f in office.found("nameless")["findings"]][:1] == [("unknown-field", "error")]
    office.write("u.md", UPDATE.replace("preheader:", 'audience: "heads, others"\npreheader:'))
    done = office.run("check", "u.md", status=0)
    assert "a plan of 42 letters to 'heads, others'" in done.out


# --- the sender ------------------------------------------------------------------------------------------------


def test_sender(office):
    office.configure(bounces="bounces@mailer.example.com")
    assert ids(office.found()) == ["sender-alignment"]
    office.configure(bounces="bounces@post.northmere.example.org")
    assert ids(office.found()) == []
    office.write("config", (CONFIG % {"bounces": "", "more": ""}).replace("bounce:\n  address: \n", ""))
    assert ids(office.found()) == ["no-unsubscribe"]
    office.configure(more="reply_to: no-reply@northmere.example.org")
    found = office.found()
    assert ids(found) == ["reply-nowhere"] and (found["findings"][0]["file"], found["findings"][0]["line"]) == ("config", 4)
    office.write("u.md", UPDATE.replace("preheader:", "reply_to: ann@northmere.example.org\npreheader:"))
    assert ids(office.found()) == []


def test_pace(office):
    office.configure(more="transport: relay\nrelay:\n  host: smtp.example.org\n")
    found = office.found()
    assert ids(found) == ["pace"]
    assert found["findings"][0]["text"] == "40 letters at 25 a minute: 2 minutes; begun now, done at 09:02 UTC"


# --- attachments -----------------------------------------------------------------------------------------------


def test_weight(office):
    office.write("u.md", UPDATE.replace("preheader:", "attachments: big.pdf\npreheader:"))
    for size, expected in ((1 << 20, []), (5 << 20, ["letter-weight"]), (9 << 20, ["letter-large"])):
        office.write("big.pdf", b"x" * size)
        assert ids(office.found()) == expected
    office.write("big.pdf", b"x" * (19 << 20))
    found = office.found()
    assert ids(found) == ["letter-too-large"] and found["counts"]["error"] == 1


def test_own_attachments(office):
    office.write("schools.csv", rows(range(2)))
    office.write("u.md", UPDATE.replace("preheader:", "attachments: reports/{{URN}}.pdf\npreheader:"))
    office.write("reports/900000.pdf", b"x")
    found = office.found()
    assert ids(found) == ["missing-attachment"] and found["findings"][0]["line"] == 3
    office.write("reports/900001.pdf", b"x" * (9 << 20))
    found = office.found()
    assert ids(found) == ["letter-large"] and "900001" in found["findings"][0]["text"]


# --- links -----------------------------------------------------------------------------------------------------


class Pages(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        status = {"/fine": 200, "/moved": 301, "/denied": 401, "/busy": 503}.get(self.path, 404)
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/fine")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module", name="pages")
def serve_pages():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def write_links(office, pages):
    text = UPDATE.replace("preheader:", "allow: [link-private]\npreheader:")
    for page in ("fine", "gone", "moved", "denied", "busy", "gone"):
        text += f"\nSee [the page {page}]({pages}/{page}) for more.\n"
    office.write("u.md", text + f"\n[your own]({pages}/fine?urn={{{{URN}}}}) is for you.\n")


def test_links(office, pages):
    office.configure(more="check:\n  private_links: yes\n")
    write_links(office, pages)
    assert ids(office.found()) == []
    found = office.found("--links")
    assert [(f["id"], f["line"]) for f in found["findings"]] == [
        ("dead-link", 13), ("link-moved", 15), ("link-denied", 17), ("link-busy", 19), ("link-untried", 23)]


def test_links_within_this_network_are_not_tried(office, pages):
    write_links(office, pages)
    assert ids(office.found("--links")) == ["link-untried"]
    office.write("u.md", UPDATE + f"\n[the page]({pages}/fine)\n")
    assert set(ids(office.found("--links"))) == {"link-private"}


# --- the DNS ---------------------------------------------------------------------------------------------------

ZONE = """
northmere.example.org         TXT   "v=spf1 include:_spf.example.com -all"
_dmarc.example.org            TXT   "v=DMARC1; p=none"
s0.example.org                MX    10 mx.example.org
s1.example.org                A     192.0.2.1
"""


@pytest.fixture(name="dns")
def serve_dns(tmp_path):
    zone = tmp_path / "zone"
    zone.write_text(ZONE)
    program = os.path.join(ROOT, "tests", "fake", "dns.py")
    with subprocess.Popen([sys.executable, program, str(zone)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as server:
        yield zone, NOW + ",dns=" + server.stdout.readline().strip()
        server.stdin.close()


def test_dns(office, dns):
    zone, test = dns
    office.write("schools.csv", rows(range(2)))
    assert ids(office.found("--dns", test=test)) == []
    zone.write_text(ZONE.replace('"v=spf1', '"v=spf2').replace("_dmarc", "_other"))
    assert ids(office.found("--dns", test=test)) == ["spf", "dmarc"]
    zone.write_text(ZONE.replace("-all", "+all"))
    assert ids(office.found("--dns", test=test)) == ["spf"]
    zone.write_text(ZONE.replace("s0.example.org                MX    10 mx.example.org", "s0.example.org MX 0 .")
                    .replace("s1.example.org ", "s9.example.org "))
    found = office.found("--dns", test=test)
    assert [(f["id"], f["file"], f["line"]) for f in found["findings"]] == [
        ("no-mx", "schools.csv", 2), ("no-mx", "schools.csv", 3)]
    assert "takes no mail" in found["findings"][0]["text"] and "no such domain" in found["findings"][1]["text"]


def test_silent_name_servers_say_nothing_of_anybody(office, dns):
    zone, test = dns
    office.write("schools.csv", rows(range(6)))
    zone.write_text(ZONE + "".join(f"s{n}.example.org SERVFAIL\n" for n in range(6)))
    assert ids(office.found("--dns", test=test)) == ["dns-silent"]
