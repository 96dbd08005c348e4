"""A port is ours from the moment it is reserved, also while nobody listens."""

import os
import socket

import pytest

from samovar.embedded.ports import LOOPBACK, PortTaken, ReservedPort, listener_of


def listen(port: int) -> socket.socket:
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((LOOPBACK, port))
    server.listen()
    return server


def test_a_reserved_port_is_refused_to_others_and_given_back() -> None:
    reserved = ReservedPort()
    with pytest.raises(PortTaken, match=str(reserved.number)):
        ReservedPort(reserved.number)
    reserved.release()
    ReservedPort(reserved.number).release()


def test_a_server_listens_on_a_port_that_was_lent() -> None:
    reserved = ReservedPort()
    reserved.lend()
    for _once_and_after_its_death in range(2):
        with listen(reserved.number), socket.create_connection((LOOPBACK, reserved.number)) as client:
            assert client.getpeername() == (LOOPBACK, reserved.number)
    reserved.release()


def test_a_port_that_somebody_listens_on_is_refused() -> None:
    with listen(0) as server, pytest.raises(PortTaken):
        ReservedPort(server.getsockname()[1])


def test_connections_of_a_server_that_is_gone_do_not_keep_its_port() -> None:
    with listen(0) as server:
        port = server.getsockname()[1]
        client = socket.create_connection((LOOPBACK, port))
        accepted, _ = server.accept()
        accepted.close()
        client.recv(1)
        client.close()
    again = ReservedPort(port)
    assert again.number == port
    again.release()


def test_who_listens_is_named() -> None:
    with listen(0) as server:
        assert listener_of(server.getsockname()[1]).endswith(f"(process {os.getpid()})")


def test_nobody_listens() -> None:
    reserved = ReservedPort()
    assert listener_of(reserved.number) == "another program"
    reserved.release()
