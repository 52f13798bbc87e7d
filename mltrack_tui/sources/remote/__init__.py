"""MLflow tracking servers as sources."""

from mltrack_tui.sources.remote.source import RemoteSource, open_server

__all__ = ["RemoteSource", "open_server"]
