"""How good a network is: metrics, calibration figures, reports."""
