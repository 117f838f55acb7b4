"""LightGBM's own library called directly, for serving.

The Python package of LightGBM imports pandas and scikit-learn where they are installed, some 70 MB
that a serving process has no use for; its C interface needs none of that.
"""

from __future__ import annotations

import ctypes
import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

_FLOAT32, _RAW, _ROW_MAJOR = 0, 1, 1
_FEW = 16
_NAMES = ("lib_lightgbm.so", "lib_lightgbm.dylib", "lib_lightgbm.dll")


class TreesError(RuntimeError):
    """LightGBM's library is missing, or it refused a model or an input."""


@cache
def _library() -> ctypes.CDLL:
    spec = importlib.util.find_spec("lightgbm")
    for root in (spec.submodule_search_locations or ()) if spec else ():
        for place in (Path(root) / "lib", Path(root) / "bin", Path(root)):
            for name in _NAMES:
                if (place / name).is_file():
                    library = ctypes.CDLL(str(place / name))
                    library.LGBM_GetLastError.restype = ctypes.c_char_p
                    return library
    raise TreesError("LightGBM's library was not found; install the package lightgbm.")


@cache
def _predict_one() -> Callable[..., int]:
    predict = _library().LGBM_BoosterPredictForMatSingleRowFast
    predict.argtypes = [ctypes.c_void_p] * 4
    return predict


def _check(code: int) -> None:
    if code != 0:
        said = _library().LGBM_GetLastError().decode("utf-8", "replace")
        raise TreesError(f"LightGBM refused: {said}")


class Trees:
    """A fitted booster.

    Args:
        path: A model file as LightGBM's `save_model` writes it.

    Raises:
        TreesError: The file is no model.
    """

    def __init__(self, path: Path) -> None:
        self._handle = ctypes.c_void_p()
        self._single: dict[int, ctypes.c_void_p] = {}
        rounds = ctypes.c_int()
        _check(
            _library().LGBM_BoosterCreateFromModelfile(
                str(path).encode(), ctypes.byref(rounds), ctypes.byref(self._handle)
            )
        )

    def __del__(self) -> None:
        """Frees the booster."""
        for config in self._single.values():
            _library().LGBM_FastConfigFree(config)
        if self._handle:
            _library().LGBM_BoosterFree(self._handle)

    def scores(self, features: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Raw scores, one a row, on one thread: more cores enrich more people at once.

        Args:
            features: One row a candidate.
        """
        rows, columns = features.shape
        given = np.ascontiguousarray(features, dtype=np.float32)
        found = np.empty(rows, dtype=np.float64)
        if rows <= _FEW:
            self._one_by_one(given, found)
            return found
        length = ctypes.c_int64()
        _check(
            _library().LGBM_BoosterPredictForMat(
                self._handle,
                given.ctypes.data_as(ctypes.c_void_p),
                ctypes.c_int(_FLOAT32),
                ctypes.c_int32(rows),
                ctypes.c_int32(columns),
                ctypes.c_int(_ROW_MAJOR),
                ctypes.c_int(_RAW),
                ctypes.c_int(0),
                ctypes.c_int(-1),
                b"num_threads=1",
                ctypes.byref(length),
                found.ctypes.data_as(ctypes.POINTER(ctypes.c_double)),
            )
        )
        return found

    def _one_by_one(self, given: npt.NDArray[np.float32], found: npt.NDArray[np.float64]) -> None:
        """Fills in the scores of a few rows, which as a matrix cost more than they themselves."""
        rows, columns = given.shape
        if columns not in self._single:
            config = ctypes.c_void_p()
            _check(
                _library().LGBM_BoosterPredictForMatSingleRowFastInit(
                    self._handle, _RAW, 0, -1, _FLOAT32, columns, b"num_threads=1",
                    ctypes.byref(config),
                )
            )  # fmt: skip
            self._single[columns] = config
        length = ctypes.c_int64()
        written = ctypes.byref(length)
        config, predict = self._single[columns], _predict_one()
        source, target = given.ctypes.data, found.ctypes.data
        for _ in range(rows):
            _check(predict(config, source, written, target))
            source, target = source + given.strides[0], target + found.itemsize
