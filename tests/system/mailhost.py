"""A real Postfix and Dovecot below one folder, on loopback and high ports, for one test session.

Submission (STARTTLS and sign-in required) takes mail for every address of example.org and the other
DOMAINS and hands it to Dovecot, which keeps a Maildir per address and serves it over IMAP with TLS. Nothing
outside the folder is written and nothing leaves the machine. Postfix needs root.
"""
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time

DOMAINS = "example.org example.com northmere.example"
PASSWORD = "correct-horse"

DOVECOT = """
base_dir = {d}/dovecot/run
state_dir = {d}/dovecot/state
log_path = {d}/log/dovecot.log
instance_name = circular-{base}
listen = 127.0.0.1
protocols = imap lmtp
ssl = yes
ssl_cert = <{d}/tls/cert.pem
ssl_key = <{d}/tls/key.pem
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:~/Maildir
recipient_delimiter = +
postmaster_address = postmaster@example.org
hostname = mx.example.org
# Nothing may throttle the tests: no delay after a wrong password, no limit by address.
auth_failure_delay = 0
mail_max_userip_connections = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={d}/mail/%d/%n allow_all_users=yes
}}
service imap-login {{
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service imap {{
  service_count = 1000
}}
service lmtp {{
  unix_listener {d}/spool/private/dovecot-lmtp {{
    mode = 0600
    user = postfix
    group = postfix
  }}
}}
service auth {{
  unix_listener {d}/spool/private/auth {{
    mode = 0600
    user = postfix
    group = postfix
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
namespace inbox {{
  inbox = yes
}}
"""

MAIN_CF = """
compatibility_level = 3.6
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
queue_directory = {d}/spool
data_directory = {d}/postfix-lib
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = {d}/log/postfix.log
maillog_file_prefixes = {d}
import_environment = MAIL_CONFIG TZ LANG
myhostname = mx.example.org
mydestination =
local_transport = error:5.1.1 no local delivery
alias_maps =
alias_database =
local_recipient_maps =
mynetworks = 127.0.0.0/8
relay_domains =
recipient_delimiter = +
disable_dns_lookups = yes
smtpd_peername_lookup = no
default_transport = error:5.4.4 mail never leaves this machine
virtual_mailbox_domains = {domains}
virtual_mailbox_maps = regexp:{d}/etc/vmailbox
virtual_transport = lmtp:unix:private/dovecot-lmtp
lmtp_destination_recipient_limit = 1
message_size_limit = 1048576
smtpd_error_sleep_time = 0
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_tls_security_level = may
smtpd_tls_cert_file = {d}/tls/cert.pem
smtpd_tls_key_file = {d}/tls/key.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_recipient_restrictions = check_recipient_access regexp:{d}/etc/rcpt, permit_sasl_authenticated, reject
"""

MASTER_CF = """
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_tls_auth_only=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{smtps} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - 8 lmtp
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

# head.missing@ is refused at RCPT, greylisted@ is told to wait; everybody else has a mailbox.
VMAILBOX = "/^missing[^@]*@/ :\n/@/ x\n"
RCPT = "/^missing/ REJECT 5.1.1 no such user\n/^greylisted/ 450 4.7.1 try again later\n"


def why_not():
    """Why the servers can't be started here, or None."""
    if os.geteuid() != 0:
        return "Postfix needs root"
    for program in ("/usr/lib/postfix/sbin/master", "/usr/sbin/dovecot", "/usr/lib/dovecot/lmtp"):
        if not os.path.exists(program):
            return program + " is not installed"
    return None


def make_certificates(folder, name="localhost", days="36500", prefix=""):
    """A CA in ca.pem and a certificate for `name` and 127.0.0.1 in cert.pem, key.pem; good at any date a test runs at."""
    os.makedirs(folder, exist_ok=True)

    def openssl(*args):
        subprocess.run(("openssl",) + args, cwd=folder, check=True, capture_output=True)

    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl("req", "-x509", *curve, "-days", "36500", "-subj", "/CN=test CA", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", *curve, "-subj", "/CN=" + name, "-keyout", prefix + "key.pem", "-out", "req.pem")
    with open(os.path.join(folder, "ext"), "w") as ext:
        ext.write(f"subjectAltName=DNS:{name},IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
    openssl("x509", "-req", "-in", "req.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", days, "-extfile", "ext", "-out", prefix + "cert.pem")


def free_ports(count):
    """Ports nobody listens on just now."""
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


class MailHost:
    def __init__(self, folder):
        self.folder = str(folder)
        self.submission, self.smtps, self.imap, self.imaps = free_ports(4)
        self.ca = os.path.join(self.folder, "tls", "ca.pem")
        self.pids = []

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, template):
        values = dict(d=self.folder, base=self.imap, imap=self.imap, imaps=self.imaps, password=PASSWORD,
                      submission=self.submission, smtps=self.smtps, domains=DOMAINS)
        with open(self.path(name), "w") as out:
            out.write(template.format(**values))

    def start(self):
        for name in ("etc", "spool", "postfix-lib", "log", "mail", "dovecot/run", "dovecot/state"):
            os.makedirs(self.path(name))
        postfix = pwd.getpwnam("postfix")
        mail = pwd.getpwnam("mail")
        os.chmod(self.folder, 0o755)
        os.chown(self.path("postfix-lib"), postfix.pw_uid, postfix.pw_gid)
        os.chmod(self.path("postfix-lib"), 0o700)
        os.chown(self.path("mail"), mail.pw_uid, mail.pw_gid)
        make_certificates(self.path("tls"))
        self.write("dovecot/dovecot.conf", DOVECOT)
        self.write("etc/main.cf", MAIN_CF)
        self.write("etc/master.cf", MASTER_CF)
        for name, text in (("vmailbox", VMAILBOX), ("rcpt", RCPT)):
            with open(self.path("etc", name), "w") as out:
                out.write(text)
        self.make_queues(postfix)
        self.start_dovecot()
        self.start_postfix()

    def make_queues(self, postfix):
        import grp
        drop = grp.getgrnam("postdrop").gr_gid
        os.makedirs(self.path("spool/pid"))
        for queue in "active bounce corrupt defer deferred flush hold incoming private saved trace".split():
            os.makedirs(self.path("spool", queue))
            os.chown(self.path("spool", queue), postfix.pw_uid, 0)
            os.chmod(self.path("spool", queue), 0o700)
        for queue, mode in (("maildrop", 0o730), ("public", 0o710)):
            os.makedirs(self.path("spool", queue))
            os.chown(self.path("spool", queue), postfix.pw_uid, drop)
            os.chmod(self.path("spool", queue), mode)
        # Postfix re-reads a file again and again while it is younger than two seconds.
        old = time.time() - 60
        for name in os.listdir(self.path("etc")):
            os.utime(self.path("etc", name), (old, old))

    def start_dovecot(self):
        with open(self.path("log/start.err"), "a") as err:
            subprocess.run(["/usr/sbin/dovecot", "-c", self.path("dovecot/dovecot.conf")], check=True,
                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=err)
        self.await_port(self.imap)

    def start_postfix(self):
        with open(self.path("log/start.err"), "a") as err:
            self.master = subprocess.Popen(["/usr/lib/postfix/sbin/master", "-c", self.path("etc")],
                                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=err)
        self.await_port(self.submission)

    def await_port(self, port):
        for _ in range(250):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        log = open(self.path("log/start.err")).read()
        raise RuntimeError(f"nothing listens on port {port}: {log}")

    def stop_postfix(self):
        self.master.send_signal(signal.SIGTERM)
        self.master.wait(10)

    def stop(self):
        self.stop_postfix()
        subprocess.run(["/usr/sbin/dovecot", "-c", self.path("dovecot/dovecot.conf"), "stop"], check=False,
                       capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def queue_is_empty(self):
        for queue in ("incoming", "active", "deferred", "maildrop"):
            for _, _, files in os.walk(self.path("spool", queue)):
                if files:
                    return False
        return True

    def await_empty_queue(self, seconds=60):
        end = time.time() + seconds
        while time.time() < end:
            if self.queue_is_empty():
                return
            time.sleep(0.05)
        raise RuntimeError("Postfix did not deliver all: " + open(self.path("log/postfix.log")).read()[-2000:])
