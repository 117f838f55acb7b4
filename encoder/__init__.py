"""A small sentence encoder: texts to vectors, by onnxruntime, without PyTorch."""

from encoder.encoder import FOLDER, WIDTH, Encoder, load
from encoder.errors import BrokenEncoderError, BrokenHeadError, EncoderError
from encoder.head import Head, load_head

__all__ = [
    "FOLDER",
    "WIDTH",
    "BrokenEncoderError",
    "BrokenHeadError",
    "Encoder",
    "EncoderError",
    "Head",
    "load",
    "load_head",
]
