"""From the trained body to one ONNX file with weights of eight bits.

Weights are rounded to int8 with one scale for each output channel (each word of the embedding) and
widened again when the file is loaded; activations stay float32. So a text's vector depends neither
on what stands beside it in a batch nor on which integer instructions a processor has, as it would
with activations quantised by the range of a batch.
"""

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from jobs.encoder_body import Body

_OPSET = 17
_LARGEST = 127


def _rounded(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Int8 values and the scale of each row."""
    scale = weight.detach().abs().amax(dim=1, keepdim=True).clamp_min(1e-8) / _LARGEST
    return (weight.detach() / scale).round().to(torch.int8), scale


class _Linear(nn.Module):
    """A linear layer that keeps int8 weights."""

    def __init__(self, full: nn.Linear) -> None:
        super().__init__()
        weight, scale = _rounded(full.weight)
        # Stored as it is multiplied, so that loading needs no transposed copy.
        self.register_buffer("weight", weight.T.contiguous())
        self.register_buffer("scale", scale.T.contiguous())
        self.register_buffer("bias", full.bias.detach())

    def forward(self, rows: Tensor) -> Tensor:
        return rows @ (self.weight.to(torch.float32) * self.scale) + self.bias


class _Embedding(nn.Module):
    """A table of words that keeps int8 rows; only those that a text has are widened."""

    def __init__(self, full: nn.Embedding) -> None:
        super().__init__()
        weight, scale = _rounded(full.weight)
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        words = nn.functional.embedding(ids, self.weight).to(torch.float32)
        return words * nn.functional.embedding(ids, self.scale)


def rounded(body: Body) -> Body:
    """Replace the weights of a body by int8 ones, in place, and return it."""
    body.requires_grad_(False)
    body.words = _Embedding(body.words)
    for layer in body.layers:
        for name, part in list(layer.named_children()):
            if isinstance(part, nn.Linear):
                setattr(layer, name, _Linear(part))
    body.eval()
    return body


def export(body: Body, path: Path) -> None:
    """Write a body as ONNX: ``ids`` and ``mask`` [texts, tokens] to ``vectors`` [texts, 384].

    Args:
        body: As `rounded` returned it for the released file, or whole for comparison.
        path: The file to write.
    """
    ids = torch.tensor([[101, 2054, 102], [101, 102, 0]])
    texts, tokens = {0: "texts"}, {0: "texts", 1: "tokens"}
    with warnings.catch_warnings():
        # The newer exporter folds constants, which would widen the weights again.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            body.eval(),
            (ids, (ids > 0).long()),
            str(path),
            input_names=["ids", "mask"],
            output_names=["vectors"],
            dynamic_axes={"ids": tokens, "mask": tokens, "vectors": texts},
            opset_version=_OPSET,
            do_constant_folding=False,
            dynamo=False,
        )
