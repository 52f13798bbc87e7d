"""What a server says the bytes of a whole file come to."""

import base64
import binascii
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from server_client.question import Answer

_HEX_LENGTHS = {"sha512": 128, "sha256": 64, "md5": 32}  # the best first
_NAMES = {"sha-512": "sha512", "sha-256": "sha256", "md5": "md5"}
_MD5_ETAG = re.compile(r'"([0-9a-f]{32})"')


class Checksum(NamedTuple):
    """Of a whole file: the algorithm as hashlib calls it, and its digest in lower-case hexadecimal digits."""

    algorithm: str
    hexdigest: str


def checksum_of(answer: Answer, *, whole: bool) -> Checksum | None:
    """The best checksum of the whole file that an answer tells of; None where it tells none that is sure.

    Repr-Digest (RFC 9530), Digest (RFC 3230), Google's ``x-goog-hash`` and Azure's ``x-ms-blob-content-md5`` are
    about the whole file; Content-MD5 is so only where the whole was sent.
    """
    told = {
        **_digests(answer.header("x-goog-hash"), "="),
        **_digests(answer.header("Digest"), "="),
        **_digests(answer.header("Repr-Digest"), "=:"),
    }
    blob = answer.header("x-ms-blob-content-md5") or (answer.header("Content-MD5") if whole else None)
    found = [*told.items(), ("md5", _hex(blob or "")), ("md5", _s3_md5(answer))]
    return next(
        (
            Checksum(name, digits)
            for name, length in _HEX_LENGTHS.items()
            for key, digits in found
            if key == name and digits is not None and len(digits) == length
        ),
        None,
    )


def _digests(header: str | None, mark: str) -> dict[str, str | None]:
    pairs = (each.strip().partition(mark) for each in (header or "").split(","))
    known = ((_NAMES.get(name.lower()), value) for name, _, value in pairs)
    return {name: _hex(value.removesuffix(":") if ":" in mark else value) for name, value in known if name}


def _hex(coded: str) -> str | None:
    try:
        return base64.b64decode(coded, validate=True).hex()
    except (binascii.Error, ValueError):
        return None


def _s3_md5(answer: Answer) -> str | None:
    """An ETag of Amazon's S3 where that is an MD5.

    It is where the object was put in one piece, and encrypted with S3's own keys or not at all; not in directory
    buckets (Amazon S3 API Reference, Object). What others make of an ETag is not known.
    """
    match = _MD5_ETAG.fullmatch(answer.header("ETag") or "")
    host = urlsplit(str(answer.response.request.url)).hostname or ""
    others_key = answer.header("x-amz-server-side-encryption-customer-algorithm") is not None
    plain = answer.header("x-amz-server-side-encryption") in {None, "AES256"} and not others_key
    of_s3 = answer.header("Server") == "AmazonS3" and "s3express" not in host
    return match[1] if match is not None and of_s3 and plain else None
