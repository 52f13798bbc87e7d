"""How a source that the user gave a name is opened."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceSetting:
    """A source that the user gave a name.

    Attributes:
        uri: a path or a tracking URI, without a password.
        token_env: the environment variable that holds the token.
        token_command: a command line that prints the token; it is run without a shell.
        keyring: the service under which the system's keyring holds the token.
        verify: False trusts any certificate; a path is a file of certificates to trust.
        workspace: the only workspace (MLflow 3.10 and later) to look at.
        artifacts: of a store, the address of the tracking server that has its ``mlflow-artifacts:`` roots; the token
            and the certificates are then for it.
    """

    uri: str
    token_env: str | None = None
    token_command: str | None = None
    keyring: str | None = None
    verify: bool | str = True
    workspace: str | None = None
    artifacts: str | None = None
