"""A private certificate authority, what it issued, and what nobody should trust."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import trustme


class Certificates:
    """Files and contexts for a TLS endpoint on this machine, and for its clients."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._authority = trustme.CA(organization_name="mltrack tests")
        self.ca_file = folder / "ca.pem"
        """What a client must be given to trust the endpoint."""
        self._authority.cert_pem.write_to_path(self.ca_file)

    def good(self, *, client_required: bool = False) -> ssl.SSLContext:
        """What the authority issued for 127.0.0.1 and localhost; a client's certificate of it may be required."""
        context = _context()
        self._authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        if client_required:
            context.verify_mode = ssl.CERT_REQUIRED
            self._authority.configure_trust(context)
        return context

    def expired(self) -> ssl.SSLContext:
        """Of the authority, but of a time long gone."""
        context = _context()
        old = self._authority.issue_cert(
            "127.0.0.1", not_before=datetime(2001, 1, 1, tzinfo=UTC), not_after=datetime(2002, 1, 1, tzinfo=UTC)
        )
        old.configure_cert(context)
        return context

    def of_another_name(self) -> ssl.SSLContext:
        """Of the authority, for another host."""
        context = _context()
        self._authority.issue_cert("elsewhere.example").configure_cert(context)
        return context

    def self_signed(self) -> ssl.SSLContext:
        """Signed with its own key: an authority's own certificate is."""
        context = _context()
        alone = trustme.CA()
        with alone.private_key_pem.tempfile() as key, alone.cert_pem.tempfile() as certificate:
            context.load_cert_chain(certificate, key)
        return context

    def of_an_unknown_authority(self) -> ssl.SSLContext:
        """For the right host, issued by an authority that nobody was told of."""
        context = _context()
        trustme.CA().issue_cert("127.0.0.1", "localhost").configure_cert(context)
        return context

    def client(self, name: str = "ada@example.org") -> Path:
        """A client's certificate and key in one file, as MLflow wants them."""
        path = self._folder / f"{name}.pem"
        self._authority.issue_cert(name).private_key_and_cert_chain_pem.write_to_path(path)
        return path


def _context() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
