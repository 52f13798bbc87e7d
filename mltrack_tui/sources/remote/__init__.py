"""MLflow tracking servers as sources."""
