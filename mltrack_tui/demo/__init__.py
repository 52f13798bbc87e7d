"""A demonstration store in MLflow's own schema: three experiments of believable training, made in a second."""

from mltrack_tui.demo.make import make_demo

__all__ = ["make_demo"]
