"""Real MLflow servers, a TLS endpoint and a faulty proxy before them: see `tests.servers.fixtures`."""
