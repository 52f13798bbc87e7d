"""The experiment ``translate``: a small transformer from English to German, logged by optimizer step."""

import math
import random
from dataclasses import dataclass

from mltrack_tui.demo.artifacts import csv_file, failure_files, json_file, model_folder, training_files
from mltrack_tui.demo.datasets import table_dataset
from mltrack_tui.demo.logbook import Logbook, days_ago
from mltrack_tui.demo.machine import log_system_metrics
from mltrack_tui.demo.values import Experiment, Run
from mltrack_tui.domain.entities import NOTE_TAG

LONG = "transformer-256d-100k-steps"
"""The run whose ``train/loss`` has a point for every fourth step: 25,000 of them."""

_SCRIPT = "translate.py"
_USERS = ("yuki", "jonas")
_CURVES = ("val/loss", "val/bleu")
_PACKAGES = ("torch==2.5.1", "sentencepiece==0.2.0", "sacrebleu==2.4.3")
_SAMPLES = (
    ("The house is small.", "Das Haus ist klein."),
    ("Where is the nearest station?", "Wo ist der nächste Bahnhof?"),
    ("She crossed the street.", "Sie überquerte die Straße."),
    ("We would like to pay.", "Wir möchten zahlen."),
    ("It has been raining since yesterday.", "Es regnet seit gestern."),
)

_NOTE = """\
# English → German, small enough for a phone

- corpus: `opus-books`, 51 k pairs; tokenizer: SentencePiece, 8 k pieces
- reported: `val/bleu` (sacreBLEU), greedy decoding

Without warm-up the larger ones never recover from the first thousand steps.
"""


@dataclass(frozen=True, slots=True)
class _Transformer:
    width: int
    layers: int
    rate: str
    warmup: int
    dropout: float | None = 0.1
    smoothing: float = 0.1
    steps: int = 5000

    @property
    def params(self) -> dict[str, str]:
        fixed = {"seed": "1337", "batch_tokens": "4096", "tokenizer": "sentencepiece-8k", "dataset": "opus-books"}
        shape = {"d_model": str(self.width), "layers": str(self.layers), "heads": str(self.width // 32)}
        schedule = {"lr": self.rate, "warmup_steps": str(self.warmup), "label_smoothing": str(self.smoothing)}
        dropout = {} if self.dropout is None else {"dropout": str(self.dropout)}
        return fixed | shape | schedule | dropout | {"steps": str(self.steps)}

    @property
    def seconds_per_step(self) -> float:
        return 0.05 + self.width * self.layers / 20_000

    def learning_rate(self, step: int) -> float:
        """Linear warm-up, then the inverse square root (Vaswani et al. 2017)."""
        warmup = max(1, self.warmup)
        return float(self.rate) * min(step / warmup, math.sqrt(warmup / step))

    def loss(self, step: int) -> float:
        """The training's loss without noise, in nats a token."""
        misfit = abs(math.log10(float(self.rate) / 7e-4))
        floor = 2.0 + 0.5 * misfit + 60 / self.width + 0.5 / self.layers + (0.9 if self.warmup == 0 else 0.0)
        return floor + (9.0 - floor) * math.pow(1 + step / 300, -0.85)


def make_translate() -> Experiment:
    """The experiment."""
    return _Translate().make()


class _Translate:
    def __init__(self) -> None:
        self._rng = random.Random("translate")
        self._book = Logbook(self._rng, 3, script=_SCRIPT, users=_USERS, first=days_ago(11), pause=5.5)
        source = {"path": "opus_books", "config_name": "de-en", "split": "train"}
        columns = {"id": "string", "en": "string", "de": "string"}
        self._inputs = ((table_dataset("opus-books-de-en", "hugging_face", source, columns, 51_467), "training"),)

    def make(self) -> Experiment:
        for width in (128, 256, 512):
            for layers in (2, 4, 6):
                for rate in ("3e-4", "7e-4", "0.002"):
                    self._train(_Transformer(width, layers, rate, 400), f"transformer-{width}d-{layers}l-{rate}")
        for warmup in (0, 100, 1000):
            run = self._train(_Transformer(256, 4, "7e-4", warmup), f"warmup-{warmup}")
            run.tags["ablation"] = "warmup"
        for dropout in (None, 0.2, 0.3):
            run = self._train(_Transformer(256, 4, "7e-4", 400, dropout), f"dropout-{dropout or 'none'}")
            run.tags["ablation"] = "dropout"
        for smoothing in (0.0, 0.2):
            run = self._train(_Transformer(256, 4, "7e-4", 400, smoothing=smoothing), f"smoothing-{smoothing}")
            run.tags["ablation"] = "smoothing"
        self._accidents()
        self._long()
        running = self._train(
            _Transformer(384, 4, "7e-4", 400, steps=20_000), "transformer-384d-4l", at=days_ago(0.02), stop_after=3000
        )
        running.status, running.end, running.files = "RUNNING", None, {}
        tags = {NOTE_TAG: _NOTE, "team": "language"}
        return Experiment(3, "translate", days_ago(11.2), tuple(self._book.runs), tags)

    def _accidents(self) -> None:
        failed = self._train(_Transformer(512, 8, "7e-4", 400), "transformer-512d-8l", stop_after=600)
        failed.status = "FAILED"
        error = "OSError: [Errno 28] No space left on device: 'checkpoints/step-600.pt'"
        failed.files = failure_files(failed, _CURVES, error)
        killed = self._train(_Transformer(512, 6, "0.01", 0), "transformer-512d-no-warmup", stop_after=1500)
        killed.status = "KILLED"
        forgotten = self._train(_Transformer(64, 1, "7e-4", 400), "debug", stop_after=100)
        forgotten.deleted = True

    def _long(self) -> None:
        shape = _Transformer(256, 4, "7e-4", 400, steps=100_000)
        run = self._book.start(LONG, at=days_ago(1.1))
        run.params, run.inputs = shape.params, self._inputs
        gauss = self._rng.gauss
        for step in range(4, shape.steps + 1, 4):
            run.log("train/loss", step, step * shape.seconds_per_step, shape.loss(step) - step * 3e-6 + gauss(0, 0.09))
        self._validate(run, shape, range(2000, shape.steps + 1, 2000))
        best = min(run.history["val/loss"], key=lambda point: point.value)
        run.note(
            f"Trained far too long, to see what happens: `val/loss` is best at step {best.step:,}.\n\n"
            "`train/loss` has 25,000 points, one every four steps."
        )
        self._finish(run, shape.steps * shape.seconds_per_step)

    def _train(self, shape: _Transformer, name: str, *, at: int | None = None, stop_after: int | None = None) -> Run:
        rng = self._rng
        run = self._book.start(name, at=at)
        run.params, run.inputs = shape.params, self._inputs
        steps = stop_after or shape.steps
        for step in range(100, steps + 1, 100):
            elapsed = step * shape.seconds_per_step
            loss = shape.loss(step)
            run.log("train/loss", step, elapsed, loss + rng.gauss(0, 0.04))
            run.log("train/grad_norm", step, elapsed, (0.3 + 0.2 * loss) * math.exp(rng.gauss(0, 0.3)))
            run.log("train/tokens_per_second", step, elapsed, rng.gauss(4096, 90) / shape.seconds_per_step)
            run.log("lr", step, elapsed, shape.learning_rate(step))
        self._validate(run, shape, range(500, steps + 1, 500))
        self._finish(run, steps * shape.seconds_per_step)
        return run

    def _validate(self, run: Run, shape: _Transformer, steps: range) -> None:
        weight = shape.width**2 * shape.layers
        forgetful = 1.0 if shape.dropout is None else 0.3 if shape.dropout < 0.15 else 0.1
        for step in steps:
            elapsed = step * shape.seconds_per_step
            overfit = forgetful * 2.2e-12 * weight * max(0, step - 2500) ** 1.1
            loss = shape.loss(step) + 0.12 + overfit * 20 + self._rng.gauss(0, 0.012)
            run.log("val/loss", step, elapsed, loss)
            run.log("val/bleu", step, elapsed, max(0.0, 43 - 8.2 * loss + self._rng.gauss(0, 0.25)))

    def _finish(self, run: Run, seconds: float) -> None:
        run.finish(seconds + 20)
        if "val/bleu" not in run.history:
            return
        run.files = training_files(run, _CURVES)
        if run.params["d_model"] == "256" and run.params["layers"] == "4":
            run.files["samples/translations.csv"] = csv_file(("source", "translation"), _SAMPLES)
            log_system_metrics(run, self._rng, gpu=True)
            run.files["samples/tokenizer.json"] = json_file({"type": "unigram", "pieces": 8000, "unk": 0})
            weights = b"\x80\x04\x95" + self._rng.randbytes(12_000)
            run.files |= model_folder(run, flavour="pytorch", packages=_PACKAGES, weights=weights)
