"""The experiment ``churn``: gradient-boosted trees on a table of customers, mostly a search by Optuna."""

import math
import random
from statistics import NormalDist

from mltrack_tui.demo.artifacts import csv_file, failure_files, json_file, model_folder, training_files
from mltrack_tui.demo.datasets import table_dataset
from mltrack_tui.demo.logbook import Logbook, days_ago
from mltrack_tui.demo.machine import log_system_metrics
from mltrack_tui.demo.values import Experiment, Run
from mltrack_tui.domain.entities import NOTE_TAG

_SCRIPT = "churn/train.py"
_USERS = ("tomasz", "tomasz", "ines")
_CURVES = ("train/logloss", "valid/logloss", "valid/auc")
_PACKAGES = ("lightgbm==4.5.0", "scikit-learn==1.5.2", "pandas==2.2.3")
_ROUNDS, _EVERY = 150, 5
_COLUMNS = {
    "tenure_months": "long",
    "monthly_charges": "double",
    "contract": "string",
    "support_calls": "long",
    "data_usage_gb": "double",
    "payment_method": "string",
    "late_payments": "long",
    "churned": "boolean",
}

_NOTE = """\
# Who will cancel next month?

Scored by **`profit_eur`** on the held-out month: a call costs 4 €, a customer kept is worth 61 €.
AUC alone misleads: see `lightgbm-cv`, whose folds differ by more than the best twenty trials do.
"""


def make_churn() -> Experiment:
    """The experiment."""
    return _Churn().make()


class _Churn:
    def __init__(self) -> None:
        self._rng = random.Random("churn")
        self._book = Logbook(self._rng, 2, script=_SCRIPT, users=_USERS, first=days_ago(17), pause=6.6)
        uri = {"uri": "s3://customers/churn/2026-10/customers.parquet"}
        self._inputs = ((table_dataset("customers-2026-10", "s3", uri, _COLUMNS, 48_213), "training"),)

    def make(self) -> Experiment:
        for library, quality in (("random_forest", 0.012), ("xgboost", 0.002), ("catboost", 0.001), ("lightgbm", 0.0)):
            self._boost(f"{library}-defaults", self._settings(library, "0.1"), quality)
        self._cross_validate("lightgbm-cv", "lightgbm")
        self._optuna()
        self._cross_validate("catboost-cv", "catboost")
        failed = self._boost("xgboost-gpu-hist", self._settings("xgboost", "0.05"), rounds=10)
        failed.status = "FAILED"
        failed.files = failure_files(failed, _CURVES, "xgboost.core.XGBoostError: CUDA driver is too old")
        settings = self._settings("lightgbm", "0.1") | {"num_leaves": "31", "monotone": "late_payments"}
        final = self._boost("lightgbm-monotone", settings, -0.005)
        final.note("Monotone in `late_payments`, so that the call centre believes it. *Best profit.*")
        running = self._boost("lightgbm-monotone-2026-11", settings, at=days_ago(0.008), rounds=60)
        running.status, running.end, running.files = "RUNNING", None, {}
        tags = {NOTE_TAG: _NOTE, "team": "growth"}
        return Experiment(2, "churn", days_ago(17.1), tuple(self._book.runs), tags)

    def _settings(self, library: str, rate: str, *, depth: int | None = None) -> dict[str, str]:
        settings = {"seed": "7", "library": library, "learning_rate": rate, "n_estimators": str(_ROUNDS)}
        if library == "lightgbm":
            settings |= {"num_leaves": str(self._rng.choice((15, 31, 63, 127)))}
        else:
            settings |= {"max_depth": str(depth or 6)}
        return settings

    def _optuna(self) -> None:
        study = self._parent("optuna-lightgbm", {"sampler": "TPE", "direction": "maximize", "n_trials": "40"})
        for trial in range(40):
            # The sampler explores first, then stays where it was good.
            rates = ("0.01", "0.02", "0.03", "0.05", "0.1", "0.2", "0.3") if trial < 16 else ("0.05", "0.1", "0.2")
            rate = self._rng.choice(rates)
            settings = self._settings("lightgbm", rate)
            settings["min_child_samples"] = str(self._rng.randrange(5, 100, 5))
            settings["subsample"] = str(self._rng.choice((0.6, 0.7, 0.8, 0.9, 1.0)))
            if self._rng.random() < 0.6:
                settings["reg_lambda"] = self._rng.choice(("1e-3", "0.01", "0.1", "1.0", "10"))
            pruned = trial > 8 and self._rng.random() < 0.15
            run = self._boost(f"trial-{trial:02}", settings, parent=study, rounds=40 if pruned else _ROUNDS)
            if pruned:
                run.status = "KILLED"
                run.tags["optuna.state"] = "PRUNED"
        self._book.close(study, "best/valid/auc", "valid/auc", max)

    def _cross_validate(self, name: str, library: str) -> None:
        parent = self._parent(name, {"folds": "5", "library": library})
        settings = self._settings(library, "0.05")
        for fold in range(5):
            quality = self._rng.gauss(0, 0.006)
            self._boost(f"{name}-fold-{fold}", settings | {"fold": str(fold)}, quality, parent=parent)
        self._book.close(parent, "mean/valid/auc", "valid/auc", _mean)

    def _parent(self, name: str, params: dict[str, str]) -> Run:
        run = self._book.start(name)
        run.params = {"seed": "7"} | params
        return run

    def _boost(
        self,
        name: str,
        settings: dict[str, str],
        quality: float = 0.0,
        *,
        parent: Run | None = None,
        at: int | None = None,
        rounds: int = _ROUNDS,
    ) -> Run:
        rng = self._rng
        run = self._book.start(name, parent=parent, at=at)
        run.params, run.inputs = settings, self._inputs
        best = _curves(run, rng, quality, rounds)
        run.finish(rounds * 0.9 + 4)
        if rounds == _ROUNDS:
            _score(run, rng, best)
            run.files = {"feature_importance.csv": _importance(rng)}
        if parent is None and rounds == _ROUNDS:
            run.files |= training_files(run, _CURVES)
            log_system_metrics(run, rng, gpu=False)
            weights = b"\x80\x04\x95" + rng.randbytes(6000)
            run.files |= model_folder(run, flavour="lightgbm", packages=_PACKAGES, weights=weights)
            run.files["predictions.csv"] = _predictions(rng)
            run.files["schema.json"] = json_file(_COLUMNS)
            run.files |= _evaluation(best)
        return run


def _curves(run: Run, rng: random.Random, quality: float, rounds: int) -> float:
    """Log the boosting's curves, the training's going on down where the validation's turns; return the best AUC."""
    rate = float(run.params["learning_rate"])
    leaves = int(run.params.get("num_leaves", "40"))
    best = 0.0
    for step in range(_EVERY, rounds + 1, _EVERY):
        fitted = 1 - math.exp(-step * rate / 2.2)
        too_much = max(0.0, step * rate - 4.5) * leaves * 2.2e-5
        elapsed = step * 0.9
        auc = 0.5 + 0.361 * fitted - too_much * 0.8 - quality + rng.gauss(0, 0.0012)
        best = max(best, auc)
        run.log(
            "train/logloss", step, elapsed, 0.69 - 0.33 * fitted - step * rate * leaves * 5e-5 / (1 + step * rate / 9)
        )
        run.log("valid/logloss", step, elapsed, 0.69 - 0.29 * fitted + too_much + quality + rng.gauss(0, 0.0008))
        run.log("train/auc", step, elapsed, min(0.999, 0.5 + 0.39 * fitted + too_much * 0.5))
        run.log("valid/auc", step, elapsed, auc)
    return best


def _score(run: Run, rng: random.Random, best: float) -> None:
    seconds = _ROUNDS * 0.9 + 2
    run.log("test/auc", 0, seconds, best - abs(rng.gauss(0.004, 0.002)))
    run.log("test/precision_at_500", 0, seconds, 0.41 + 1.1 * (best - 0.84) + rng.gauss(0, 0.008))
    run.log("profit_eur", 0, seconds, round(9100 + 210_000 * (best - 0.85) + rng.gauss(0, 150)))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _importance(rng: random.Random) -> bytes:
    features = [name for name in _COLUMNS if name != "churned"]
    gains = sorted((round(rng.expovariate(1 / 800), 1) for _ in features), reverse=True)
    return csv_file(("feature", "gain"), zip(features, gains, strict=True))


def _predictions(rng: random.Random) -> bytes:
    rows = ((f"C-{rng.randrange(10**6):06}", round(rng.random() ** 3, 4), int(rng.random() < 0.2)) for _ in range(120))
    return csv_file(("customer", "probability", "churned"), rows)


def _evaluation(auc: float) -> dict[str, bytes]:
    """The two curves of a classifier with this area: scores of both classes normal, one standard deviation each."""
    normal = NormalDist()
    apart = normal.inv_cdf(auc) * math.sqrt(2)
    rates = [(fpr / 100, normal.cdf(apart + normal.inv_cdf(fpr / 100))) for fpr in range(1, 100)]
    roc = [(0.0, 0.0), *((fpr, round(tpr, 4)) for fpr, tpr in rates), (1.0, 1.0)]
    true_share = 0.2
    precisions = (tpr * true_share / (tpr * true_share + fpr * (1 - true_share)) for fpr, tpr in rates)
    recalls = ((round(precision, 4), round(tpr, 4)) for precision, (_, tpr) in zip(precisions, rates, strict=True))
    return {
        "evaluation/roc_curve.csv": csv_file(("fpr", "tpr"), roc),
        "evaluation/precision_recall_curve.csv": csv_file(("precision", "recall"), recalls),
    }
