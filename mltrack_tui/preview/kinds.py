"""How a file can be looked at, by its name and its first bytes."""

import re
from enum import Enum


class Look(Enum):
    """A way to look at a file, and the title of its tab."""

    PICTURE = "Picture"
    """A confusion matrix, a ROC or precision-recall curve, drawn; an image."""
    TABLE = "Table"
    TREE = "Tree"
    """JSON, YAML or TOML, folded."""
    SUMMARY = "Summary"
    """MLmodel, conda.yaml, requirements.txt: what they come to."""
    READING = "Reading"
    """Markdown or a notebook, laid out."""
    LISTING = "Listing"
    """What an archive holds."""
    TEXT = "Text"
    BYTES = "Bytes"


HEAD = 65_536
"""Bytes of a file's beginning that tell what it is, and fill the first page."""

GZIP, BZIP2, XZ = PACKED = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"
"""What a file begins with that is packed so."""
_SUMMARISED = {
    "mlmodel": (Look.SUMMARY, Look.TREE),
    "conda.yaml": (Look.SUMMARY, Look.TREE),
    "conda.yml": (Look.SUMMARY, Look.TREE),
    "python_env.yaml": (Look.SUMMARY, Look.TREE),
    "requirements.txt": (Look.SUMMARY,),
}
_BY_ENDING = {
    "csv": (Look.TABLE,),
    "tsv": (Look.TABLE,),
    "tab": (Look.TABLE,),
    "jsonl": (Look.TABLE, Look.TREE),
    "ndjson": (Look.TABLE, Look.TREE),
    "json": (Look.TREE,),
    "yaml": (Look.TREE,),
    "yml": (Look.TREE,),
    "toml": (Look.TREE,),
    "md": (Look.READING,),
    "markdown": (Look.READING,),
    "ipynb": (Look.READING, Look.TREE),
}
_TEXTS = {"txt", "log", "out", "err", "py", "sh", "cfg", "ini", "xml", "html", "svg"}
"""Endings of what is text to its owner, broken or not."""
_EVALUATION = re.compile(r"confusion_matrix|roc_curve|precision_recall|pr_curve|calibration_curve", re.IGNORECASE)
"""What mlflow's evaluation calls its pictures, as people do the numbers of these."""
_CURVE = re.compile(
    rb'"(?:fpr|false_positive_rate|prob_pred|confusion_matrix)"\s*:\s*\['
    rb"|^[^\n]*\b(?:fpr|false_positive_rate|prob_pred)\b[^\n]*\n"
    rb"|^(?:(?:precision|recall|thresholds?|class|label)[,;\t\r]?){2,4}\n"
)
"""How JSON and CSV that can be drawn begin."""
_RECORDS = re.compile(rb"\s*\[\s*\{")
_SPLIT_TABLE = re.compile(rb'\s*\{\s*"(?:columns|index|data)"\s*:\s*\[')
"""How pandas' ``orient="split"`` begins, in which ``mlflow.log_table`` writes."""
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_ODD = bytes(code for code in range(32) if code not in b"\t\n\r\f\b\x1b")
"""Control codes that no text has, but for those that a terminal's output has."""
_MOST_ODD = 0.02


def is_image(head: bytes) -> bool:
    """Whether a file begins as an image of a format that is decoded: PNG, JPEG, GIF, WebP, BMP."""
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    bitmap = head[:2] == b"BM" and head[6:10] == bytes(4)
    return webp or bitmap or head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"))


def is_zip(head: bytes) -> bool:
    """Whether a file begins as a ZIP archive, an empty one or not."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_tar(name: str, head: bytes) -> bool:
    """Whether a file is a tar archive, packed or not."""
    return head[257:262] == b"ustar" or (
        head.startswith(PACKED) and bool(re.search(r"\.(?:tar\.\w+|tgz|tbz2?|txz)$", name.lower()))
    )


def is_text(head: bytes) -> bool:
    """Whether it can be read as text: hardly any control codes, or a mark that says it is Unicode."""
    if head.startswith(_BOMS):
        return True
    odd = len(head) - len(head.translate(None, _ODD))
    return odd <= len(head) * _MOST_ODD


def looks_of(name: str, head: bytes) -> tuple[Look, ...]:
    """The ways to look at a file, the most telling first; BYTES is always among them, and last.

    ``head`` is its first `HEAD` bytes, or all it has. Nothing in it is trusted: a look may turn out impossible.
    """
    ending = name.lower().rpartition(".")[2]
    if is_image(head):
        return Look.PICTURE, Look.BYTES
    if head.startswith(b"PAR1"):
        return Look.TABLE, Look.BYTES
    if is_zip(head) or is_tar(name, head):
        return Look.LISTING, Look.BYTES
    if not is_text(head) and ending not in _TEXTS and ending not in _BY_ENDING:
        return (Look.BYTES,)
    looks = _SUMMARISED.get(name.lower()) or _BY_ENDING.get(ending, ())
    if ending == "json" and _SPLIT_TABLE.match(head):
        looks = (Look.TABLE, *looks)
    elif ending == "json" and _RECORDS.match(head):
        looks = (*looks, Look.TABLE)
    if ending in {"json", "csv", "tsv"} and (_EVALUATION.search(name) or _CURVE.search(head)):
        looks = (Look.PICTURE, *looks)
    return (*looks, Look.TEXT, Look.BYTES)
