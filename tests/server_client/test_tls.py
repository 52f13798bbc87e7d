"""Certificates: whose are trusted, and ours."""

import asyncio
import ssl
from pathlib import Path

import pytest
import trustme

from server_client import (
    Access,
    AccessError,
    ConnectionLostError,
    TimedOutError,
    Timeouts,
    TlsError,
    TrackingClient,
    UnreachableError,
)
from tests.server_client.loopback import QUICK, Heard, reply, reset, serving


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def ours(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "me.pem"
    authority.issue_cert("me@client.example").private_key_and_cert_chain_pem.write_to_path(str(path))
    return str(path)


def context(authority: trustme.CA, name: str = "127.0.0.1", *, client: bool = False) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(made)
    if client:
        authority.configure_trust(made)
        made.verify_mode = ssl.CERT_REQUIRED
    return made


async def answer(_: Heard, writer: asyncio.StreamWriter) -> None:
    reply(writer, {"experiment": {"experiment_id": "1", "name": "one"}})


async def name(uri: str, access: Access) -> str:
    async with TrackingClient(uri, access, timeouts=QUICK) as client:
        return (await client.experiments.get("1")).name


async def test_a_private_authority_is_trusted_when_it_is_named(authority: trustme.CA, trusted: str) -> None:
    async with serving(answer, context(authority)) as server:
        assert await name(server.uri, Access(verify=trusted)) == "one"


async def test_any_certificate_is_trusted_when_that_is_said(authority: trustme.CA) -> None:
    async with serving(answer, context(authority, "other.example")) as server:
        assert await name(server.uri, Access(verify=False)) == "one"


async def test_a_certificate_of_nobody_known_is_told(authority: trustme.CA) -> None:
    async with serving(answer, context(authority)) as server:
        with pytest.raises(TlsError, match="not trusted") as error:
            await name(server.uri, Access())
    assert error.value.certificate


async def test_a_certificate_of_another_name_is_told(authority: trustme.CA, trusted: str) -> None:
    async with serving(answer, context(authority, "other.example")) as server:
        with pytest.raises(TlsError, match=r"127\.0\.0\.1") as error:
            await name(server.uri, Access(verify=trusted))
    assert error.value.certificate


async def test_no_tls_where_it_is_expected_is_told() -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server:
        with pytest.raises(TlsError) as error:
            await name(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", Access(verify=False))
    assert not error.value.certificate


async def test_a_handshake_that_never_ends_is_a_timeout() -> None:
    async with serving(answer) as server:
        client = TrackingClient(
            server.uri.replace("http", "https"), timeouts=Timeouts(connect=0.1, read=0.1, first_pause=0.001)
        )
        async with client:
            with pytest.raises(TimedOutError):
                await client.experiments.get("1")


@pytest.mark.parametrize("farewell", [True, False])
async def test_a_connection_that_breaks_later_is_no_trouble_of_tls(
    farewell: bool, authority: trustme.CA, trusted: str
) -> None:
    async def breaks(_: Heard, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
        await writer.drain()
        if farewell:
            writer.close()
        else:
            reset(writer)

    async with serving(breaks, context(authority)) as server:
        with pytest.raises(ConnectionLostError):
            await name(server.uri, Access(verify=trusted))


async def test_our_certificate_is_shown_when_it_is_asked_for(authority: trustme.CA, trusted: str, ours: str) -> None:
    async with serving(answer, context(authority, client=True)) as server:
        assert await name(server.uri, Access(verify=trusted, client_cert=ours)) == "one"
        with pytest.raises(UnreachableError):  # TLS 1.3 tells after the handshake, and the server may not wait
            await name(server.uri, Access(verify=trusted))


async def test_a_redirect_to_https_is_checked_against_the_same_certificates(
    authority: trustme.CA, trusted: str
) -> None:
    async with serving(answer, context(authority)) as secure:

        async def upgrade(_: Heard, writer: asyncio.StreamWriter) -> None:
            reply(writer, b"", "301 Moved", location=f"{secure.uri}/there")

        async with serving(upgrade) as server:
            assert await name(server.uri, Access(verify=trusted)) == "one"
            with pytest.raises(TlsError):
                await name(server.uri, Access())


@pytest.mark.parametrize("part", ["verify", "client_cert"])
@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_a_file_that_holds_no_certificate_is_told_by_its_name(
    part: str, content: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "file.pem"
    if content is not None:
        path.write_text(content)
    access = Access(verify=str(path)) if part == "verify" else Access(client_cert=str(path))
    with pytest.raises(AccessError, match=r"file\.pem"):
        await name("https://127.0.0.1:1", access)
