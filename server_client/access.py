"""What is needed to be let in: credentials, certificates, a workspace; found where mlflow's own client finds them."""

import os
from collections.abc import Mapping
from configparser import ConfigParser, Error, InterpolationError
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import httpx

from server_client.auth import BasicAuth, TokenAuth, command_token, keyring_token
from server_client.errors import AccessError

_USERNAME, _PASSWORD = "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"
_TOKEN = "MLFLOW_TRACKING_TOKEN"  # noqa: S105 - the name of a variable
_INSECURE, _SERVER_CERT = "MLFLOW_TRACKING_INSECURE_TLS", "MLFLOW_TRACKING_SERVER_CERT_PATH"
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Access:
    """How to be let in by a server.

    Attributes:
        auth: puts credentials on each request, or None. Any `httpx.Auth`: here SigV4, OAuth and the like have their
            place. A user and password in the tracking URI win over it, as with mlflow.
        verify: False trusts any certificate; a path is a file or folder of the certificates to trust; True trusts
            what httpx does: the file or folder that SSL_CERT_FILE or SSL_CERT_DIR names, or certifi's certificates.
        client_cert: a PEM file with our certificate and its key, which must not be encrypted.
        workspace: the workspace to ask in where a client is given none.
    """

    auth: httpx.Auth | None = field(default=None, repr=False)
    verify: bool | str = True
    client_cert: str | None = None
    workspace: str | None = None

    @classmethod
    def from_environment(
        cls,
        environ: Mapping[str, str] | None = None,
        *,
        token_command: str | None = None,
        token_env: str | None = None,
        keyring: str | None = None,
        verify: bool | str | None = None,
    ) -> Self:
        """What mlflow's client would use (``mlflow.utils.credentials`` and ``rest_utils``), or what is named here.

        First what is named here: the variable ``token_env``, the output of ``token_command``, the system's keyring's
        password for the service ``keyring`` (and the user ``token``, or any). Else, as in mlflow: username and
        password (each from MLFLOW_TRACKING_USERNAME and …_PASSWORD, or else from the section ``mlflow`` of
        ``~/.mlflow/credentials``) as Basic credentials where both are there, else MLFLOW_TRACKING_TOKEN as a Bearer
        token. Certificates: ``verify`` (where it is a path or False), else MLFLOW_TRACKING_SERVER_CERT_PATH or
        MLFLOW_TRACKING_INSECURE_TLS, else REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE (which mlflow heeds through
        ``requests``); MLFLOW_TRACKING_CLIENT_CERT_PATH. The workspace: MLFLOW_WORKSPACE.

        ``~/.netrc`` is not read. mlflow does read it, by way of ``requests``, where an entry for the host silently
        wins over every variable above: a known trap that nobody set up on purpose.

        A variable that is empty counts as not there. (To mlflow an empty …_SERVER_CERT_PATH means to trust any
        certificate; that is an accident.)

        A command or a keyring is not asked here but before the first request, off the event loop, and once more when
        the server refuses the token (it may have expired).

        Raises:
            AccessError: what the variables say contradicts itself or is not supported (SigV4 and mlflow's plugins of
                MLFLOW_TRACKING_AUTH: give an `httpx.Auth`), ``token_env`` is not set, or the file cannot be read.
        """
        environ = os.environ if environ is None else environ
        named = _named_token(environ, token_env, token_command, keyring)
        return cls(
            auth=named or _mlflows_auth(environ),
            verify=verify if isinstance(verify, str) or verify is False else _mlflows_verify(environ),
            client_cert=environ.get("MLFLOW_TRACKING_CLIENT_CERT_PATH") or None,
            workspace=environ.get("MLFLOW_WORKSPACE", "").strip() or None,
        )


def _named_token(
    environ: Mapping[str, str], token_env: str | None, token_command: str | None, keyring: str | None
) -> TokenAuth | None:
    if token_env:
        if not environ.get(token_env, "").strip():
            raise AccessError(f"the variable {token_env}, which should hold the token, is not set")
        return TokenAuth.known(environ[token_env], called=token_env)
    if token_command:
        return TokenAuth(command_token(token_command))
    return TokenAuth(keyring_token(keyring)) if keyring else None


def _mlflows_auth(environ: Mapping[str, str]) -> httpx.Auth | None:
    if _flag(environ, "MLFLOW_TRACKING_AWS_SIGV4"):
        raise AccessError("MLFLOW_TRACKING_AWS_SIGV4 is set, and signing requests for AWS is not supported")
    if environ.get("MLFLOW_TRACKING_AUTH"):
        raise AccessError("MLFLOW_TRACKING_AUTH is set, and mlflow's plugins for authentication are not supported")
    in_file = _file_credentials()
    username = environ.get(_USERNAME) or in_file.get(_USERNAME.lower())
    password = environ.get(_PASSWORD) or in_file.get(_PASSWORD.lower())
    if username and password:
        return BasicAuth(username, password)
    return TokenAuth.known(environ[_TOKEN], called=_TOKEN) if environ.get(_TOKEN) else None


def _file_credentials() -> Mapping[str, str]:
    config = ConfigParser()
    try:
        path = Path("~/.mlflow/credentials").expanduser()
        if not path.exists():
            return {}
        config.read(path)
        return dict(config["mlflow"]) if "mlflow" in config else {}
    except InterpolationError:
        problem = "a % in it has to be written twice (%%)"
    except (Error, OSError, UnicodeError, RuntimeError):  # whose texts quote the file
        problem = "it cannot be read"
    raise AccessError(f"~/.mlflow/credentials: {problem}")


def _mlflows_verify(environ: Mapping[str, str]) -> bool | str:
    insecure, bundle = _flag(environ, _INSECURE), environ.get(_SERVER_CERT)
    if insecure and bundle:
        raise AccessError(f"{_INSECURE} and {_SERVER_CERT} are both set; only one of them may be")
    if insecure:
        return False
    return bundle or environ.get("REQUESTS_CA_BUNDLE") or environ.get("CURL_CA_BUNDLE") or True


def _flag(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name) or "false"
    if text.lower() not in _TRUTH:
        raise AccessError(f"{name} has to be true or false")
    return _TRUTH[text.lower()]
