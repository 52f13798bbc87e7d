"""How a small convolutional network would train on MNIST: a rule of thumb with noise, not a simulation."""

import math
import random
from dataclasses import dataclass

from mltrack_tui.demo.values import Run

_BEST_RATE = {"sgd": 0.05, "adam": 1e-3, "adamw": 1e-3, "rmsprop": 1e-3}


@dataclass(frozen=True, slots=True)
class Network:
    """What decides how a training goes. ``edge`` is accuracy that the rules below would not give it."""

    depth: int = 3
    width: int = 32
    optimizer: str = "adam"
    rate: str = "0.001"
    dropout: float | None = None
    augment: str | None = None
    epochs: int = 24
    edge: float = 0.0

    @property
    def parameters(self) -> int:
        """How many weights: 3x3 convolutions, then one dense layer on 7x7 features."""
        return 9 * self.width + (self.depth - 1) * 9 * self.width**2 + 49 * self.width * 10 + 10

    @property
    def latency(self) -> float:
        """Milliseconds a digit."""
        return 0.18 + self.parameters / 2e5

    @property
    def epoch_seconds(self) -> float:
        """How long an epoch takes."""
        return 4.0 + self.parameters / 4e4

    @property
    def misfit(self) -> float:
        """By how many powers of ten the learning rate misses the optimizer's best."""
        return math.log10(float(self.rate) / _BEST_RATE[self.optimizer])

    @property
    def diverges(self) -> bool:
        """Whether the learning rate is far too high."""
        return self.misfit > 1.25

    @property
    def error(self) -> float:
        """The share of digits that it gets wrong in the end."""
        small = 0.003 * max(0.0, 4.9 - math.log10(self.parameters))
        dropout = 0.0 if self.dropout is None else 0.02 * (self.dropout - 0.25) ** 2 - 0.0006
        augment = 0.0 if self.augment is None else -0.0004
        return 0.0078 + 0.004 * math.pow(abs(self.misfit), 1.5) + small + dropout + augment - self.edge

    @property
    def overfit(self) -> float:
        """By how much val/loss rises an epoch once the network knows its training data by heart."""
        regularised = self.dropout is not None or self.augment is not None
        return 0.0012 * max(0.0, math.log10(self.parameters) - 4.4) * (0.1 if regularised else 1.0)

    @property
    def params(self) -> dict[str, str]:
        """The parameters as the script logs them; what it was not told it does not log."""
        fixed = {"seed": "42", "batch_size": "128", "dataset": "mnist"}
        varied = {"optimizer": self.optimizer, "lr": self.rate, "layers": str(self.depth), "width": str(self.width)}
        if self.dropout is not None:
            varied["dropout"] = str(self.dropout)
        if self.augment is not None:
            varied["augment"] = self.augment
        return fixed | varied | {"epochs": str(self.epochs)}


def train(run: Run, network: Network, rng: random.Random, stop_after: int | None = None) -> None:
    """Log the curves of a training, which ``stop_after`` epochs cut short, and end the run."""
    run.params = network.params
    epochs = stop_after or network.epochs
    if network.diverges:
        epochs = _diverge(run, network, rng, epochs)
    else:
        _learn(run, network, rng, epochs)
    seconds = epochs * network.epoch_seconds
    if stop_after is None and run.status == "FINISHED":
        run.log("model/parameters", 0, seconds + 1, network.parameters)
        run.log("latency_ms", 0, seconds + 2, network.latency * rng.uniform(0.96, 1.04))
    run.finish(seconds + 3, run.status)


def _learn(run: Run, network: Network, rng: random.Random, epochs: int) -> None:
    tau = 1.3 * 10 ** (0.8 * max(0.0, -network.misfit))
    remembered = 0.9 if network.augment else 0.5 if network.dropout else 0.15
    for epoch in range(1, epochs + 1):
        elapsed = epoch * network.epoch_seconds
        to_learn = 0.35 * math.exp(-epoch / tau) + 0.03 * math.exp(-epoch / (4 * tau))
        wrong = network.error + to_learn + rng.gauss(0, 0.00018 + 0.1 * to_learn)
        train_wrong = max(1e-5, network.error * remembered + 1.1 * to_learn + rng.gauss(0, 0.0002 + 0.03 * to_learn))
        rise = network.overfit * max(0.0, epoch - 6 - 2 * tau) ** 0.9
        rate = float(network.rate)
        if network.augment:
            rate *= 0.5 + 0.5 * math.cos(math.pi * epoch / network.epochs)
        run.log("train/loss", epoch, elapsed, 3.1 * train_wrong + abs(rng.gauss(0, 0.0006)))
        run.log("val/loss", epoch, elapsed, 3.4 * wrong + rise + rng.gauss(0, 0.0006 + 0.03 * rise))
        run.log("train/accuracy", epoch, elapsed, 1 - train_wrong)
        run.log("val/accuracy", epoch, elapsed, round((1 - wrong) * 10_000) / 10_000)
        run.log("lr", epoch, elapsed, rate)
        run.log("grad_norm", epoch, elapsed, (0.4 + 6 * to_learn) * math.exp(rng.gauss(0, 0.25)))


def _diverge(run: Run, network: Network, rng: random.Random, epochs: int) -> int:
    """Log a loss that grows until it is no number. RMSprop's script notices at once; the others go on to the end."""
    end = rng.randint(3, 5)
    for epoch in range(1, epochs + 1):
        elapsed = epoch * network.epoch_seconds
        norm = 8.0 * 40.0**epoch if epoch < end else math.inf if epoch == end else math.nan
        loss = 2.3 * 4.0**epoch * rng.uniform(0.8, 1.2) if epoch <= end else math.nan
        run.log("train/loss", epoch, elapsed, loss)
        run.log("val/loss", epoch, elapsed, loss * 1.1)
        run.log("train/accuracy", epoch, elapsed, rng.gauss(0.1, 0.004))
        run.log("val/accuracy", epoch, elapsed, 0.098)
        run.log("lr", epoch, elapsed, float(network.rate))
        run.log("grad_norm", epoch, elapsed, norm)
        if norm == math.inf and network.optimizer == "rmsprop":
            run.status = "FAILED"
            return epoch
    return epochs
