"""Imports networks that others trained: a file of Keras, ONNX or torch becomes a model folder. Trusts no file."""
