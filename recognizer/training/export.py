"""Exports torch modules to ONNX, checked and without metadata: every machine writes the same file."""

import logging
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from recognizer.files import name_in_errors

OPSET = 18


def to_onnx(
    module: nn.Module, inputs: Mapping[str, Tensor], outputs: list[str], dynamic: Mapping[str, dict[int, str]]
) -> onnx.ModelProto:
    """Return the module as a checked ONNX graph without metadata or doc strings.

    inputs: an example of each input by name, no axis of size 1; dynamic: the names of each input's dynamic axes.
    Raises `onnx.checker.ValidationError` for an invalid graph.
    """
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # torch warns about torchvision, which is not needed
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own deprecations
        program = torch.onnx.export(
            module.eval(),
            tuple(inputs.values()),
            dynamo=True,
            verbose=False,
            input_names=list(inputs),
            output_names=outputs,
            dynamic_shapes=tuple(dict(dynamic[name]) for name in inputs),
            opset_version=OPSET,
        )
    assert program is not None  # noqa: S101 — None only if a file name is given
    model = drop_unused(strip_metadata(program.model_proto))
    onnx.checker.check_model(model, full_check=True)
    return model


def strip_metadata(model: onnx.ModelProto) -> onnx.ModelProto:
    """Remove names of source files, stack traces and versions, in place: they differ between machines."""
    model.producer_name = model.producer_version = model.doc_string = ""
    del model.metadata_props[:]
    for graph in graphs(model.graph):
        graph.doc_string = ""
        del graph.metadata_props[:], graph.value_info[:]
        for part in [*graph.node, *graph.input, *graph.output, *graph.initializer]:
            part.doc_string = ""
            del part.metadata_props[:]
    return model


def drop_unused(model: onnx.ModelProto) -> onnx.ModelProto:
    """Remove constants that nothing reads, in place: a browser's console warns of them."""
    parts = list(graphs(model.graph))
    read = {value for graph in parts for node in graph.node for value in node.input}
    read |= {output.name for graph in parts for output in graph.output}
    for graph in parts:
        kept = [constant for constant in graph.initializer if constant.name in read]
        del graph.initializer[:]
        graph.initializer.extend(kept)
    return model


def shorten_names(model: onnx.ModelProto) -> onnx.ModelProto:
    """Drop the nodes' names and number the values, in place, except the graph's inputs and outputs.

    Every visitor loads the doors; names are a third of a door's file.
    """
    names = {part.name: part.name for part in [*model.graph.input, *model.graph.output]} | {"": ""}
    for graph in graphs(model.graph):
        for part in [*graph.input, *graph.output, *graph.initializer]:
            part.name = names.setdefault(part.name, f"v{len(names)}")
        for node in graph.node:
            node.name = ""
            for values in (node.input, node.output):
                values[:] = [names.setdefault(value, f"v{len(names)}") for value in values]
    return model


def graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    """Yield the graph and its subgraphs."""
    yield graph
    for branch in (part.g for node in graph.node for part in node.attribute if part.HasField("g")):
        yield from graphs(branch)


def write(model: onnx.ModelProto, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with name_in_errors(file):
        file.write_bytes(model.SerializeToString(deterministic=True))
