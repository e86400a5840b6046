"""Training: examples, network, fit, export, and the doors' source. Only this package may load torch."""
