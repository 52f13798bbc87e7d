"""MLflow's own SQLite store, read and never written."""

from mltrack_tui.sources.sqlite.source import SqliteSource, open_store

__all__ = ["SqliteSource", "open_store"]
