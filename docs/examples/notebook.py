"""A track in a notebook: its windows, its verdict and where its music changes; ``python notebook.py song.mp3``."""

import sys

from model.analyzer import Analyzer
from model.audio.decode import decode
from model.classifier import Classifier
from model.result import classify
from model.scorer import Scorer

analyzer = Analyzer(Scorer(Classifier()), hop_seconds=0.5)  # Classifier(Path("runs/own")): your own model
track = decode(sys.argv[1])

for window in analyzer.analyze(track):
    print(window.start_sample, window.state, window.probabilities.round(2))

heard = classify(analyzer, track)  # what the command line prints with --json
print(heard["genre"], heard["share"], heard["segments"])
