"""A real SFTP server, paramiko's, over one folder; its user is ann with the password pw."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import paramiko


class _Door(paramiko.ServerInterface):  # type: ignore[misc] # paramiko has no types
    def check_auth_password(self, username: str, password: str) -> Any:
        known = (username, password) == ("ann", "pw")
        return paramiko.AUTH_SUCCESSFUL if known else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> Any:
        return paramiko.OPEN_SUCCEEDED

    def get_allowed_auths(self, username: str) -> str:
        return "password"


class _Folder(paramiko.SFTPServerInterface):  # type: ignore[misc]
    def __init__(self, server: Any, root: Path) -> None:
        self._root = root

    def list_folder(self, path: str) -> Any:
        try:
            with os.scandir(self._at(path)) as entries:
                return [
                    paramiko.SFTPAttributes.from_stat(each.stat(follow_symlinks=False), each.name) for each in entries
                ]
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    def stat(self, path: str) -> Any:
        return self._told(path, follow=True)

    def lstat(self, path: str) -> Any:
        return self._told(path, follow=False)

    def open(self, path: str, flags: int, attr: Any) -> Any:
        try:
            handle = paramiko.SFTPHandle(flags)
            handle.readfile = self._at(path).open("rb")
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        return handle

    def _told(self, path: str, *, follow: bool) -> Any:
        try:
            return paramiko.SFTPAttributes.from_stat(self._at(path).stat(follow_symlinks=follow))
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    def _at(self, path: str) -> Path:
        return self._root / str(self.canonicalize(path)).lstrip("/")


@contextmanager
def sftp_server(root: Path) -> Iterator[tuple[int, str]]:
    """The server's port, and its line for ``known_hosts``."""
    key = paramiko.ECDSAKey.generate()
    transports: list[Any] = []
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]

        def serve() -> None:
            with suppress(OSError):
                while True:
                    transport = paramiko.Transport(listening.accept()[0])
                    transports.append(transport)
                    transport.add_server_key(key)
                    transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Folder, root)
                    transport.start_server(server=_Door())

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield port, f"[127.0.0.1]:{port} {key.get_name()} {key.get_base64()}\n"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
        for each in transports:
            each.close()
