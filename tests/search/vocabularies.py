"""Names for tests of the filter language."""

from datetime import UTC, datetime

from mltrack_tui.domain.query import Columns, Direction
from mltrack_tui.search.vocabulary import CandidateVocabulary

NOW = int(datetime(2026, 11, 21, 12, 30, tzinfo=UTC).timestamp() * 1000)
COLUMNS = Columns(
    params=("a b", "both", "lr", "model", "optimizer"),
    metrics=("acc", "both", "loss", "nan", "val/loss", "точность"),
    tags=("mlflow.user", "team"),
)
VOCABULARY = CandidateVocabulary(COLUMNS, {"loss": Direction.MIN, "acc": Direction.MAX}, NOW, UTC)
