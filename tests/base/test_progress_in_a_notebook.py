"""The bar of long work in a notebook that a kernel runs."""

import pytest

nbformat = pytest.importorskip("nbformat", reason="the extra 'test' is not installed")
nbclient = pytest.importorskip("nbclient", reason="the extra 'test' is not installed")
pytest.importorskip("ipykernel", reason="the extra 'test' is not installed")

CODE = """
import munu
with munu.progress_bar() as progress:
    munu.coverage("coherent-csi", at=[0.0, 1e-9], toys=600, progress=progress)
"""


def test_a_kernel_shows_the_bar_and_takes_it_away():
    """Its front end gets the bar again and again, in one place; the notebook keeps no trace."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
    messages = []

    class Client(nbclient.NotebookClient):
        def process_message(self, msg, cell, cell_index):
            messages.append(msg)
            return super().process_message(msg, cell, cell_index)

    Client(notebook, timeout=120, kernel_name="python3").execute()
    shown = [m["content"] for m in messages if m["msg_type"].endswith("display_data")]
    texts = [one["data"]["text/plain"] for one in shown]
    assert len({one["transient"]["display_id"] for one in shown}) == 1
    assert texts[0] == "Toy experiments"
    assert any("1200/1200" in text and "█" * 30 in text for text in texts)
    assert any("░" in text for text in texts)
    (output,) = notebook.cells[0].outputs
    assert output["data"]["text/plain"] == ""
