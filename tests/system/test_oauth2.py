"""Signing in with access tokens: got from a scripted token endpoint, used at scripted SMTP and IMAP servers."""
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time

import pytest

import mailhost
from conftest import PROGRAM, ROOT

sys.path.insert(0, os.path.join(ROOT, "tests", "fake"))
import crashdrill  # noqa: E402
import token_server  # noqa: E402

DENIED, CONFIG_WRONG, TEMPORARY, REMOTE = 77, 78, 75, 69

CONFIG = """
from: "The Director <director@example.org>"
transport: relay
relay:
  host: 127.0.0.1
  port: {smtp}
  tls: none
  preset: relay
  connections: {connections}
  messages_per_connection: {each}
  user: office@example.org
  auth: {auth}
bounce:
  address: bounces@example.org
imap:
  host: 127.0.0.1
  port: {imap}
  tls: none
  user: bounces@example.org
oauth2:
{oauth2}
lists: {{one: {{file: one.csv}}}}
audiences: {{heads: {{list: one, key: k, email: e}}}}
"""
REFRESH = """
  token_url: {url}
  client_id: client
  ca_file: {ca}
  refresh_token_env: FIRST
  client_secret_env: SECRET
"""
CREDENTIALS = """
  token_url: {url}
  client_id: client
  ca_file: {ca}
  client_secret_env: SECRET
"""
SECRETS = {"FIRST": "refresh-0", "SECRET": "s3cret word"}
EVERY_SECRET = ("refresh-0", "s3cret word", "s3cret%20word", "access-", "rotated-")


@pytest.fixture(scope="module")
def certs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certs")
    subprocess.run(["sh", os.path.join(ROOT, "tests/fake/certs.sh"), folder], check=True, capture_output=True)
    return str(folder)


class Office:
    """A workspace, the endpoint that gives it tokens, and the servers that take them."""

    def __init__(self, folder, certs, endpoint=None, smtp=None, oauth2=REFRESH, auth="auto", letters=3, each=0,
                 connections=1, imap=1):
        self.folder = str(folder)
        self.certs = certs
        os.makedirs(self.folder, exist_ok=True)
        self.honoured = self.path("honoured")
        script = {"client_secret": "s3cret word", **(endpoint or {})}
        self.endpoint = token_server.TokenServer(script, certs, self.honoured)
        users = {"office@example.org": "@" + self.honoured}
        self.smtp = crashdrill.Server({"auth": ["PLAIN", "XOAUTH2", "OAUTHBEARER"], "users": users, **(smtp or {})})
        self.settings = dict(smtp=self.smtp.port, imap=imap, auth=auth, each=each, connections=connections)
        self.configure(oauth2)
        rows = "".join("%d,head%d@example.com\n" % (n, n) for n in range(letters))
        self.write("one.csv", "k,e\n" + rows)
        self.write("update.md", "---\nsubject: Term dates\n---\n\nTerm begins.\n")
        self.env = dict(SECRETS)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)

    def configure(self, oauth2, **more):
        filled = oauth2.format(url=self.endpoint.url, ca=os.path.join(self.certs, "ca.pem"))
        self.write("config", CONFIG.format(oauth2=filled, **{**self.settings, **more}))

    def start(self, *args):
        return subprocess.Popen([PROGRAM, *args], cwd=self.folder, env={**os.environ, **self.env}, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *args, status=0):
        process = self.start(*args)
        out, err = process.communicate(timeout=120)
        assert process.returncode == status, (args, process.returncode, out, err)
        for secret in EVERY_SECRET:
            assert secret not in out + err, (secret, out, err)
        return out + err

    def send(self, status=0):
        return self.run("send", "update.md", "heads", "--yes", "--again", "--no-wait", status=status)

    def sent(self):
        self.smtp.settle()
        return sorted(entry["recipients"][0] for entry in self.smtp.taken)

    def cache(self):
        with open(self.path("ledger.db.oauth2"), encoding="utf-8") as file:
            return file.read()

    def close(self):
        self.endpoint.close()
        self.smtp.close()


@pytest.fixture
def office(tmp_path, certs):
    made = []

    def make(*args, **kwargs):
        made.append(Office(tmp_path / "office", certs, *args, **kwargs))
        return made[-1]
    yield make
    for one in made:
        one.close()


# --- grants ------------------------------------------------------------------------------------


@pytest.mark.parametrize("auth", ["auto", "xoauth2", "oauthbearer"])
def test_refresh_token(office, auth):
    one = office(auth=auth)
    one.send()
    assert len(one.sent()) == 3
    assert one.endpoint.requests == [{"grant_type": "refresh_token", "client_id": "client", "client_secret": "s3cret word",
                                      "refresh_token": "refresh-0"}]
    assert stat.S_IMODE(os.stat(one.path("ledger.db.oauth2")).st_mode) == 0o600
    one.send()  # the token is good for an hour: nobody is asked
    assert len(one.endpoint.requests) == 1 and len(one.sent()) == 6


def test_client_credentials(office):
    one = office(oauth2=CREDENTIALS + "  scope: https://mail.example.org/.default\n")
    one.send()
    assert len(one.sent()) == 3
    assert one.endpoint.requests == [{"grant_type": "client_credentials", "client_id": "client",
                                      "client_secret": "s3cret word", "scope": "https://mail.example.org/.default"}]


def test_token_command(office):
    one = office(oauth2="  token_command: [./token]\n")
    one.endpoint.honoured = ["by-hand"]
    one.endpoint.write()
    one.write("token", "#!/bin/sh\necho by-hand\n")
    os.chmod(one.path("token"), 0o700)
    one.send()
    assert len(one.sent()) == 3 and one.endpoint.requests == []
    assert not os.path.exists(one.path("ledger.db.oauth2"))
    one.write("token", "#!/bin/sh\nexit 3\n")
    assert "'./token' ended with status 3" in one.send(status=CONFIG_WRONG)


def test_public_client_without_secret(office):
    one = office({"client_secret": None}, oauth2=REFRESH.replace("  client_secret_env: SECRET\n", ""))
    one.send()
    assert "client_secret" not in one.endpoint.requests[0]


# --- tokens that end ---------------------------------------------------------------------------


def test_expiry_in_the_middle_of_a_mailing(office):
    """A token of two seconds, a connection for each letter, and a server that takes its time."""
    one = office({"expires_in": 2}, smtp={"faults": [{"stage": "dot", "do": "delay", "seconds": 0.9}]}, letters=5, each=1)
    one.send()
    assert len(one.sent()) == 5
    assert len(one.endpoint.requests) >= 2


def test_withdrawn_token_is_renewed_once(office):
    """What the cache holds is refused: one more token, and the letters go."""
    one = office()
    one.send()
    one.endpoint.withdraw()
    one.send()
    assert len(one.endpoint.requests) == 2 and len(one.sent()) == 6


@pytest.mark.parametrize("connections", [1, 4])
def test_withdrawn_in_the_middle(office, connections):
    one = office(letters=12, each=2, connections=connections)
    withdrawn = []
    plain = one.smtp.take

    def take(entry):
        plain(entry)
        with one.smtp.lock:
            # No connection is done before its second letter: those that follow the first four come after this.
            if len(one.smtp.taken) == 2 and not withdrawn:
                withdrawn.append(True)
                one.endpoint.withdraw()
    one.smtp.take = take
    one.send()
    assert len(one.sent()) == 12
    assert len(one.endpoint.requests) == 2


def test_never_loops(office):
    """Nothing that the endpoint gives is taken: two tokens, two sign-ins, and a clear end."""
    one = office({"withhold": list(range(1, 100))}, connections=1)
    said = one.send(status=DENIED)
    assert "sign-in refused for 'office@example.org'" in said
    assert len(one.endpoint.requests) == 2
    assert one.smtp.counts["connections"] == 2 and one.sent() == []


# --- refresh tokens ----------------------------------------------------------------------------


@pytest.mark.parametrize("rotate", [True, "once"])
def test_rotated_refresh_token(office, rotate):
    one = office({"rotate": rotate, "expires_in": 0})
    for n in range(3):
        one.send()
    assert [form["refresh_token"] for form in one.endpoint.requests] == ["refresh-0", "rotated-1", "rotated-2"]
    assert "rotated-3" in one.cache() and "refresh-0" not in one.cache()


def test_new_refresh_token_in_the_config_counts(office):
    one = office({"rotate": "once", "expires_in": 0})
    one.send()
    one.endpoint.refresh_tokens = ["second"]
    said = one.send(status=DENIED)
    assert "'invalid_grant' (Token has been expired or revoked.); the refresh token is expired, revoked or used up" in said
    assert [form["refresh_token"] for form in one.endpoint.requests] == ["refresh-0", "rotated-1", "refresh-0"]
    one.env["FIRST"] = "second"
    one.send()
    assert one.endpoint.requests[-1]["refresh_token"] == "second"


def test_two_processes_at_once_spend_one_refresh_token(office):
    one = office({"rotate": "once", "delay": 1})
    names = ["one.md", "two.md", "three.md"]
    for name in names:
        one.write(name, "---\nsubject: Dates of %s\n---\n\nTerm begins.\n" % name)
        one.run("plan", name, "heads")
    senders = [one.start("send", name, "heads", "--yes") for name in names]
    for sender in senders:
        out, err = sender.communicate(timeout=120)
        assert sender.returncode == 0, (out, err)
    assert len(one.endpoint.requests) == 1
    assert len(one.sent()) == 9


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize("word, text, fix", [
    ("invalid_grant", "AADSTS700082: The refresh token has expired due to inactivity.", "lay unused for too long"),
    ("invalid_grant", "AADSTS65001: The user or administrator has not consented.", "an administrator must consent"),
    ("invalid_client", "AADSTS7000222: The provided client secret keys are expired.", "the client secret has expired"),
    ("invalid_client", "The OAuth client was not found.", "check oauth2.client_id and oauth2.client_secret"),
    ("consent_required", "", "an administrator must consent"),
    ("unheard_of", "x\x1b[31m" + "y" * 5000, "check the keys under oauth2"),
])
def test_refused_grants(office, word, text, fix):
    body = json.dumps({"error": word, "error_description": text + "\r\nTrace ID: 77"})
    one = office({"faults": [{"do": "reply", "body": body}]})
    said = one.send(status=DENIED)
    assert "'%s'" % word in said and fix in said
    assert "\x1b" not in said and "Trace ID" not in said and len(said) < 1500
    assert len(one.endpoint.requests) == 1 and one.sent() == []


@pytest.mark.parametrize("fault, status, words", [
    ({"do": "reply", "body": "<html>no</html>", "status": 200}, REMOTE, "is not that of a token server"),
    ({"do": "reply", "body": "<html>no</html>", "status": 404}, REMOTE, "is not that of a token server (404)"),
    ({"do": "reply", "body": "[" * 60000, "status": 200}, REMOTE, "is not that of a token server"),
    ({"do": "reply", "body": "{}", "status": 200}, REMOTE, "holds no access token"),
    ({"do": "reply", "body": json.dumps({"access_token": "a\r\nb"}), "status": 200}, REMOTE, "a token that can't be one"),
    ({"do": "reply", "body": json.dumps({"access_token": "abc", "token_type": "mac"}), "status": 200}, REMOTE, "Bearer"),
    ({"do": "reply", "body": json.dumps({"access_token": "abc"}), "status": 403}, REMOTE, "(403)"),
    ({"do": "reply", "body": "", "status": 503}, TEMPORARY, "busy or down (503)"),
    ({"do": "reply", "body": json.dumps({"error": "temporarily_unavailable"})}, TEMPORARY, "temporarily_unavailable"),
    ({"do": "reply", "body": "slow down", "status": 429}, TEMPORARY, "busy or down (429)"),
    ({"do": "flood"}, REMOTE, "too long"),
    ({"do": "drop"}, TEMPORARY, "/token: "),
    ({"do": "redirect", "url": "https://localhost:1/elsewhere"}, REMOTE, "points elsewhere (307)"),
])
def test_strange_answers(office, fault, status, words):
    one = office({"faults": [fault]})
    said = one.send(status=status)
    assert words in said and one.endpoint.url in said
    assert len(one.endpoint.requests) == 1 and one.sent() == []


@pytest.mark.parametrize("command", [["send", "update.md", "heads", "--yes"], ["bounces"], ["bounces", "--watch"]])
def test_ctrl_c_while_the_endpoint_is_silent(office, command):
    imap = Imap({"capabilities": ["AUTH=XOAUTH2"]})
    one = office({"faults": [{"do": "hang"}]}, imap=imap.port, oauth2=CREDENTIALS)
    process = one.start(*command)
    while not one.endpoint.requests:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    out, err = process.communicate(timeout=60)
    assert process.returncode == (0 if "--watch" in command else TEMPORARY), (out, err)
    assert time.monotonic() - began < 20  # and not the half minute that the endpoint has
    imap.close()


def test_ctrl_c_loses_no_refresh_token(office):
    """It is spent, and what comes in its place is waited for and kept."""
    one = office({"rotate": "once", "delay": 3})
    process = one.start("send", "update.md", "heads", "--yes")
    while not one.endpoint.requests:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert "rotated-1" in one.cache()
    one.run("send", "update.md", "heads", "--yes", "--again")
    assert len(one.endpoint.requests) == 1  # the token that came is used


@pytest.mark.parametrize("cert", ["expired", "wronghost", "selfsigned"])
def test_certificates_are_verified(office, cert):
    one = office({"cert": cert})
    assert "the certificate can't be verified" in one.send(status=REMOTE)
    assert one.endpoint.requests == []


def test_http_only_to_this_machine(office):
    one = office({"tls": False})
    one.send()
    assert len(one.sent()) == 3
    for url in ("http://token.example.org/token", "http://127.0.0.1.example.org/", "ftp://localhost/", "https://u:p@localhost/"):
        one.configure(REFRESH.replace("{url}", url))
        assert "config:22: 'oauth2.token_url' must be an https:// URL" in one.send(status=CONFIG_WRONG)


def test_traces_hold_no_secret(office):
    one = office({"rotate": True}, auth="xoauth2")
    one.env["CIRCULAR_TRACE"] = "oauth2,smtp,sql,step"
    said = one.send()  # run() looks for each secret in all that it says
    assert "oauth2: * POST https://localhost" in said and "oauth2: * a token for 3600 s, and a new refresh token" in said


# --- the cache ---------------------------------------------------------------------------------


def test_cache_open_to_others_is_refused(office):
    one = office()
    one.send()
    os.chmod(one.path("ledger.db.oauth2"), 0o640)
    assert "is open to others (mode 640): chmod 600 it" in one.send(status=CONFIG_WRONG)
    os.chmod(one.path("ledger.db.oauth2"), 0o600)
    one.send()
    assert len(one.endpoint.requests) == 1


def test_cache_that_is_damaged_is_made_anew(office):
    one = office()
    for garbage in ("", "not\0a key file", "[access 1]\ntoken", "x" * 600000):
        one.write("ledger.db.oauth2", garbage)
        os.chmod(one.path("ledger.db.oauth2"), 0o600)
        one.send()
    assert len(one.endpoint.requests) == 4


def test_cache_that_is_a_link_is_refused(office):
    one = office()
    one.write("elsewhere", "")
    os.symlink("elsewhere", one.path("ledger.db.oauth2"))
    assert "is a symbolic link" in one.send(status=CONFIG_WRONG)


def test_cache_where_it_is_told_to_be(office):
    one = office(oauth2=REFRESH + "  cache: tokens/kept\n")
    os.mkdir(one.path("tokens"))
    one.send()
    assert sorted(os.listdir(one.path("tokens"))) == ["kept", "kept.lock"]
    assert not os.path.exists(one.path("ledger.db.oauth2"))


def test_clock_set_back(office):
    """A token from the future is none."""
    one = office()
    one.env["CIRCULAR_TEST"] = "clock=2030-01-05T09:00:00Z"
    one.send()
    one.env["CIRCULAR_TEST"] = "clock=2029-01-05T09:00:00Z"
    one.send()
    assert len(one.endpoint.requests) == 2


# --- IMAP --------------------------------------------------------------------------------------


class Imap:
    def __init__(self, script):
        self.process = subprocess.Popen([sys.executable, os.path.join(ROOT, "tests/fake/imap-server"), "--port", "0",
                                         "--script", json.dumps(script)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def close(self):
        self.process.communicate()


@pytest.mark.parametrize("ways", [["AUTH=PLAIN", "AUTH=XOAUTH2", "SASL-IR"], ["AUTH=OAUTHBEARER"]])
def test_imap_signs_in_with_the_same_section(office, tmp_path, ways):
    users = {"bounces@example.org": "@" + str(tmp_path / "office" / "honoured")}
    imap = Imap({"capabilities": ["MOVE", "UIDPLUS"] + ways, "users": users})
    one = office(imap=imap.port)
    one.send()
    one.run("bounces")
    assert len(one.endpoint.requests) == 1  # one token for both: no preset that wants two
    one.endpoint.withdraw()
    one.run("bounces")  # refused, renewed on the same connection
    assert len(one.endpoint.requests) == 2
    one.endpoint.script["withhold"] = list(range(1, 100))
    one.endpoint.withdraw()
    assert "refused for 'bounces@example.org'" in one.run("bounces", status=DENIED)
    assert len(one.endpoint.requests) == 3
    imap.close()


def test_microsoft_wants_two_scopes(office, tmp_path):
    users = {"bounces@example.org": "@" + str(tmp_path / "office" / "honoured")}
    imap = Imap({"capabilities": ["MOVE", "UIDPLUS", "AUTH=XOAUTH2"], "users": users})
    more = "  preset: microsoft365\n  tenant: northmere.example.org\n"
    one = office({"rotate": "once"}, imap=imap.port, oauth2=REFRESH + more)
    one.send()
    one.run("bounces")
    one.run("bounces")
    assert [(form["scope"], form["refresh_token"]) for form in one.endpoint.requests] == [
        ("https://outlook.office.com/SMTP.Send offline_access", "refresh-0"),
        ("https://outlook.office.com/IMAP.AccessAsUser.All offline_access", "rotated-1")]
    one.configure(CREDENTIALS + more)
    one.send()
    one.run("bounces")
    assert [form["scope"] for form in one.endpoint.requests[2:]] == ["https://outlook.office365.com/.default"]
    imap.close()


def test_watch_signs_in_with_a_fresh_token_hours_later(office, tmp_path):
    """The connection is lost after more than an hour, and the first token has ended by then."""
    users = {"bounces@example.org": "@" + str(tmp_path / "office" / "honoured")}
    imap = Imap({"capabilities": ["IDLE", "MOVE", "UIDPLUS", "AUTH=XOAUTH2"], "users": users,
                 "faults": [{"stage": "idle", "nth": 40, "do": "drop"}]})  # two minutes each
    one = office(imap=imap.port)
    one.env["CIRCULAR_TEST"] = "clock=2026-01-05T09:00:00Z,nodelay"
    watcher = one.start("bounces", "--watch")
    end = time.time() + 60
    while len(one.endpoint.requests) < 2 and time.time() < end:
        time.sleep(0.05)
    watcher.terminate()
    out, err = watcher.communicate(timeout=30)
    assert watcher.returncode == 0, (out, err)
    assert len(one.endpoint.requests) == 2 and err.count("again in") == 1
    imap.close()


# --- real servers ------------------------------------------------------------------------------

REAL = """
from: "The Director <director@example.org>"
transport: relay
relay: {{host: localhost, port: {submission}, ca_file: {ca}, preset: relay, user: director@example.org, auth: {auth}}}
bounce: {{address: bounces@example.org}}
imap: {{host: localhost, port: {imaps}, ca_file: {ca}, user: bounces@example.org, auth: {auth}}}
oauth2: {{token_url: "{url}", client_id: client, refresh_token_env: FIRST, ca_file: {own}}}
lists: {{one: {{file: one.csv}}}}
audiences: {{heads: {{list: one, key: k, email: e}}}}
"""


class TokenHost(mailhost.MailHost):
    """A Postfix and a Dovecot that take tokens: the one that stands for its static password."""

    def write(self, name, template):
        super().write(name, template.replace("= plain login\n", "= plain login xoauth2 oauthbearer\n"))


@pytest.fixture(scope="module")
def token_host():
    reason = mailhost.why_not()
    if reason:
        pytest.skip(reason)
    one = TokenHost(tempfile.mkdtemp(prefix="circular-", dir="/tmp"))
    one.start()
    yield one
    one.stop()


@pytest.mark.parametrize("auth", ["auto", "xoauth2", "oauthbearer"])
def test_postfix_and_dovecot(workspace, token_host, certs, auth):
    server = token_server.TokenServer({"token": mailhost.PASSWORD}, certs)
    workspace.write("config", REAL.format(submission=token_host.submission, imaps=token_host.imaps, ca=token_host.ca,
                                          auth=auth, url=server.url, own=os.path.join(certs, "ca.pem")))
    workspace.write("one.csv", "k,e\n" + "".join("%d,%s%d@northmere.example\n" % (n, auth, n) for n in range(3)))
    workspace.write("update.md", "---\nsubject: Term dates %s\n---\n\nTerm begins.\n" % auth)
    workspace.run("send", "update.md", "heads", "--yes", env=SECRETS)
    token_host.await_empty_queue()
    workspace.run("bounces", env=SECRETS)
    with open(token_host.path("log/postfix.log"), encoding="utf-8") as log:
        used = [line for line in log if "sasl_method=" + ("OAUTHBEARER" if auth == "auto" else auth.upper()) in line]
    assert used and len(server.requests) == 1
    server.script["token"] = "wrong"
    os.remove(workspace.path("ledger.db.oauth2"))
    said = workspace.run("bounces", env=SECRETS, status=DENIED).err
    assert "refused for 'bounces@example.org'" in said and "wrong" not in said.replace("wrong user", "")
    assert len(server.requests) == 3  # the one that was missing, and one instead of that which was refused
    server.close()
