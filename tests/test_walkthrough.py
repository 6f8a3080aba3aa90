"""The notebook of the documentation runs as it stands, and stays a walk of fifteen lines."""

import nbformat
from nbclient import NotebookClient

from commands import PROJECT

NOTEBOOK = PROJECT / "docs" / "walkthrough.ipynb"


def test_the_walkthrough_is_kept_without_results_in_fifteen_lines() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)
    lines = [line for cell in cells for line in cell.source.splitlines()]
    assert len([line for line in lines if line and "import" not in line]) <= 15


def test_the_walkthrough_ends_in_named_segments_and_a_figure() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute(cwd=str(PROJECT))
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    texts = " ".join(output.get("data", {}).get("text/plain", "") for output in outputs)
    assert "('separated', 5," in " ".join(texts.split())
    for name in ("Celebrity Accounts", "Community Builders", "Niche Engagement Specialists"):
        assert name in texts
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert not [output for output in outputs if output.output_type == "stream"]
