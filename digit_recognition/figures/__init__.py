"""The page /model/: how good the model in use is."""
