"""A terminal of a given width, and what a program writes to it."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unicodedata

STYLE = re.compile(r"\x1b\[[0-9;]*m")


def columns_of(text):
    """The columns that a line takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Terminal:
    """Runs one program on a terminal; what it wrote is `text`, its exit status `status`."""

    def __init__(self, args, cwd, columns, term="xterm", typed="", env=None, on_output=None):
        self.master, slave = pty.openpty()
        self.resize(columns)
        hidden = {"NO_COLOR", "COLUMNS"}
        kept = {name: value for name, value in os.environ.items() if name not in hidden}
        self.process = process = subprocess.Popen(args, cwd=cwd, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                                   env={**kept, "TERM": term, **(env or {})})
        os.close(slave)
        os.write(self.master, typed.encode())
        written = b""
        while True:
            try:
                some = os.read(self.master, 65536)
            except OSError: # the program has closed its end
                break
            if not some:
                break
            written += some
            if on_output:
                on_output(self)
        self.status = process.wait()
        os.close(self.master)
        self.text = written.decode().replace("\r\n", "\n")

    def resize(self, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

    def draws(self):
        """Each drawing of the progress line."""
        pieces = [STYLE.sub("", one).split("\n")[0] for one in self.text.split("\r\x1b[K")[1:]]
        return [one for one in pieces if re.search(r"\d of \d", one)]

    def lines(self):
        """What stays, without colours and the progress line."""
        return STYLE.sub("", re.sub("\r\x1b\\[K[^\r\n]*(?=\r)|\r\x1b\\[K", "", self.text)).split("\n")
