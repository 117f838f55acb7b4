"""Fits linear classifiers over the sentence encoder's vectors."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from encoder import Head

Floats = npt.NDArray[np.float32]
_STRENGTH = 10.0
"""Inverse of the penalty: unit vectors need large weights."""
_ROUNDS = 200


def fit_head(
    vectors: Floats, labels: Sequence[str], weights: Sequence[float] | None = None
) -> Head:
    """Fit multinomial logistic regression.

    Args:
        vectors: One row a text; further columns may stand beside the encoder's.
        labels: One a row, of two classes at least.
        weights: What each row counts; all alike where None.

    Raises:
        ValueError: There is one class only.
    """
    model = LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS, tol=1e-3)
    model.fit(vectors, labels, sample_weight=None if weights is None else np.asarray(weights))
    if len(model.classes_) == 2:
        # Two classes share one row of weights there; here each has its own.
        weight = np.vstack((-model.coef_, model.coef_)) / 2
        bias = np.concatenate((-model.intercept_, model.intercept_)) / 2
    else:
        weight, bias = model.coef_, model.intercept_
    return Head(
        tuple(map(str, model.classes_)), weight.T.astype(np.float32), bias.astype(np.float32)
    )
