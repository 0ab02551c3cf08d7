"""Sound and genre: decoding, windows, features, the network's scores; research in `model.study`.

It knows nothing of the page. Importing it loads nothing heavy; TensorFlow is imported only by the modules that
train and export.
"""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())
