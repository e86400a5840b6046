"""Imports networks that others trained: a Keras, ONNX or torch.export file becomes a model folder. Trusts no file."""
