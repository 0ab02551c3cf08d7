"""Where training and test data come from: GTZAN's feature cache, published splits, folders of audio."""
