"""Great Expectations, imported once and quietly: the other modules of this room take it from here.

Importing it takes seconds, so nobody imports this module before there is something to check.
"""

from __future__ import annotations

import os
import warnings

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

with warnings.catch_warnings():
    # GX 1.24 imports two modules that Python renamed long ago.
    warnings.filterwarnings("ignore", r"module 'sre_\w+' is deprecated", DeprecationWarning)
    import great_expectations as gx

__all__ = ["gx"]
