"""A real Exim or OpenSMTPD on a loopback port, without installing it.

Both have their folders and users built in. So Debian's packages are fetched and unpacked, and the server runs as in
a machine of its own: a file system laid over this one in a namespace that ends with it. Nothing is installed or
enabled, nothing outside the folder is written, nothing leaves the machine. Needs root, and a kernel that lays file
systems over one another; what is missing skips the test and says so.
"""
import glob
import os
import shutil
import socket
import subprocess
import time

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGES = {"exim": ["exim4-daemon-light", "exim4-base", "libidn12"], "opensmtpd": ["opensmtpd"]}
PROGRAMS = {"exim": "/usr/sbin/exim4", "opensmtpd": "/usr/sbin/smtpctl"}
WAIT = 60  # seconds; a limit for what hangs

INSIDE = """
set -e
mount -t tmpfs none {folder}/over
mkdir {folder}/over/up {folder}/over/work {folder}/over/root
mount -t overlay -o lowerdir=/,upperdir={folder}/over/up,workdir={folder}/over/work overlay {folder}/over/root
cd {folder}/over/root
[ ! -d {folder}/unpacked/usr ] || cp -a {folder}/unpacked/usr/. usr/
mount --rbind /proc proc
mount --rbind /dev dev
for user in opensmtpd opensmtpq Debian-exim; do
    id=$((${{id:-7770}} + 1))
    grep -q "^$user:" etc/passwd || echo "$user:x:$id:$id::/var/lib/opensmtpd/empty:/usr/sbin/nologin" >>etc/passwd
    grep -q "^$user:" etc/group || echo "$user:x:$id:" >>etc/group
done
mkdir -p mail var/lib/opensmtpd/empty var/spool/smtpd var/spool/exim4 var/log/exim4 etc/server
chmod 711 var/spool/smtpd
chroot . chown Debian-exim:Debian-exim /var/spool/exim4 /var/log/exim4
mount --bind {folder}/mail mail
cp {certs}/good.pem {certs}/good.key etc/server/
chroot . chown Debian-exim /etc/server/good.key
chmod 400 etc/server/good.key
mkdir -p etc/exim4
cp {folder}/conf etc/server/conf
cp {folder}/conf etc/exim4/exim4.conf
chmod 644 etc/server/conf etc/exim4/exim4.conf
printf '#!/bin/sh\\ncat >"/mail/${{RECIPIENT:-$LOCAL_PART@$DOMAIN}}"\\n' >usr/local/bin/store
chmod 755 usr/local/bin/store
exec chroot . {command}
"""

EXIM = """
primary_hostname = mx.example.org
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
pid_file_path = /var/spool/exim4/pid
keep_environment =
host_lookup =
rfc1413_hosts =
smtp_accept_max_per_connection = {per_session}
tls_advertise_hosts = *
tls_certificate = /etc/server/good.pem
tls_privatekey = /etc/server/good.key
acl_smtp_rcpt = rcpt
acl_smtp_mail = mail
never_users =
begin acl
mail:
{mail_acl}
  accept
rcpt:
  deny    local_parts = head17
          message = no such person here
  defer   local_parts = head23
          message = mailbox busy
  accept  domains = school0.example : school1.example : school2.example : school3.example : school4.example : school5.example
  deny    message = relay not permitted
begin routers
all:
  driver = accept
  transport = box
begin transports
box:
  driver = pipe
  command = /usr/local/bin/store
  user = nobody
  message_prefix =
  message_suffix =
begin retry
*  *  F,2h,15m
"""

# Without TLS: as Debian 12 builds it, with OpenSSL 3, it can't use its own key ("SSL routines::EVP lib").
OPENSMTPD = """
smtp limit max-mails {per_session}
table near {{ "school0.example", "school1.example", "school2.example", "school3.example", "school4.example", "school5.example" }}
table missing {{ "head17@school3.example" }}
table busy {{ "head23@school2.example" }}
filter gone phase rcpt-to match rcpt-to <missing> reject "550 5.1.1 no such person here"
filter later phase rcpt-to match rcpt-to <busy> reject "451 4.2.1 mailbox busy"
filter both chain {{ gone, later }}
listen on 127.0.0.1 port {port} hostname mx.example.org filter both
action box mda "/usr/local/bin/store" user nobody virtual {{ "@" = nobody }}
match from any for domain <near> action box
"""

SERVERS = {"exim": (EXIM, "/usr/sbin/exim4 -bdf -q1m"),
           "opensmtpd": (OPENSMTPD, "/usr/sbin/smtpd -d -f /etc/server/conf")}


def fetch(name, folder):
    """Unpacks the server below `folder`; a copy of the packages stays in the build folder."""
    if os.path.exists(PROGRAMS[name]):
        return
    kept = os.path.join(ROOT, os.environ.get("BUILD", "build"), "servers", name)
    os.makedirs(kept, exist_ok=True)
    if len(glob.glob(os.path.join(kept, "*.deb"))) < len(PACKAGES[name]):
        if not shutil.which("apt-get") or not shutil.which("dpkg"):
            pytest.skip(f"no {name}, and no apt-get to fetch it with")
        try:
            subprocess.run(["apt-get", "download", *PACKAGES[name]], cwd=kept, check=True, capture_output=True, timeout=WAIT)
        except (subprocess.SubprocessError, OSError):
            pytest.skip(f"no {name}, and it can't be fetched")
    for package in glob.glob(os.path.join(kept, "*.deb")):
        subprocess.run(["dpkg", "-x", package, os.path.join(folder, "unpacked")], check=True)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


class OtherHost:
    def __init__(self, name, folder, certs, per_session=1000, mail_acl=""):
        if os.geteuid() != 0 or not shutil.which("unshare"):
            pytest.skip(f"{name} needs root and unshare(1)")
        self.folder, self.port, self.name = str(folder), free_port(), name
        self.ca = os.path.join(str(certs), "ca.pem")
        for part in ("over", "mail"):
            os.makedirs(os.path.join(self.folder, part))
        os.chmod(os.path.join(self.folder, "mail"), 0o777)
        fetch(name, self.folder)
        conf, command = SERVERS[name]
        with open(os.path.join(self.folder, "conf"), "w", encoding="utf-8") as out:
            out.write(conf.format(port=self.port, per_session=per_session, mail_acl=mail_acl))
        script = INSIDE.format(folder=self.folder, certs=certs, command=command)
        self.log = open(os.path.join(self.folder, "log"), "w+b")
        self.process = subprocess.Popen(["unshare", "-m", "-p", "-f", "--kill-child", "--mount-proc", "sh", "-c", script],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)
        self.wait_until(self.answers)

    def said(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def answers(self):
        if self.process.poll() is not None:
            if "mount" in self.said():
                pytest.skip(f"{self.name}: {self.said().strip()[-200:]}")
            raise AssertionError(self.said())
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as one:
                return one.recv(3) == b"220"
        except OSError:
            return False

    def wait_until(self, condition):
        end = time.time() + WAIT
        while not condition():
            assert time.time() < end, self.said()
            time.sleep(0.02)

    def letters(self):
        """recipient -> the message as it lies in the mailbox, without what servers put before it."""
        found = {}
        for name in os.listdir(os.path.join(self.folder, "mail")):
            with open(os.path.join(self.folder, "mail", name), "rb") as file:
                found[name] = without_trace(file.read())
        return found

    def close(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


TRACE = (b"return-path:", b"delivered-to:", b"received:", b"envelope-to:", b"delivery-date:")


def without_trace(message):
    lines, number = message.replace(b"\r\n", b"\n").split(b"\n"), 0
    while lines[number].lower().startswith(TRACE):
        number += 1
        while lines[number][:1] in (b" ", b"\t"):
            number += 1
    return b"\n".join(lines[number:])
