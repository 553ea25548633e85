"""One message to a chat's hook over real sockets: taken, refused, late, or never."""

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from supportdesk.adapters.chat_post import post
from supportdesk.domain.errors import CertificateRejected, ConnectionLost, PeerProtocolError
from supportdesk.domain.words_page import Passage, Section, WordsPage
from supportdesk.services.chat_message import ChatMessage, chat_message
from tests.fakes.chat_server import ChatServer
from tests.fakes.web_server import says
from tests.hostile_words import HOSTILE
from tests.lab.certificates import LabAuthority

PAGE = WordsPage(
    title="The week in their words",
    subtitle="Mon 16 – Sun 22 Nov",
    sections=(
        Section(
            title="In their words",
            passages=tuple(Passage(words=words) for words in HOSTILE),
            are_quotes=True,
        ),
    ),
)
PATIENT = 60.0
SHORT = 1.0


@pytest.fixture
def chat() -> Iterator[ChatServer]:
    server = ChatServer()
    yield server
    server.close()


def message(chat: ChatServer) -> ChatMessage:
    return chat_message(chat.url, PAGE)


def test_what_was_shown_is_what_arrives_once(chat: ChatServer) -> None:
    sent = message(chat)
    post(sent, seconds=PATIENT)
    assert chat.bodies == [sent.body]
    first, *fields = chat.heads[0].splitlines()
    assert first == "POST /hooks/secret?thread=1 HTTP/1.1"
    assert "Content-Type: application/json; charset=utf-8" in fields
    told = {field.split(":")[0].lower() for field in fields}
    assert not told & {"cookie", "referer", "authorization", "origin"}


@pytest.mark.parametrize("status", ["201 Created", "204 No Content"])
def test_any_yes_is_a_yes(chat: ChatServer, status: str) -> None:
    chat.answer = says(status)
    post(message(chat), seconds=PATIENT)


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ("404 Not Found", "make a new one"),
        ("500 Oh", "Try it again later"),
        ("302 Found", "sent nowhere else"),
    ],
)
def test_a_refusal_names_the_chat_its_words_and_what_to_do(
    chat: ChatServer, status: str, advice: str
) -> None:
    elsewhere = ChatServer()
    chat.answer = says(status, f"Location: {elsewhere.url}", body=b"no_service\x1b")
    with pytest.raises(PeerProtocolError) as refused:
        post(message(chat), seconds=PATIENT)
    assert refused.value.title == f"127.0.0.1 did not take the page ({status.split()[0]})"
    assert advice in refused.value.advice
    assert "It says: no_service" in refused.value.advice
    assert elsewhere.heads == []
    elsewhere.close()


def test_a_chat_that_does_not_answer_may_have_it_all_the_same(chat: ChatServer) -> None:
    never = threading.Event()

    def say_nothing(_peer: socket.socket) -> None:
        never.wait(PATIENT)

    chat.answer = say_nothing
    with pytest.raises(ConnectionLost) as lost:
        post(message(chat), seconds=SHORT)
    never.set()
    assert "look there before you send it again" in lost.value.advice


def test_an_answer_letter_by_letter_ends_at_the_deadline_too(chat: ChatServer) -> None:
    is_over = threading.Event()

    def drip(peer: socket.socket) -> None:
        while not is_over.wait(SHORT / 10):
            peer.sendall(b"H")

    chat.answer = drip
    with pytest.raises(ConnectionLost):
        post(message(chat), seconds=SHORT)
    is_over.set()


def test_an_answer_that_is_none(chat: ChatServer) -> None:
    chat.answer = lambda peer: peer.sendall(b"220 this is SMTP\r\n")
    with pytest.raises(ConnectionLost) as lost:
        post(message(chat), seconds=PATIENT)
    assert "may be in the chat" in lost.value.advice


def test_nobody_there() -> None:
    chat = ChatServer()
    sent = message(chat)
    chat.close()
    with pytest.raises(ConnectionLost) as lost:
        post(sent, seconds=PATIENT)
    assert lost.value.title == "127.0.0.1 cannot be reached"
    assert "Nothing was sent." in lost.value.advice


def test_a_name_that_nobody_knows() -> None:
    with pytest.raises(ConnectionLost) as lost:
        post(chat_message("https://no-chat.invalid/hook", PAGE), seconds=PATIENT)
    assert lost.value.title == "no-chat.invalid cannot be reached"


def test_a_certificate_is_verified(tmp_path: Path) -> None:
    authority = LabAuthority(tmp_path)
    files = authority.issue("chat")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    chat = ChatServer(context)
    with pytest.raises(CertificateRejected) as rejected:
        post(message(chat), seconds=PATIENT)
    assert "Nothing was sent." in rejected.value.advice
    assert chat.bodies == []
    trusted = ssl.create_default_context(cafile=str(authority.ca_file))
    post(message(chat), seconds=PATIENT, tls=lambda: trusted)
    assert chat.bodies == [message(chat).body]
    chat.close()
