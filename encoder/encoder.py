"""Texts to vectors: the tokenizer, the network and the batches between them.

The network is a six-layer transformer of width 384 (MiniLM, Wang et al. 2020, in the training of
Sentence-BERT, Reimers & Gurevych 2019), fine-tuned on intents and categories by `jobs.encoder`.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from encoder.errors import BrokenEncoderError
from encoder.memory import give_back

Vectors = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

FOLDER = Path(__file__).parent / "data"
"""Where the released encoder lies."""
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
WIDTH = 384
"""Numbers in a vector."""
THREADS = 2
MAX_TOKENS = 64
_MAX_CHARS = 1_000
"""Code points of a text that are read; more would be cut off by `MAX_TOKENS` anyway."""
_BATCH_TOKENS = 512
"""Tokens in a batch, padding included: memory stays small, the processor is kept busy."""


def shortened(tokenizer: Any) -> Any:
    """Set a tokenizer to what training and serving share: no padding, `MAX_TOKENS` at most."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


class Encoder:
    """The encoder of a folder; its files are read when the first text is encoded.

    Safe to share between threads. It keeps no text: whoever meets the same text again keeps its
    vector.

    Args:
        folder: Holds `MODEL` and `TOKENIZER`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loading = Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts in normal form (`nlu.normalise`, `enrichment.reading.Reading.text`).

        A text's vector does not depend on the texts beside it, but for the last bits of the
        arithmetic. Case makes no difference. Long texts are cut to `MAX_TOKENS` tokens.

        Args:
            texts: Any, empty ones too; give each distinct text once.

        Returns:
            One row of length 1 a text, [texts, `WIDTH`], in the order of the texts.

        Raises:
            BrokenEncoderError: The files are missing or unreadable.
        """
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        if not texts:
            return vectors
        with self._loading:
            tokenizer, session = self._parts
        found = tokenizer.encode_batch([_encodable(text) for text in texts])
        tokens = [each.ids for each in found]
        for rows in _batches([len(ids) for ids in tokens]):
            ids, mask = _padded([tokens[row] for row in rows])
            vectors[rows] = session.run(["vectors"], {"ids": ids, "mask": mask})[0]
        return vectors

    @cached_property
    def _parts(self) -> tuple[Any, Any]:
        # Importing onnxruntime costs a process 40 MB that it may never need.
        import onnxruntime  # noqa: PLC0415
        from tokenizers import Tokenizer  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        # Threads that spin while they wait would take the cores from the other services.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            text = (self._folder / TOKENIZER).read_text(encoding="utf-8")
            # By its path: handed over as bytes the file would stay in memory twice.
            session = onnxruntime.InferenceSession(
                self._folder / MODEL, options, providers=["CPUExecutionProvider"]
            )
            parts = shortened(Tokenizer.from_str(text)), session
        except Exception as error:  # both libraries raise bare exceptions of their own
            raise BrokenEncoderError(
                f"The encoder in {self._folder} cannot be read; put back its files or train it "
                "again with jobs.encoder."
            ) from error
        give_back()
        return parts


def load(folder: Path = FOLDER) -> Encoder:
    """Return the encoder of a folder; nothing is read before it is used."""
    return Encoder(folder)


def _encodable(text: str) -> str:
    """The beginning of a text without lone surrogates, which the tokenizer cannot take."""
    return text[:_MAX_CHARS].encode("utf-8", "ignore").decode("utf-8")


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Rows of like length together, `_BATCH_TOKENS` tokens at most."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[row] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    yield batch


def _padded(tokens: Sequence[Sequence[int]]) -> tuple[Ids, Ids]:
    """Token ids filled up with zeros, and 1 where a token stands."""
    ids = np.zeros((len(tokens), max(map(len, tokens))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, each in enumerate(tokens):
        ids[row, : len(each)] = each
        mask[row, : len(each)] = 1
    return ids, mask
