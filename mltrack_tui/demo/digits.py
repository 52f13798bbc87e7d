"""The experiment ``digits``: small convolutional networks on MNIST, and the question which of them to ship.

The network of the best val/accuracy overfits: its val/loss has been rising for most of its epochs. One of a tenth of
a point less is 24 times smaller and eleven times faster, and its val/loss stays low.
"""

import random
from dataclasses import replace

from mltrack_tui.demo.artifacts import csv_file, failure_files, json_file, model_folder, training_files
from mltrack_tui.demo.datasets import image_dataset
from mltrack_tui.demo.logbook import Logbook, days_ago
from mltrack_tui.demo.machine import log_system_metrics
from mltrack_tui.demo.network import Network, train
from mltrack_tui.demo.png import heat_map
from mltrack_tui.demo.values import Experiment, Model, Run, Version
from mltrack_tui.domain.entities import NOTE_TAG

OVERFITTED = "cnn-6x128-adam-long"
SHIPPED = "cnn-3x32-adamw-augmented"

_SCRIPT = "train_digits.py"
_PACKAGES = ("torch==2.5.1", "torchvision==0.20.1", "numpy==2.1.3")
_USERS = ("mira", "jonas", "mira", "adaeze")
_CURVES = ("train/loss", "val/loss", "train/accuracy", "val/accuracy")

_EXPERIMENT_NOTE = """\
# Which network reads the digits?

Wanted: **val/accuracy of 0.993 or more**, at most *1 ms* a digit on the reader's CPU.

1. sort by `val/accuracy`
2. look at `val/loss` of the first few: does it still fall?
3. compare `latency_ms` and `model/parameters`

Learning rates above `0.03` diverge with Adam; see the sweep.
"""

_SHIPPED_NOTE = """\
## Ship this one

| | this | `{other}` |
|---|---|---|
| val/accuracy | {0[val/accuracy]:.4f} | {1[val/accuracy]:.4f} |
| val/loss | **{0[val/loss]:.3f}** | {1[val/loss]:.3f} and rising |
| parameters | **{0[model/parameters]:,.0f}** | {1[model/parameters]:,.0f} |
| latency | **{0[latency_ms]:.1f} ms** | {1[latency_ms]:.1f} ms |

As accurate as the readers need, and three times faster than they ask for.
"""


def make_digits() -> tuple[Experiment, Model]:
    """The experiment and the model ``digit-reader`` that was registered from it."""
    return _Digits().make()


class _Digits:
    def __init__(self) -> None:
        self._rng = random.Random("digits")
        self._book = Logbook(self._rng, 1, script=_SCRIPT, users=_USERS, first=days_ago(24), pause=5.0)
        mnist = "https://ossci-datasets.s3.amazonaws.com/mnist"
        train_images = image_dataset("mnist-train", f"{mnist}/train-images-idx3-ubyte.gz", 60_000)
        test_images = image_dataset("mnist-validation", f"{mnist}/t10k-images-idx3-ubyte.gz", 10_000)
        self._inputs = ((train_images, "training"), (test_images, "validation"))

    def make(self) -> tuple[Experiment, Model]:
        self._by_hand()
        self._learning_rates()
        self._shapes()
        self._dropouts()
        self._random_search()
        self._accidents()
        first, overfitted, shipped = self._finals()
        self._today()
        tags = {NOTE_TAG: _EXPERIMENT_NOTE, "team": "vision"}
        return Experiment(1, "digits", days_ago(24.2), tuple(self._book.runs), tags), _model(first, overfitted, shipped)

    def _by_hand(self) -> None:
        for rate in ("0.01", "0.05", "0.1", "0.2"):
            self._train(Network(2, 16, "sgd", rate, epochs=15), f"baseline-sgd-{rate}")

    def _learning_rates(self) -> None:
        sweep = self._sweep("lr-sweep", "Grid: six learning rates, four optimizers.")
        for optimizer in ("sgd", "adam", "adamw", "rmsprop"):
            for rate in ("1e-4", "3e-4", "0.001", "0.01", "0.1", "1.0"):
                self._train(Network(optimizer=optimizer, rate=rate, epochs=16), parent=sweep)
        self._book.close(sweep, "best/val/accuracy", "val/accuracy", max)

    def _shapes(self) -> None:
        for depth in (2, 3, 4, 5, 6):
            for width in (16, 32, 64, 128):
                self._train(Network(depth, width), f"cnn-{depth}x{width}-adam")

    def _dropouts(self) -> None:
        sweep = self._sweep("dropout-sweep", "Does dropout help the 4x64 network? *A little*, at 0.2 to 0.3.")
        for rate in ("3e-4", "0.001"):
            for dropout in (None, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6):
                self._train(Network(4, 64, "adamw", rate, dropout), parent=sweep)
        self._book.close(sweep, "best/val/accuracy", "val/accuracy", max)

    def _random_search(self) -> None:
        for index in range(34):
            run = self._train(self._random_network())
            run.deleted = index in {3, 11, 12, 19}

    def _random_network(self) -> Network:
        rng = self._rng
        optimizer = rng.choice(("adam", "adamw", "rmsprop"))
        rate = rng.choice(("2e-4", "5e-4", "0.001", "0.002", "0.004"))
        dropout = rng.choice((None, 0.1, 0.2, 0.3))
        augment = rng.choice((None, "shift", "shift+rotate"))
        return Network(rng.randint(2, 6), rng.choice((16, 32, 64)), optimizer, rate, dropout, augment)

    def _accidents(self) -> None:
        for width, epochs in ((256, 1), (384, 1), (128, 9)):
            run = self._train(Network(6, width, "adam"), f"cnn-6x{width}-adam", stop_after=epochs)
            self._fail(run, "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.31 GiB.")
        for epochs in (5, 12):
            run = self._train(Network(5, 64, "sgd", "0.001", epochs=60), stop_after=epochs)
            run.status = "KILLED"
            run.note("Stopped by hand: far too slow with plain SGD at this rate.")

    def _finals(self) -> tuple[Run, Run, Run]:
        first = self._train(Network(3, 32, "adam", dropout=0.25, epochs=30, edge=0.0006), "cnn-3x32-adam-dropout")
        overfitted = self._train(Network(6, 128, "adam", epochs=60, edge=0.0022), OVERFITTED)
        turn = min(overfitted.history["val/loss"], key=lambda point: point.value).step
        overfitted.note(f"Best accuracy so far, but look at `val/loss` from epoch {turn} on: **it overfits**.")
        network = Network(3, 32, "adamw", "0.002", 0.25, "shift+rotate", epochs=40, edge=0.0022)
        shipped = self._train(network, SHIPPED)
        shipped.note(_SHIPPED_NOTE.format(_values(shipped), _values(overfitted), other=OVERFITTED))
        for run, stage in ((first, "shipped"), (overfitted, "rejected"), (shipped, "candidate")):
            run.tags["release"] = stage
        self._train(replace(network, depth=2, edge=0.0), "cnn-2x32-adamw-augmented")
        self._train(replace(network, width=16, edge=0.0), "cnn-3x16-adamw-augmented")
        return first, overfitted, shipped

    def _today(self) -> None:
        for name, rate, days, epochs in (
            ("cnn-4x32-adamw", "0.002", 0.06, 31),
            ("cnn-4x32-adamw-slow", "5e-4", 0.02, 11),
        ):
            network = Network(4, 32, "adamw", rate, 0.25, "shift+rotate", epochs=80)
            run = self._train(network, name, at=days_ago(days), stop_after=epochs)
            run.status, run.end, run.files = "RUNNING", None, {}
        waiting = self._book.start("cnn-4x48-adamw", at=days_ago(0.01))
        waiting.params = Network(4, 48, "adamw", "0.001", 0.25, "shift+rotate", epochs=80).params
        waiting.status = "SCHEDULED"

    def _train(
        self,
        network: Network,
        name: str | None = None,
        *,
        parent: Run | None = None,
        at: int | None = None,
        stop_after: int | None = None,
    ) -> Run:
        run = self._book.start(name, parent=parent, at=at)
        train(run, network, self._rng, stop_after)
        run.inputs = self._inputs
        if run.status == "FAILED":
            self._fail(run, "FloatingPointError: the gradient's norm is infinite")
        else:
            run.files = training_files(run, _CURVES)
        if name:
            log_system_metrics(run, self._rng, gpu=True)
        if name and not stop_after and (network.depth == 3 or network.edge):
            run.files |= self._reports(run, network)
        return run

    def _fail(self, run: Run, error: str) -> None:
        run.status = "FAILED"
        run.files = failure_files(run, _CURVES, error)

    def _sweep(self, name: str, note: str) -> Run:
        run = self._book.start(name)
        run.params = {"seed": "42", "dataset": "mnist", "search": "grid"}
        run.note(note)
        return run

    def _reports(self, run: Run, network: Network) -> dict[str, bytes]:
        rng = self._rng
        matrix = _confusion(rng, 1 - run.latest()["val/accuracy"].value)
        predictions = [(index, rng.randrange(10), round(rng.uniform(0.7, 1), 4)) for index in range(60)]
        weights = b"\x80\x04\x95" + rng.randbytes(min(network.parameters // 16, 16_384))
        return {
            "evaluation/confusion_matrix.json": json_file({"labels": list(range(10)), "counts": matrix}),
            "evaluation/confusion_matrix.png": heat_map(matrix),
            "evaluation/predictions.csv": csv_file(("index", "digit", "confidence"), predictions),
            **model_folder(run, flavour="pytorch", packages=_PACKAGES, weights=weights),
        }


def _confusion(rng: random.Random, error: float) -> list[list[int]]:
    """Counts of 1000 digits each, by true digit and read digit."""
    matrix = []
    for digit in range(10):
        likely = {4: 9, 9: 4, 3: 5, 5: 3, 7: 1, 1: 7, 8: 3, 6: 0, 0: 6, 2: 7}[digit]
        wrong = min(1000, round(1000 * error * rng.uniform(0.6, 1.4)))
        row = [0] * 10
        for _ in range(wrong):
            row[likely if rng.random() < 0.6 else rng.randrange(10)] += 1
        row[digit] += 1000 - wrong
        matrix.append(row)
    return matrix


def _values(run: Run) -> dict[str, float]:
    return {key: point.value for key, point in run.latest().items()}


def _model(first: Run, overfitted: Run, shipped: Run) -> Model:
    versions = (
        Version(first, (first.end or 0) + 3_600_000, "First network on the readers."),
        Version(overfitted, (overfitted.end or 0) + 3_600_000, "More accurate, too slow: **do not deploy**."),
        Version(shipped, (shipped.end or 0) + 3_600_000, "As accurate, 24 times smaller.", {"approved_by": "adaeze"}),
    )
    description = "Reads single handwritten digits of 28x28 pixels."
    return Model("digit-reader", description, versions, {"champion": 1, "challenger": 3}, {"team": "vision"})
