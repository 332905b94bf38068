"""The real thing: a real letter to the real schools of a city, through Postfix into mailboxes and back over IMAP."""
import csv
import email
import email.policy
import html
import imaplib
import json
import ssl

import mailhost
import strict
from conftest import shared

CONFIG = """
office:
  name: Northmere City Council
  address: Council House, Northmere NM1 1AA
from: "The Director of Schools <director@example.org>"
transport: relay
relay:
  host: localhost
  port: {port}
  tls: {tls}
  ca_file: {ca}
  user: director@example.org
  password_env: RELAY_PASSWORD
  connections: 4
lists:
  schools:
    file: schools.csv
    join:
      file: emails.csv
      on: dcfs_no
audiences:
  heads:
    list: schools
    key: dcfs_no
    email: email
    name: "{{{{school_name}}}}"
    fields:
      head_name: "Head of {{{{school_name}}}}"
"""

SECRET = {"RELAY_PASSWORD": mailhost.PASSWORD}


def set_up(workspace, host, tls="starttls"):
    """A workspace with the register and made-up addresses; gives the rows by address."""
    port = host.submission if tls == "starttls" else host.smtps
    workspace.write("config", CONFIG.format(port=port, ca=host.ca, tls=tls))
    with open(shared("gias", "birmingham_schools_opendata.csv"), "rb") as file:
        register = file.read()
    workspace.write("schools.csv", register)
    rows = list(csv.DictReader(register.decode("utf-8-sig").splitlines()))
    by_address = {"head.%s@example.org" % row["dcfs_no"]: row for row in rows}
    lines = ["dcfs_no,email"] + ["%s,%s" % (row["dcfs_no"], address) for address, row in by_address.items()]
    workspace.write("emails.csv", "\n".join(lines) + "\n")
    return by_address


def mailbox(host, address):
    """The raw messages in a mailbox, fetched over IMAP with TLS."""
    context = ssl.create_default_context(cafile=host.ca)
    with imaplib.IMAP4_SSL("localhost", host.imaps, ssl_context=context) as imap:
        imap.login(address, mailhost.PASSWORD)
        imap.select("INBOX", readonly=True)
        _, found = imap.search(None, "ALL")
        return [imap.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in found[0].split()]


def body(message, kind):
    return message.get_body((kind,)).get_content()


def test_every_school_gets_its_own_letter(workspace, host):
    by_address = set_up(workspace, host)
    with open(shared("real", "termly-update-2024-12-19.md"), "rb") as file:
        workspace.write("updates/letter.md", file.read())
    plan = json.loads(workspace.run("plan", "updates/letter.md", "heads", "--json").out)
    assert plan["letters"] == len(by_address) == 447
    workspace.run("send", plan["id"], "--yes", env=SECRET)
    host.await_empty_queue()
    counts = json.loads(workspace.run("status", "--json", plan["id"]).out)["counts"]
    assert counts["sent"] == 447 and sum(counts.values()) == 447

    names = {row["school_name"] for row in by_address.values()}
    for address, row in by_address.items():
        messages = mailbox(host, address)
        assert len(messages) == 1, (address, len(messages))
        assert strict.defects(messages[0]) == []
        message = email.message_from_bytes(messages[0], policy=email.policy.default)
        assert message["To"].addresses[0].addr_spec == address
        assert message["To"].addresses[0].display_name == row["school_name"]
        assert message["Delivered-To"] == address
        mine = row["school_name"]
        for kind in ("plain", "html"):
            # A value's apostrophe is set as in print.
            text = " ".join(html.unescape(body(message, kind)).split()).replace("’", "'")
            assert "Head of " + mine in text
            # No other school stands in it, but for one whose name is a part of this one's.
            assert [name for name in names if "Head of " + name in text and name not in mine] == []


def test_a_second_send_sends_nothing(workspace, host):
    set_up(workspace, host)
    workspace.write("updates/short.md", "---\nsubject: Second\n---\n\nDear {{head_name}}\n")
    one = "head.2020@example.org"
    before = len(mailbox(host, one))
    plan = json.loads(workspace.run("plan", "updates/short.md", "heads", "--json").out)
    for _ in range(2):
        workspace.run("send", plan["id"], "--yes", env=SECRET)
    host.await_empty_queue()
    assert len(mailbox(host, one)) == before + 1
    again = workspace.run("send", "updates/short.md", "heads", "--yes", env=SECRET, status=64)
    assert "--again" in again.err


def test_implicit_tls(workspace, host):
    set_up(workspace, host, tls="tls")
    workspace.write("updates/tls.md", "---\nsubject: Implicit TLS\n---\n\nHello\n")
    workspace.run("send", "updates/tls.md", "heads", "--yes", "--limit", "3", env=SECRET)


def test_wrong_password_stops_at_once(workspace, host):
    set_up(workspace, host)
    workspace.write("updates/x.md", "---\nsubject: Wrong\n---\n\nHello\n")
    done = workspace.run("send", "updates/x.md", "heads", "--yes", env={"RELAY_PASSWORD": "hunter2-is-wrong"}, status=77)
    assert "hunter2" not in done.err + done.out
    status = json.loads(workspace.run("status", "--json").out)[0]
    assert status["counts"]["planned"] == 447


def test_a_refused_recipient_does_not_stop_the_others(workspace, host):
    set_up(workspace, host)
    emails = workspace.read("emails.csv").decode().replace("head.2010@", "missing.2010@").replace("head.2011@", "greylisted@")
    workspace.write("emails.csv", emails)
    workspace.write("updates/x.md", "---\nsubject: Refused\n---\n\nHello\n")
    done = workspace.run("send", "updates/x.md", "heads", "--yes", "--no-wait", env=SECRET, status=75)
    status = json.loads(workspace.run("status", "--json", "--recipients", "x-").out)
    by_state = {}
    for one in status["recipients"]:
        by_state.setdefault(one["state"], []).append(one)
    assert [one["key"] for one in by_state["refused"]] == ["2010"]
    assert by_state["refused"][0]["enhanced"] == "5.1.1" and by_state["refused"][0]["code"] == 554
    assert [one["key"] for one in by_state["deferred"]] == ["2011"]
    assert len(by_state["sent"]) == 445
    assert "2010" in done.err
