"""The transformer body of the sentence encoder in PyTorch: only training needs it.

A BERT encoder (Devlin et al. 2019) of the size of MiniLM (Wang et al. 2020): six layers of width
384 with twelve heads, mean pooling, unit length. Written out, so that the exported graph holds
nothing that serving does not need.
"""

import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

WIDTH = 384
_HEADS = 12
_LAYERS = 6
_INNER = 1536
_WORDS = 30522
_PLACES = 512
_EPSILON = 1e-12
_MASKED = -1e4
"""Added to the scores of padding; far below any real score, still small in half precision."""


class Layer(nn.Module):
    """Self-attention and a feed-forward net, each with a residual and a norm after it."""

    def __init__(self) -> None:
        super().__init__()
        self.attend = nn.Linear(WIDTH, 3 * WIDTH)
        self.mix = nn.Linear(WIDTH, WIDTH)
        self.mix_norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.widen = nn.Linear(WIDTH, _INNER)
        self.narrow = nn.Linear(_INNER, WIDTH)
        self.narrow_norm = nn.LayerNorm(WIDTH, eps=_EPSILON)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """One layer over [texts, tokens, width]."""
        query, key, value = (_heads(part) for part in self.attend(hidden).split(WIDTH, dim=2))
        scores = query @ key.transpose(2, 3) / math.sqrt(WIDTH / _HEADS) + mask
        mixed = (scores.softmax(dim=3) @ value).transpose(1, 2).flatten(2)
        hidden = self.mix_norm(self.mix(mixed) + hidden)
        inner = nn.functional.gelu(self.widen(hidden))
        out: Tensor = self.narrow_norm(self.narrow(inner) + hidden)
        return out


def _heads(part: Tensor) -> Tensor:
    return part.unflatten(2, (_HEADS, WIDTH // _HEADS)).transpose(1, 2)


class Body(nn.Module):
    """Token ids to one unit vector a text."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(_WORDS, WIDTH)
        self.places = nn.Embedding(_PLACES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(_LAYERS))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Encode padded texts.

        Args:
            ids: Token ids, [texts, tokens].
            mask: 1 for a token, 0 for padding, of the same shape.

        Returns:
            Mean-pooled vectors of length 1, [texts, 384].
        """
        weight = mask.unsqueeze(2).to(torch.float32)
        blocked = (1 - weight).transpose(1, 2).unsqueeze(1) * _MASKED
        place = self.places.weight[: ids.shape[1]]
        hidden = self.norm(self.words(ids) + place)
        for layer in self.layers:
            hidden = layer(hidden, blocked)
        mean = (hidden * weight).sum(1) / weight.sum(1)
        return mean / mean.norm(dim=1, keepdim=True)


def load_body(weights: Path) -> Body:
    """Read the published weights of all-MiniLM-L6-v2.

    Args:
        weights: The ``model.safetensors`` of a BERT encoder of this size.

    Raises:
        OSError: The file cannot be read.
        KeyError: It holds another kind of model.
    """
    found = load_file(weights)
    body = Body()
    state = {
        "words.weight": found["embeddings.word_embeddings.weight"],
        # One segment only: its embedding is the same for every token.
        "places.weight": found["embeddings.position_embeddings.weight"]
        + found["embeddings.token_type_embeddings.weight"][0],
    }
    state |= _both("norm", found, "embeddings.LayerNorm")
    for number in range(_LAYERS):
        ours, theirs = f"layers.{number}", f"encoder.layer.{number}"
        for kind in ("weight", "bias"):
            parts = [
                found[f"{theirs}.attention.self.{n}.{kind}"] for n in ("query", "key", "value")
            ]
            state[f"{ours}.attend.{kind}"] = torch.cat(parts)
        state |= _both(f"{ours}.mix", found, f"{theirs}.attention.output.dense")
        state |= _both(f"{ours}.mix_norm", found, f"{theirs}.attention.output.LayerNorm")
        state |= _both(f"{ours}.widen", found, f"{theirs}.intermediate.dense")
        state |= _both(f"{ours}.narrow", found, f"{theirs}.output.dense")
        state |= _both(f"{ours}.narrow_norm", found, f"{theirs}.output.LayerNorm")
    body.load_state_dict(state)
    return body


def _both(ours: str, found: dict[str, Tensor], theirs: str) -> dict[str, Tensor]:
    return {f"{ours}.{kind}": found[f"{theirs}.{kind}"] for kind in ("weight", "bias")}
