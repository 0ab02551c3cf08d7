"""Fitting the network and exporting what was fitted. Imports TensorFlow only inside functions."""
