"""Training: data, network, augmentation, fit, evaluation, export. The one room that may load torch."""
