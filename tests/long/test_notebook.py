"""The notebook runs from its first cell to its last in this environment."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytestmark = pytest.mark.skipif(
    not os.environ.get("FLORIN_LONG"), reason="a long test: set FLORIN_LONG, or run .ci/long"
)


@pytest.mark.timeout(1_800)
def test_the_notebook_trains_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLORIN_NOTEBOOK_LINES", "20000")
    notebook = nbformat.read(ROOT / "notebooks" / "intents.ipynb", as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=1_500, resources={"metadata": {"path": str(ROOT)}}
    )
    client.execute()
    said = "".join(
        output.get("text", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert "fit: unchanged" in said
