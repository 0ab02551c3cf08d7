"""The page and its HTTP service. It asks `model` what it hears; `model` knows nothing of it."""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())
