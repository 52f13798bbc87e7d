"""What kept a server from answering, in a sentence for the user: what happened, to what, and what to do now."""

from mltrack_tui.domain.text import clean
from mltrack_tui.sources.base import NotFoundError, RefusedError, SourceBusy, SourceError, UnreachableError
from server_client import (
    AccessError,
    ConnectionLostError,
    ConnectionRefusedByHostError,
    ForbiddenError,
    Hint,
    NameNotResolvedError,
    ProxyError,
    RoleTooLowError,
    ScopeTooSmallError,
    ServerError,
    TimedOutError,
    TlsError,
    TooManyRequestsError,
    TrackingError,
    UnauthorizedError,
    UnexpectedAnswerError,
    WorkspacesDisabledError,
)
from server_client import NotFoundError as NotThereError
from server_client import RefusedError as RefusedByServerError
from server_client import UnreachableError as NoAnswerError

_LONGEST_WORDS = 200
_TRUST = "MLFLOW_TRACKING_SERVER_CERT_PATH or verify in config.toml"
_GATEWAY = {502, 503, 504}


def sentence(error: TrackingError, host: str) -> SourceError:
    """The error of ours for one of a server's."""
    match error:
        case AccessError():
            return RefusedError(f"{host} was not asked: {_words(error.reason)}.")
        case NoAnswerError():
            return _unreachable(error, host)
        case UnexpectedAnswerError():
            return _unexpected(error, host)
        case RefusedByServerError():
            return _refused(error, host)
    return SourceError(f"{host} could not be asked: {_words(error.reason)}.")


def _unreachable(error: NoAnswerError, host: str) -> SourceError:
    match error:
        case NameNotResolvedError():
            said = f"There is no host {host}: check the name, and whether a VPN or a tunnel is needed."
        case ConnectionRefusedByHostError():
            said = f"Nothing answers at {host} ({_words(error.reason)}): is the server or the tunnel to it running?"
        case TlsError():
            return _insecure(error, host)
        case TimedOutError():
            said = f"{host} did not answer in time: it is asleep, busy or behind a firewall; try again."
        case ProxyError():
            said = (
                f"The proxy before {host} let nothing through ({_words(error.reason)}): "
                "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY."
            )
        case ConnectionLostError():
            said = f"{host} broke off its answer ({_words(error.reason)}): try again."
        case _:
            said = f"{host} did not answer ({_words(error.reason)}): try again."
    return UnreachableError(said)


def _insecure(error: TlsError, host: str) -> SourceError:
    reason = error.reason.lower()
    if "self-signed" in reason or "self signed" in reason or "local issuer" in reason:
        said = f"The certificate of {host} is of an authority not known here: name its file in {_TRUST}."
    elif "expired" in reason:
        said = f"The certificate of {host} has expired: its administrator must renew it."
    elif "not yet valid" in reason:
        said = f"The certificate of {host} is not valid yet: check the clocks here and there."
    elif "mismatch" in reason or "not valid for" in reason:
        said = f"The certificate of {host} is for another name: use the name that it was issued for."
    elif error.certificate:
        said = f"The certificate of {host} is not trusted ({_words(error.reason)}): name the authority's in {_TRUST}."
    elif "certificate required" in reason or "handshake failure" in reason or "bad certificate" in reason:
        said = f"{host} wants a certificate from us: name its file in MLFLOW_TRACKING_CLIENT_CERT_PATH."
    else:
        said = f"No secure connection to {host} ({_words(error.reason)}): does it speak https, or only http?"
    return UnreachableError(said)


def _unexpected(error: UnexpectedAnswerError, host: str) -> SourceError:
    match error.hint:
        case Hint.LOGIN:
            return RefusedError(
                f"{host} answers with a login page: give a token, or name the address behind the login."
            )
        case Hint.REDIRECT:
            return RefusedError(
                f"{host} sends us on to {_words(error.location or 'elsewhere')}, which gets no credentials of ours: "
                "if that is the server, name it."
            )
        case Hint.HTML | Hint.NOT_JSON:
            said = f"{host} is no MLflow server: it answers with {error.hint.value}. Check the address and its path."
        case Hint.TRUNCATED:
            return UnreachableError(f"The answer of {host} was cut off: try again; else look at the proxy before it.")
        case Hint.TOO_LARGE:
            said = f"{host} gave a larger answer than is read ({_words(error.reason)}): ask for less, with a filter."
        case _:
            said = f"{host} gave an answer that makes no sense here ({_words(error.reason)}): is it an MLflow server?"
    return SourceError(said)


def _refused(error: RefusedByServerError, host: str) -> SourceError:
    words = f" ({_words(error.message)})" if error.message else ""
    kind: type[SourceError] = SourceError
    match error:
        case UnauthorizedError():
            kind, said = RefusedError, f"{host} does not know us{words}: {_ways_in(of_gitlab=error.of_gitlab)}."
        case ForbiddenError():
            kind, said = RefusedError, _forbidden(error, host, words)
        case NotThereError() if error.error_code is None:
            kind, said = NotFoundError, f"{host} has no {error.path}: check the address and the path before its API."
        case NotThereError():
            kind, said = NotFoundError, f"{host} has no such thing{words}."
        case TooManyRequestsError():
            kind, said = SourceBusy, f"{host} has been asked too much: wait a little."
        case WorkspacesDisabledError():
            said = f"{host} has no workspaces: unset MLFLOW_WORKSPACE, or workspace in config.toml."
        case ServerError() if error.status in _GATEWAY:
            kind = UnreachableError
            said = f"The server behind {host} does not answer ({error.status}): it is starting, asleep or down."
        case ServerError():
            said = f"{host} failed ({error.status}){words}: its log tells more."
        case _:
            said = f"{host} refuses ({error.status}){words}."
    return kind(said)


def _ways_in(*, of_gitlab: bool) -> str:
    if of_gitlab:
        return (
            "the token is missing, wrong, revoked or expired; give one with the scope api or read_api in "
            "MLFLOW_TRACKING_TOKEN"
        )
    return (
        "the token or password is missing, wrong or expired; see MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME "
        "and MLFLOW_TRACKING_PASSWORD"
    )


def _forbidden(error: ForbiddenError, host: str, words: str) -> str:
    if isinstance(error, ScopeTooSmallError):
        return f"{host} refused the token: it needs the scope {_words(error.scope)}: make one that has it."
    if isinstance(error, RoleTooLowError):
        return f"{host} knows us, but our role there is too low: ask for the role Developer in the project."
    if "host header" in error.message.lower():
        return (
            f"{host} does not answer to that name (Invalid Host header): use another name for it, or start it "
            "with --allowed-hosts."
        )
    return f"{host} does not let us see this{words}: ask for the permission, or be another user."


def _words(text: str) -> str:
    return clean(text, _LONGEST_WORDS).rstrip(".")
