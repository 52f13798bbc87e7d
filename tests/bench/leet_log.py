"""A log of W&B's with a million points, for LEET: run with the Python that has wandb.

To log them takes its client many minutes. So it logs two, and what it wrote of the first is written again and again,
each time with another step, value and time. The file is LevelDB's log with another checksum: records of protobuf in
blocks of 32 kB (wandb, core/internal/transactionlog).
"""

import json
import random
import struct
import sys
import time
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import wandb
from wandb.proto.wandb_internal_pb2 import Record

_BLOCK = 32 * 1024
_START = b":W&B\xe1\xbe\x00"
_HEAD = struct.Struct("<IHB")
"""Of each piece of a record: checksum, length, and which piece it is."""
_WHOLE, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4


def _logged(folder: Path) -> tuple[Path, list[Record]]:
    """The log of a run with two points, once it is whole: wandb may be told sooner that it is."""
    settings = wandb.Settings(x_disable_stats=True, console="off", silent=True)
    run = wandb.init(mode="offline", dir=str(folder), project="bench", settings=settings)
    for step in range(2):
        run.log({"m0": 0.5}, step=step)
    run.finish()
    (log,) = folder.glob("wandb/offline-run-*/*.wandb")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        records = list(_read(log.read_bytes()))
        if any(record.HasField("exit") for record in records):
            return log, records
        time.sleep(0.1)
    raise TimeoutError(log)


def _read(data: bytes) -> Iterator[Record]:
    at, record = len(_START), b""
    while at + _HEAD.size <= len(data):
        if (left := _BLOCK - at % _BLOCK) < _HEAD.size:
            at += left
            continue
        _, length, piece = _HEAD.unpack_from(data, at)
        at += _HEAD.size + length
        record += data[at - length : at]
        if piece in {_WHOLE, _LAST}:
            yield Record.FromString(record)
            record = b""


def _written(records: Iterable[Record]) -> Iterator[bytes]:
    yield _START
    at = len(_START)
    for record in records:
        data, begun = record.SerializeToString(), False
        while True:
            if (left := _BLOCK - at % _BLOCK) < _HEAD.size:
                yield bytes(left)
                at += left
                continue
            part, data = data[: left - _HEAD.size], data[left - _HEAD.size :]
            piece = (_MIDDLE if data else _LAST) if begun else (_FIRST if data else _WHOLE)
            yield _HEAD.pack(zlib.crc32(part, zlib.crc32(bytes([piece]))), len(part), piece) + part
            at += _HEAD.size + len(part)
            begun = True
            if not data:
                break


def _grown(records: list[Record], points: int) -> Iterator[Record]:
    """The same run with so many points."""
    kinds = [record.WhichOneof("record_type") for record in records]
    first = kinds.index("history")
    begin = first - next(n for n, kind in enumerate(reversed(kinds[:first])) if kind != "summary")
    yield from records[:begin]
    rng = random.Random("points")
    for step in range(points):
        values = {"_step": step, "m0": 1 / (1 + step / 1e5) + rng.gauss(0, 0.05), "_runtime": step / 100}
        for record in records[begin : first + 1]:
            items = record.history.item if record.HasField("history") else record.summary.update
            for item in items:
                name = item.nested_key[0] if item.nested_key else item.key
                if name in values:
                    item.value_json = json.dumps(values[name])
            if record.HasField("history"):
                record.history.step.num = step
            yield record
    for record, kind in zip(records[first:], kinds[first:], strict=True):
        if kind not in {"history", "summary"}:
            yield record


if __name__ == "__main__":
    log, records = _logged(Path(sys.argv[1]))
    with log.open("wb") as file:
        file.writelines(_written(_grown(records, int(sys.argv[2]))))
