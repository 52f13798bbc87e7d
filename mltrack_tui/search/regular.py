"""Regular expressions that no text can make slow."""

from collections.abc import Callable
from functools import lru_cache

import re2


@lru_cache(maxsize=32)
def compiled(pattern: str) -> Callable[[str], bool]:
    """Whether the expression occurs in a text; in any case unless it has a capital letter."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    options.case_sensitive = any(character.isupper() for character in pattern)
    expression = re2.compile(pattern, options)
    return lambda text: expression.search(text) is not None
