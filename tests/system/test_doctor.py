"""circular doctor: against a real Postfix and Dovecot, each fault by itself, and a name server that says what it is
told. Nothing may be sent, made or changed by it."""
import json
import os
import socket
import subprocess
import threading

import pytest

import mailhost
from conftest import ROOT, PROGRAM

ZONE = """
example.org                      MX   10 mx.example.org
example.org                      TXT  "v=spf1 ip4:192.0.2.1 include:_spf.example.com -all"
_spf.example.com                 TXT  "v=spf1 ip4:192.0.2.0/24 ~all"
_dmarc.example.org               TXT  "v=DMARC1; p=reject; aspf=r"
s1._domainkey.example.org        TXT  "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
bounces.example.org              MX   10 mx.example.org
bounces.example.org              TXT  "v=spf1 include:_spf.example.com -all"
example.com                      MX   10 mx.example.com
example.com                      TXT  "v=spf1 include:_spf.example.com -all"
"""

CONFIG = """
from: "Director of Schools <schools@example.org>"
bounce:
  address: {bounce}
transport: relay
{dkim}
{answers}
relay:
  host: {relay_host}
  port: {relay_port}
  tls: {relay_tls}
  ca_file: {ca}
  user: {user}
  password_file: relay.password
imap:
  host: {imap_host}
  port: {imap_port}
  tls: {imap_tls}
  ca_file: {ca}
  user: bounces@example.org
  password_file: imap.password
  folder: {folder}
lists:
  schools: {{file: schools.csv}}
audiences:
  heads: {{list: schools, key: URN, email: email}}
"""


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """The name server of tests/fake: its port and the file it answers from."""
    zone = str(tmp_path_factory.mktemp("dns") / "zone")
    open(zone, "w").write(ZONE)
    process = subprocess.Popen(["python3", os.path.join(ROOT, "tests/fake/dns.py"), zone], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    yield process.stdout.readline().strip(), zone
    process.stdin.close()
    process.wait(10)


class Doctor:
    def __init__(self, workspace, host, names):
        self.workspace, self.host = workspace, host
        self.port, self.zone = names
        self.values = dict(bounce="bounces@example.org", answers="", dkim="dkim: {selector: s1}", relay_host="localhost", relay_tls="starttls",
                           relay_port=host.submission, user="schools@example.org", ca=host.ca, imap_host="localhost",
                           imap_port=host.imaps, imap_tls="tls", folder="INBOX")
        workspace.write("schools.csv", "URN,email\n1,one@example.org\n2,two@example.org\n")
        for name in ("relay", "imap"):
            self.password(name, mailhost.PASSWORD)
        open(self.zone, "w").write(ZONE)

    def password(self, name, secret, mode=0o600):
        self.workspace.write(name + ".password", secret + "\n")
        os.chmod(self.workspace.path(name + ".password"), mode)

    def run(self, *args, status=0, env=None, **values):
        self.values.update(values)
        self.workspace.write("config", CONFIG.format(**self.values))
        before = sorted(os.listdir(self.workspace.folder))
        done = self.workspace.run("doctor", *args, status=status,
                                  env={"CIRCULAR_TEST": "dns=" + self.port, **(env or {})})
        assert mailhost.PASSWORD not in done.out + done.err
        assert sorted(os.listdir(self.workspace.folder)) == before
        return done

    def fault(self, check, words, status, fix=None, **values):
        """Runs it, and expects this one failure, with how to fix it."""
        result = json.loads(self.run("--json", status=status, **values).out)
        failed = [one for one in result["checks"] if one["mark"] == "fail"]
        assert failed and result["fail"] == len(failed), result
        assert failed[0]["check"] == check and words in failed[0]["what"], failed
        assert failed[0]["fix"] and (not fix or fix in failed[0]["fix"]), failed
        return result["checks"]


@pytest.fixture
def doctor(workspace, host, names):
    return Doctor(workspace, host, names)


def mails(host):
    return sum(len(files) for folder, _, files in os.walk(host.path("mail")) if folder.endswith(("new", "cur")))


def test_all_is_well(doctor, host):
    before = mails(host)
    done = doctor.run()
    assert "FAIL" not in done.out and "warn" not in done.out, done.out
    for words in ("config   config can be used", "audience 'heads': 2 letters", "over TLS",
                  "its certificate is verified, and good for ", "signed in as 'schools@example.org'",
                  "takes letters from <bounces+", "it takes letters of up to 1 MB",
                  "signed in as 'bounces@example.org'", "the folder 'INBOX' opens", "'Processed' (imap.processed) isn't",
                  "goes to mx.example.org", "DKIM: a key is at s1._domainkey.example.org", "(1 of 10 lookups)",
                  "DMARC: example.org (p=reject) accepts the envelope sender's domain example.org", "All is well."):
        assert words in done.out, (words, done.out)
    assert done.err == "" and mails(host) == before
    assert doctor.run("--quiet").out == ""


@pytest.mark.parametrize("change", [
    dict(relay_tls="tls", relay_port="smtps"), dict(imap_tls="starttls", imap_port="imap")])
def test_other_ways(doctor, host, change):
    ports = {key: getattr(host, value) for key, value in change.items() if key.endswith("port")}
    assert "All is well." in doctor.run(**{**change, **ports}).out


def test_json(doctor):
    result = json.loads(doctor.run("--json").out)
    assert result["schema"] == "circular-doctor/1" and result["fail"] == result["warn"] == 0
    assert result["ok"] == sum(one["mark"] == "ok" for one in result["checks"])
    assert {one["check"] for one in result["checks"]} == {"config", "ledger", "key", "lists", "schedule", "outbox", "relay",
                                                          "clock", "mailbox", "settle", "dns"}


def test_offline(doctor):
    done = doctor.run("--offline", relay_host="192.0.2.1", imap_host="192.0.2.1")
    assert done.out.count("it needs the network (--offline)") == 4


# --- the relay and the mailbox ------------------------------------------------------------------

def test_wrong_passwords(doctor):
    doctor.password("relay", "wrong-horse")
    checks = doctor.fault("relay", "sign-in refused for 'schools@example.org'", 77, "check relay.user")
    assert not any(one["check"] == "mailbox" and one["mark"] == "fail" for one in checks)
    doctor.password("relay", mailhost.PASSWORD)
    doctor.password("imap", "wrong-horse")
    checks = doctor.fault("mailbox", "sign-in", 77)
    assert "wrong-horse" not in json.dumps(checks)


def test_password_that_others_can_read(doctor):
    doctor.password("relay", mailhost.PASSWORD, 0o644)
    checks = doctor.fault("relay", "is open to others (mode 644)", 78)
    fix = [one["fix"] for one in checks if one["mark"] == "fail"][0]
    assert fix == "chmod 600 " + os.path.realpath(doctor.workspace.path("relay.password"))


def test_password_that_is_not_there(doctor):
    os.remove(doctor.workspace.path("imap.password"))
    checks = doctor.fault("mailbox", "there is no", 78)
    fix = [one["fix"] for one in checks if one["mark"] == "fail"][0]
    assert "write the password on the first line of /" in fix and "imap.password" in fix and "network" not in fix


def scripted(faults, **script):
    import crashdrill
    users = {"schools@example.org": mailhost.PASSWORD}
    return crashdrill.Server({"faults": faults, "auth": ["PLAIN"], "users": users, **script})


def test_the_relay_is_asked_with_a_sender_as_letters_carry_it(doctor):
    server = scripted([{"stage": "mail", "match": "+", "do": "reply", "text": "550 5.7.1 no such sender"}])
    values = dict(relay_host="127.0.0.1", relay_port=server.port, relay_tls="none")
    doctor.fault("relay", "refuses letters from <bounces+", 69, "bounce.verp", **values)
    assert server.counts["rcpt"] == 0
    server.close()


@pytest.mark.parametrize("stage, text, fix", [
    ("mail", "550 5.7.1 Helo command rejected: need fully-qualified hostname", "relay.hello"),
    ("mail", "550 authentication required", "set relay.user"),
    ("mail", "550 5.7.1 your network is on a block list", "lift the block"),
    ("ehlo", "550 5.7.1 go away", "relay.hello"),
    ("greeting", "554 5.7.1 your IP has a bad reputation", "lift the block")])
def test_the_mend_is_of_the_cause(doctor, stage, text, fix):
    server = scripted([{"stage": stage, "do": "reply", "text": text}])
    doctor.fault("relay", text[4:], 69, fix, relay_host="127.0.0.1", relay_port=server.port, relay_tls="none")
    server.close()


def test_a_server_of_old(doctor, tmp_path):
    """TLS 1.1 at most: it can't be agreed on, and the fix says what the server must learn."""
    import ssl
    mailhost.make_certificates(str(tmp_path / "tls"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    context.load_cert_chain(str(tmp_path / "tls/cert.pem"), str(tmp_path / "tls/key.pem"))
    port = serve(lambda connection: context.wrap_socket(connection, server_side=True), b"220 mx.example.org ESMTP\r\n")
    doctor.fault("relay", "TLS could not be agreed on", 69, "TLS 1.0 or 1.1", relay_port=port, relay_tls="tls",
                 ca=str(tmp_path / "tls/ca.pem"))


def test_closed_ports(doctor):
    closed = mailhost.free_ports(1)[0]
    doctor.fault("relay", "can't connect", 75, "check relay.host", relay_port=closed)
    doctor.fault("mailbox", "can't be reached", 75, relay_port=doctor.host.submission, imap_port=closed)


def test_no_such_host(doctor):
    doctor.fault("relay", "no such host", 75, "check relay.host", relay_host="nowhere.invalid")


def serve(context_of, greeting):
    """A server on loopback that says one line and ends each connection; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def work():
        while True:
            try:
                connection, _ = listener.accept()
                stream = context_of(connection)
                stream.sendall(greeting)
                while stream.recv(1000):
                    stream.sendall(b"250-mx.example.org\r\n250 PIPELINING\r\n" if greeting.startswith(b"220")
                                   else b"* CAPABILITY IMAP4rev1\r\na BAD\r\n")
            except OSError:
                pass

    threading.Thread(target=work, daemon=True).start()
    return listener.getsockname()[1]


def tls_server(tmp_path, greeting, name, days="36500"):
    import ssl
    mailhost.make_certificates(str(tmp_path / "tls"), name, days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(str(tmp_path / "tls/cert.pem"), str(tmp_path / "tls/key.pem"))
    port = serve(lambda connection: context.wrap_socket(connection, server_side=True), greeting)
    return port, str(tmp_path / "tls/ca.pem")


def test_where_answers_go(doctor):
    def told(address, **more):
        lines = [one for one in doctor.run(answers="answers: {address: %s}" % address, **more).out.splitlines() if "answers to letters" in one]
        assert len(lines) == 1, lines
        return lines[0]
    assert told("Bounces+answers@example.org").startswith("ok    mailbox  answers to letters go to the mailbox that is read")
    assert told("answers@example.org").startswith("warn  mailbox  answers to letters go to answers@example.org, and none has come to the folder 'INBOX'")
    assert "go where bounces go" in told("returns@example.org", bounce="returns@example.org")


@pytest.mark.parametrize("name, days, words", [("other.example.org", "36500", "another host"),
                                               ("localhost", "-1", "has expired")])
def test_certificates(doctor, tmp_path_factory, name, days, words):
    folder = tmp_path_factory.mktemp("cert")
    smtp, ca = tls_server(folder, b"220 mx.example.org ESMTP\r\n", name, days)
    checks = doctor.fault("relay", "certificate", 69, relay_port=smtp, relay_tls="tls", ca=ca)
    assert words in [one["what"] + (one["fix"] or "") for one in checks if one["check"] == "relay"][-1]
    imap, ca = tls_server(folder, b"* OK ready\r\n", name, days)
    checks = doctor.fault("relay", "", 69, imap_port=imap, imap_tls="tls", ca=ca)
    assert words in [one["what"] + (one["fix"] or "") for one in checks if one["check"] == "mailbox"][-1]


def test_untrusted_certificate(doctor, tmp_path):
    mailhost.make_certificates(str(tmp_path / "strange"))
    doctor.fault("relay", "isn't signed by an authority", 69, "relay.ca_file", ca=str(tmp_path / "strange/ca.pem"))


def test_no_starttls(doctor):
    port = serve(lambda connection: connection, b"220 mx.example.org ESMTP\r\n")
    doctor.fault("relay", "doesn't offer STARTTLS", 69, relay_port=port)


def test_clock_of_the_relay(doctor):
    """Its greeting holds a date an hour or more away; the connection may fail afterwards."""
    port = serve(lambda connection: connection, b"220 mx.example.org ESMTP Mon, 5 Jan 2026 09:00:00 +0100\r\n")
    checks = doctor.fault("relay", "doesn't offer STARTTLS", 69, relay_port=port)
    clock = [one for one in checks if one["check"] == "clock"][0]
    assert clock["mark"] == "fail" and "the relay's is" in clock["what"] and "behind" in clock["what"]
    assert "NTP" in clock["fix"]


def test_missing_folder(doctor):
    doctor.fault("mailbox", "the folder 'Returned' can't be opened", 77, folder="Returned")


def test_folders_that_are_there(doctor, host):
    import imaplib
    import ssl
    imap = imaplib.IMAP4_SSL("localhost", host.imaps, ssl_context=ssl.create_default_context(cafile=host.ca))
    imap.login("bounces@example.org", mailhost.PASSWORD)
    imap.create("Processed")
    try:
        out = doctor.run().out
        assert "the folder 'Processed' is there" in out and "'Review' (imap.review) isn't there yet" in out
        assert imap.list('""', "Review")[1] == [None]
    finally:
        imap.delete("Processed")
        imap.logout()


# --- the DNS ------------------------------------------------------------------------------------

def zone_without(doctor, start, *more):
    lines = [line for line in ZONE.splitlines() if not line.startswith(start)]
    open(doctor.zone, "w").write("\n".join(lines + list(more)) + "\n")


DNS_FAULTS = [
    ("example.org                      TXT", [], "no SPF record", "SPF record lets it send", {"dkim": ""}),
    ("example.org                      TXT", ['example.org TXT "v=spf1 -all"', 'example.org TXT "v=spf1 ~all"'],
     "more than one SPF record", "one", {}),
    ("example.org                      TXT", ['example.org TXT "v=spf1 ipv4:192.0.2.1 -all"'], "'ipv4:192.0.2.1'",
     "fix", {}),
    ("_spf.example.com", [], "includes _spf.example.com, which has no SPF record", "include", {}),
    ("_spf.example.com", ['_spf.example.com TXT "v=spf1 a mx a:a.example a:b.example a:c.example a:d.example '
                          'a:e.example a:f.example a:g.example a:h.example -all"'], "it needs 11 lookups", "includes", {}),
    ("_spf.example.com", ['_spf.example.com TXT "v=spf1 include:_spf.example.com -all"'], "counts for nothing", None, {}),
    ("s1._domainkey", [], "there is no key at s1._domainkey.example.org", "dkim.selector", {}),
    ("s1._domainkey", ['s1._domainkey.example.org TXT "v=DKIM1; p="'], "was taken back", None, {}),
    ("_dmarc", ['_dmarc.example.org TXT "v=DMARC1; p=strict"'], "DMARC: the record of example.org is "
     "broken", None, {}),
    ("_dmarc", ['_dmarc.example.org TXT "v=DMARC1; p=none"', '_dmarc.example.org TXT "v=DMARC1; p=none"'],
     "more than one record", None, {}),
    ("example.org                      MX", ["example.org MX 0 ."], "takes no mail", None, {}),
]


@pytest.mark.parametrize("start, more, words, fix, values", DNS_FAULTS)
def test_dns_faults(doctor, start, more, words, fix, values):
    zone_without(doctor, start, *more)
    doctor.fault("dns", words, 78, fix, **values)


def test_missing_spf_with_dkim_is_a_warning(doctor):
    zone_without(doctor, "example.org                      TXT")
    out = doctor.run().out
    assert "warn  dns      example.org has no SPF record" in out


def test_missing_dmarc_is_a_warning(doctor):
    zone_without(doctor, "_dmarc")
    assert "warn  dns      DMARC: example.org has no record" in doctor.run().out


@pytest.mark.parametrize("record, bounce, dkim, mark", [
    ("v=DMARC1; p=reject", "bounces@example.com", "", "fail"),
    ("v=DMARC1; p=quarantine", "bounces@example.com", "", "fail"),
    ("v=DMARC1; p=none", "bounces@example.com", "", "warn"),
    ("v=DMARC1; p=reject", "bounces@example.com", "dkim: {selector: s1}", "ok"),
    ("v=DMARC1; p=reject", "x@bounces.example.org", "", "ok"),
    ("v=DMARC1; p=reject; aspf=s", "x@bounces.example.org", "", "fail"),
    ("v=DMARC1; p=reject; t=y", "bounces@example.com", "", "warn"),
    ("v=DMARC1; p=reject; colour=blue; rf=afrf; ri=1", "x@bounces.example.org", "", "ok"),
])
def test_dmarc_alignment(doctor, record, bounce, dkim, mark):
    zone_without(doctor, "_dmarc", f'_dmarc.example.org TXT "{record}"')
    result = json.loads(doctor.run("--json", status=None, bounce=bounce, dkim=dkim).out)
    found = [one for one in result["checks"] if one["what"].startswith("DMARC")]
    assert [one["mark"] for one in found] == [mark], result
    assert mark == "ok" or "bounce.address" in found[0]["fix"]


@pytest.mark.parametrize("record, words", [
    ("v=DMARC1; rua=mailto:d@example.org", "it has no 'p=', so it counts as p=none"),
    ("v=DMARC1; p=reject; pct=20", "'pct=20' is no part of DMARC any more"),
    ("v=DMARC1; p=reject; rua", "'rua' is no tag with a value"),
])
def test_what_a_dmarc_record_only_seems_to_say(doctor, record, words):
    zone_without(doctor, "_dmarc", f'_dmarc.example.org TXT "{record}"')
    out = doctor.run().out
    assert "warn  dns      DMARC: the record of example.org doesn't do all that it says: " + words in " ".join(out.split("\n"))


def test_dmarc_of_the_organisation(doctor):
    """The walk up the DNS: a record that says where the organisation begins parts it from what is above."""
    zone_without(doctor, "_dmarc", '_dmarc.example.org TXT "v=DMARC1; p=reject"',
                 '_dmarc.bounces.example.org TXT "v=DMARC1; p=none; psd=n"')
    out = doctor.run(status=None, bounce="x@bounces.example.org", dkim="").out
    assert "FAIL  dns      DMARC: example.org asks receivers to reject" in out
    zone_without(doctor, "_dmarc", '_dmarc.org TXT "v=DMARC1; p=reject; sp=quarantine; psd=y"')
    assert "DMARC: example.org (p=quarantine) accepts" in doctor.run(bounce="x@bounces.example.org", dkim="").out


def test_the_provider_must_be_in_spf(doctor):
    """The hosts of the big providers are known by their names; here only the DNS is asked."""
    doctor.workspace.write("relay.password", mailhost.PASSWORD + "\n")
    config = CONFIG.replace("relay:\n", "relay:\n  preset: microsoft365\n")
    doctor.workspace.write("config", config.format(**doctor.values))
    env = {"CIRCULAR_TEST": "dns=" + doctor.port}
    done = doctor.workspace.run("doctor", status=78, env=env)
    assert "doesn't let the relay's provider send" in done.out
    assert "to fix it: add include:spf.protection.outlook.com to it" in done.out
    zone_without(doctor, "_spf", '_spf.example.com TXT "v=spf1 include:spf.protection.outlook.com ~all"',
                 'spf.protection.outlook.com TXT "v=spf1 ip4:192.0.2.0/24 -all"')
    assert "SPF: the record of example.org lets the relay's provider send (2 of 10 lookups)" in doctor.workspace.run("doctor", env=env).out
    zone_without(doctor, "_spf", '_spf.example.com TXT "v=spf1 -include:spf.protection.outlook.com ~all"',
                 'spf.protection.outlook.com TXT "v=spf1 ip4:192.0.2.0/24 -all"')
    doctor.workspace.run("doctor", status=78, env=env)


def test_silent_dns(doctor):
    open(doctor.zone, "w").write("example.org SILENT\n")
    doctor.fault("dns", "example.org can't be looked up", 75, "resolv.conf")
    zone_without(doctor, "_spf", "_spf.example.com SERVFAIL")
    assert "not all that the SPF record" in doctor.run().out


def test_no_such_domain(doctor):
    open(doctor.zone, "w").write("")
    doctor.fault("dns", "there is no domain example.org", 78)


# --- what stands on this machine ----------------------------------------------------------------

def local(workspace, config, status=0, env=None):
    workspace.write("config", config)
    return workspace.run("doctor", status=status, env=env)


OUTBOX = """
from: schools@example.org
lists:
  schools: {file: schools.csv}
audiences:
  heads: {list: schools, key: URN, email: email}
"""


def test_outbox(workspace):
    workspace.write("schools.csv", "URN,email\n1,one@example.org\n")
    done = local(workspace, OUTBOX)
    assert "nobody is mailed" in done.out and "skip  relay" in done.out and "skip  dns" in done.out
    assert sorted(os.listdir(workspace.folder)) == ["config", "schools.csv"]


def test_broken_config(workspace):
    done = local(workspace, "transport: rellay\n", 78)
    assert done.out.startswith("FAIL  config   config:1: ") and "circular: 1 check failed" in done.err


def test_broken_addresses_and_lists(workspace):
    done = local(workspace, OUTBOX.replace("schools@", "schools@@"), 78)
    assert "FAIL  config   config:2: from: " in done.out
    assert "FAIL  lists    audience 'heads': " in done.out and "schools.csv" in done.out


def test_ledger_and_key(workspace):
    workspace.write("schools.csv", "URN,email\n1,one@example.org\n")
    workspace.write("update.md", "---\nsubject: S\n---\nHello.\n")
    local(workspace, OUTBOX)
    workspace.run("plan", "update.md", "heads", env={"CIRCULAR_TEST": "clock=2026-06-01T09:00:00Z"})
    assert "ledger.db opens and can be written" in local(workspace, OUTBOX,
                                                         env={"CIRCULAR_TEST": "clock=2026-06-01T10:00:00Z"}).out
    late = local(workspace, OUTBOX, 78, env={"CIRCULAR_TEST": "clock=2026-05-01T10:00:00Z"})
    assert "FAIL  clock" in late.out and "the ledger holds letters of a later time" in late.out
    if os.path.exists(workspace.path("ledger.db.key")):
        os.chmod(workspace.path("ledger.db.key"), 0o644)
    else:
        workspace.write("ledger.db.key", "0" * 64 + "\n")
    assert "FAIL  key" in local(workspace, OUTBOX, 78).out
    os.chmod(workspace.path("ledger.db.key"), 0o600)
    os.chmod(workspace.path("ledger.db"), 0o644)
    assert "others can read who gets letters" in local(workspace, OUTBOX).out
    workspace.write("ledger.db", b"no database at all " * 100)
    assert "FAIL  ledger" in local(workspace, OUTBOX, 74).out


def test_usage(workspace):
    assert "too many arguments" in workspace.run("doctor", "x", status=64).err
    workspace.run("doctor", "--no-such", status=64)
    assert workspace.run("doctor", status=66).out.startswith("FAIL  config")
    env = subprocess.run([PROGRAM, "doctor"], cwd=workspace.folder, env={}, capture_output=True, check=False)
    assert env.returncode == 66
