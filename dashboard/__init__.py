"""The page and its HTTP service. It asks `model` what it hears; `model` knows nothing of it."""

import logging
import os

logging.getLogger(__name__).addHandler(logging.NullHandler())

# Before NumPy is there: a service answers side by side already, and threads within its small matrix products only wait.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
