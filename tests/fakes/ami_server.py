"""A TCP server on loopback that greets like AMI, or like something else, and answers a script."""

from PySide6.QtCore import QObject
from PySide6.QtNetwork import (
    QHostAddress,
    QSsl,
    QSslCertificate,
    QSslConfiguration,
    QSslKey,
    QSslServer,
    QTcpServer,
    QTcpSocket,
)

from tests.fakes.ami_script import BANNER, AmiScript, fields_of
from tests.lab.certificates import ServerCertificate
from tests.lab.waiting import free_port


class FakeAmi(QObject):
    """Serves every client the same; lives on the thread of the test.

    Attributes:
        greeting: Sent to each new client.
        connections: Clients so far.
        actions: What clients asked, in order.
    """

    def __init__(
        self,
        script: AmiScript | None = None,
        *,
        greeting: bytes = BANNER,
        certificate: ServerCertificate | None = None,
    ) -> None:
        super().__init__()
        self.script = script or AmiScript()
        self.greeting = greeting
        self.connections = 0
        self.actions: list[dict[str, str]] = []
        self._clients: list[QTcpSocket] = []
        self._buffers: dict[QTcpSocket, bytes] = {}
        self._server = QTcpServer(self) if certificate is None else _tls_server(certificate, self)
        self._server.pendingConnectionAvailable.connect(self._welcome)
        # Not one of the kernel's choice: another program may get that while the door is closed.
        self.port = free_port()
        self.listen(self.port)

    def listen(self, port: int) -> None:
        assert self._server.listen(QHostAddress.SpecialAddress.LocalHost, port)

    def refuse(self) -> None:
        """Close the door; `listen(port)` opens it again."""
        self._server.close()

    def say(self, data: bytes) -> None:
        """Send to every client."""
        for client in self._clients:
            client.write(data)
            client.flush()

    def cut(self) -> None:
        for client in self._clients:
            client.abort()
        self._clients.clear()

    def close(self) -> None:
        self.refuse()
        self.cut()

    def _welcome(self) -> None:
        client = self._server.nextPendingConnection()
        self.connections += 1
        self._clients.append(client)
        self._buffers[client] = b""
        client.readyRead.connect(lambda: self._read(client))
        client.write(self.greeting)
        client.flush()
        self._read(client)

    def _read(self, client: QTcpSocket) -> None:
        *actions, rest = (self._buffers[client] + client.readAll().data()).split(b"\r\n\r\n")
        self._buffers[client] = rest
        for action in actions:
            asked = fields_of(action)
            self.actions.append(asked)
            for reply in self.script.replies(asked):
                client.write(reply)
        client.flush()


def _tls_server(certificate: ServerCertificate, parent: QObject) -> QTcpServer:
    server = QSslServer(parent)
    configuration = QSslConfiguration.defaultConfiguration()
    chain = QSslCertificate.fromData(certificate.certificate.read_bytes())
    configuration.setLocalCertificateChain(chain)
    key = QSslKey(certificate.key.read_bytes(), QSsl.KeyAlgorithm.Ec)
    configuration.setPrivateKey(key)
    server.setSslConfiguration(configuration)
    return server
