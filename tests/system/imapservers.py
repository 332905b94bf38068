"""Real IMAP servers beside Dovecot, each below one folder and on a loopback port: Debian's courier-imap, cyrus-imapd and
mailutils-imap4d. Nothing of them is started by the system. CIRCULAR_IMAP_SERVERS names a folder where the packages have been
unpacked (dpkg -x) instead of installed; a server that isn't there, or can't run, says why_not().
"""
import base64
import imaplib
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time

from listener import Listener  # tests/fake, where conftest finds it
from mailhost import free_ports

ROOT = os.environ.get("CIRCULAR_IMAP_SERVERS", "/")
USER, PASSWORD = "bounces", "a server's word"


def below(*parts):
    return os.path.join(ROOT, *parts)


def environment(**more):
    """Libraries come from the folder, too, where the packages are unpacked."""
    lib = below("usr/lib/x86_64-linux-gnu")
    paths = [lib, below("usr/lib"), os.path.join(lib, "courier-authlib"), os.path.join(lib, "mailutils"), below("usr/lib/cyrus")]
    return {**os.environ, **({"LD_LIBRARY_PATH": ":".join(paths)} if ROOT != "/" else {}), **more}


def missing(*programs):
    """Which of the programs is not there or finds no library, or None."""
    for program in programs:
        if not os.path.exists(program):
            return program + " is not installed"
        told = subprocess.run(["ldd", program], env=environment(), capture_output=True, text=True).stdout
        lost = [line.split()[0] for line in told.splitlines() if "not found" in line]
        if lost:
            return "%s needs %s" % (program, ", ".join(lost))
    return None


class Server:
    """What the tests ask of one: folders are named without the prefix of the server's namespace."""

    prefix = ""
    keeps_marks = True  # what is marked as deleted is so for good, even if the connection breaks

    def client(self):
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(USER, PASSWORD)
        return client

    def deliver(self, number, text=None):
        text = text or b"From: a@example.com\r\nSubject: number %d\r\n\r\nHello.\r\n" % number
        client = self.client()
        assert client.append("INBOX", None, None, text)[0] == "OK"
        client.logout()

    def count(self, folder="INBOX"):
        """Messages that are not marked as deleted; 0 where there is no such folder."""
        client = self.client()
        name = folder if folder == "INBOX" else '"%s%s"' % (self.prefix, folder)
        try:
            if client.select(name, readonly=True)[0] != "OK":
                return 0
            return len(client.search(None, "UNDELETED")[1][0].split())
        finally:
            client.logout()

    def counts(self):
        return [self.count(name) for name in ("INBOX", "Processed", "Review")]


class HandedOver(Server):
    """A listener of ours takes the sign-in, and hands the connection to a server that runs as if started by inetd."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="circular-", dir="/tmp")
        self.running = set()
        self.listener = Listener(self.serve)
        self.port = self.listener.port

    def serve(self, connection):
        threading.Thread(target=self.greet, args=(connection,), daemon=True).start()

    def greet(self, connection):
        file = connection.makefile("rwb")

        def say(text):
            file.write(text.encode() + b"\r\n")
            file.flush()

        say("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready")
        while True:
            tag, _, rest = file.readline().decode().strip().partition(" ")
            word = rest.upper()
            if not tag:
                return
            if word.startswith("AUTHENTICATE PLAIN"):
                say("+ ")
                _, user, secret = base64.b64decode(file.readline()).decode().split("\0")
                if (user, secret) == (USER, PASSWORD):
                    return self.hand_over(connection, file, tag)
                say(tag + " NO sign-in refused")
            elif word.startswith("LOGIN"):
                return self.hand_over(connection, file, tag)
            elif word == "CAPABILITY":
                say("* CAPABILITY IMAP4rev1 AUTH=PLAIN")
                say(tag + " OK done")
            else:
                say(tag + " BAD sign in first")

    def hand_over(self, connection, file, tag):
        ours, theirs = socket.socketpair()
        server = subprocess.Popen(self.command(), stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, cwd=self.home,
                                  env=environment(**self.settings()))
        self.running.add(server)
        theirs.close()
        back = ours.makefile("rb")
        while b"PREAUTH" not in back.readline():
            pass
        file.write(tag.encode() + b" OK signed in\r\n")
        file.flush()

        def pump():
            try:
                for line in iter(back.readline, b""):
                    file.write(line)
                    file.flush()
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # one side or the other was killed, as it should be
                pass

        threading.Thread(target=pump, daemon=True).start()
        try:
            for line in iter(file.readline, b""):
                ours.sendall(line)
            ours.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        server.wait(timeout=30)
        self.running.discard(server)

    def drop(self):
        """Every connection ends in the middle."""
        for server in list(self.running):
            server.kill()

    def close(self):
        self.listener.close()
        self.drop()
        shutil.rmtree(self.home, ignore_errors=True)


class Courier(HandedOver):
    """Its own folders are below "INBOX."; no MOVE."""

    prefix = "INBOX."
    programs = below("usr/bin/imapd"), below("usr/bin/maildirmake.courier")

    @classmethod
    def why_not(cls):
        return missing(*cls.programs)

    def __init__(self):
        super().__init__()
        subprocess.run([self.programs[1], os.path.join(self.home, "Maildir")], env=environment(), check=True)

    def command(self):
        return [self.programs[0], os.path.join(self.home, "Maildir")]

    def settings(self):
        return {"HOME": self.home, "AUTHENTICATED": USER, "IMAP_USELOCKS": "0",
                "IMAP_CAPABILITY": "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE IDLE"}


class Gnu(HandedOver):
    """GNU imap4d: neither MOVE nor UIDPLUS, and UID SEARCH n:* finds nothing."""

    keeps_marks = False
    programs = (below("usr/sbin/imap4d"),)

    @classmethod
    def why_not(cls):
        return missing(*cls.programs)

    def __init__(self):
        super().__init__()
        os.makedirs(os.path.join(self.home, "folders"))
        for part in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(self.home, "inbox", part))
        with open(os.path.join(self.home, "conf"), "w") as out:
            out.write('namespace personal { prefix "" { directory "%s/folders"; delimiter "/"; mailbox-type maildir; }; };\n'
                      'mailbox { mailbox-pattern "maildir:%s/inbox"; };\nlogging { syslog no; };\n' % (self.home, self.home))

    def command(self):
        return [self.programs[0], "--config-file=" + os.path.join(self.home, "conf"), "--inetd", "--preauth"]

    def settings(self):
        return {}


CYRUS = """configdirectory: {d}/config
partition-default: {d}/spool
cyrus_user: {user}
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: {d}/mux
sasl_mech_list: PLAIN
allowplaintext: yes
autocreate_quota: 0
unixhierarchysep: yes
altnamespace: {alternative}
imapidlepoll: 1
servername: localhost
"""
CYRUS_SERVICES = """START {{
  recover cmd="{bin}ctl_cyrusdb -C {d}/imapd.conf -r"
}}
SERVICES {{
  imap cmd="{bin}imapd -C {d}/imapd.conf" listen="127.0.0.1:{port}" prefork=0
}}
EVENTS {{
}}
"""


class Cyrus(Server):
    """With its own folders below "INBOX/", or beside it (`alternative`, altnamespace); rights (RFC 4314)."""

    prefix, alternative = "INBOX/", "no"
    programs = below("usr/sbin/cyrmaster"), below("usr/lib/cyrus/bin/imapd")

    @classmethod
    def why_not(cls):
        return missing(*cls.programs) or (None if os.geteuid() == 0 else "Cyrus gives up root's rights, and needs them first")

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="circular-", dir="/tmp")
        os.chmod(self.home, 0o755)
        self.port, = free_ports(1)
        for part in ("config/db", "config/socket", "spool"):
            os.makedirs(os.path.join(self.home, part))
        values = dict(d=self.home, user="mail", alternative=self.alternative, port=self.port, bin=below("usr/lib/cyrus/bin/"))
        for name, text in (("imapd.conf", CYRUS), ("cyrus.conf", CYRUS_SERVICES)):
            with open(os.path.join(self.home, name), "w") as out:
                out.write(text.format(**values))
        self.passwords()
        mail = pwd.getpwnam("mail")
        for folder, _, files in os.walk(self.home):
            for one in [folder] + [os.path.join(folder, name) for name in files]:
                os.chown(one, mail.pw_uid, mail.pw_gid)
        self.master = subprocess.Popen(
            [self.programs[0], "-C", self.home + "/imapd.conf", "-M", self.home + "/cyrus.conf", "-p", self.home + "/pid", "-D"],
            env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.time() + 60
        while True:
            try:
                self.client().logout()
                return
            except (OSError, imaplib.IMAP4.error):
                assert self.master.poll() is None and time.time() < end, "Cyrus does not start"
                time.sleep(0.1)

    def passwords(self):
        """The socket of saslauthd(8): four counted strings, answered by one."""
        self.mux = socket.socket(socket.AF_UNIX)
        self.mux.bind(os.path.join(self.home, "mux"))
        os.chmod(os.path.join(self.home, "mux"), 0o777)
        self.mux.listen()

        def answer(connection):
            file = connection.makefile("rb")
            told = [file.read(struct.unpack(">H", file.read(2))[0]).decode() for _ in range(4)]
            word = b"OK" if told[:2] == [USER, PASSWORD] else b"NO"
            connection.sendall(struct.pack(">H", len(word)) + word)
            connection.close()

        def serve():
            while True:
                try:
                    answer(self.mux.accept()[0])
                except (OSError, struct.error):
                    if self.mux.fileno() < 0:
                        return
        threading.Thread(target=serve, daemon=True).start()

    def allow(self, folder, rights):
        client = self.client()
        assert client.setacl('"%s%s"' % (self.prefix, folder), USER, rights)[0] == "OK"
        client.logout()

    def drop(self):
        """Every connection ends in the middle: the master's children are the imapds."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/stat" % pid) as stat:
                    parent = int(stat.read().rpartition(")")[2].split()[1])
                if parent == self.master.pid:
                    os.kill(int(pid), signal.SIGKILL)
            except (OSError, ValueError):
                pass

    def close(self):
        self.master.terminate()
        self.master.wait(timeout=60)
        self.mux.close()
        shutil.rmtree(self.home, ignore_errors=True)


class CyrusBeside(Cyrus):
    prefix, alternative = "", "yes"
