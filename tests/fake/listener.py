"""A port of this machine, and an end to it that is one."""
import socket
import threading


class Listener:
    """Gives each connection that comes to `port` to `taken`, one after another, until it is closed."""

    def __init__(self, taken, port=0, backlog=256):
        self.taken, self.socket = taken, socket.create_server(("127.0.0.1", port), backlog=backlog)
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            self.taken(client)

    def close(self):
        """The thread ends before its descriptor does: accept() that outlives it is begun again after any signal, on whatever
        socket has the number by then, and takes the next server's connections."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:  # closed before
            return
        self.thread.join()
        self.socket.close()
