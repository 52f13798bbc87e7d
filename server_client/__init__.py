"""A typed, asynchronous client for MLflow tracking servers and what is compatible with them."""
