"""Where what a user may set lies."""

from pathlib import Path


def config_path() -> Path:
    """The file; there may be none."""
    from platformdirs import user_config_path  # most words on a command line need it not

    return user_config_path("mltrack") / "config.toml"
