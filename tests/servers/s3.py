"""A real S3 server, moto's, on a free port of this machine; and how it is found."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

BUCKET = "artifacts-of-tests"
_PASSWORD = "hidden"  # noqa: S105 - any will do


class S3Server:
    """A server with one bucket. What asks it without `environment` finds Amazon instead, so set that."""

    def __init__(self, uri: str) -> None:
        import boto3

        self.uri = uri
        self._client: Any = boto3.client(
            "s3", endpoint_url=uri, region_name="us-east-1", aws_access_key_id="us", aws_secret_access_key=_PASSWORD
        )
        self._client.create_bucket(Bucket=BUCKET)

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables by which the client library is let in here."""
        return {
            "MLFLOW_S3_ENDPOINT_URL": self.uri,
            "AWS_ACCESS_KEY_ID": "us",
            "AWS_SECRET_ACCESS_KEY": _PASSWORD,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "NO_PROXY": "*",
        }

    def put(self, key: str, content: bytes) -> None:
        """Keep an object."""
        self._client.put_object(Bucket=BUCKET, Key=key, Body=content)

    def close(self) -> None:
        self._client.close()


@contextmanager
def s3_server_running() -> Iterator[S3Server]:
    """The server, while it is needed."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    s3 = S3Server(f"http://{host}:{port}")
    yield s3
    s3.close()
    server.stop()
