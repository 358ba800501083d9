"""The notebooks of the guide: they run, they give what their pages show, and the pages are pages as all others are."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from kg.api import notebooks
from kg.api.units import in_micrograms
from kg.errors import VitkError
from server.guide import notebook_pages, notebook_text
from tests.support.ports import reserved_port
from tests.support.servers import Running
from tests.support.waiting import becomes_true

# Set to record the outputs anew, after a change of notebooks or data.
RECORD = "RECORD_NOTEBOOKS"


@pytest.fixture(scope="module")
def diary() -> Iterator[str]:
    """The address of a store of somebody's own: the engine's server, with nothing in it."""
    with reserved_port() as port:
        program = Path(sys.executable).with_name("oxigraph")
        process = subprocess.Popen([program, "serve", "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL)
        address = f"http://127.0.0.1:{port}"
        assert becomes_true(lambda: responds(address), 20)
        yield address
        process.terminate()
        process.wait(10)


def responds(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=5).close()
    except OSError:
        return False
    return True


@pytest.fixture
def parameters(request: pytest.FixtureRequest, data_dir: Path) -> dict[str, Any]:
    if request.node.callspec.params["name"] != "federation":
        return {"DATA_DIR": data_dir}
    server: Running = request.getfixturevalue("disk_server")
    return {"VITK": server.address, "DIARY": request.getfixturevalue("diary")}


@pytest.mark.parametrize("name", notebook_pages.NOTEBOOKS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_notebook_gives_what_its_page_shows(name: str, parameters: dict[str, Any]) -> None:
    found = notebooks.run(notebook_pages.path_of(name), parameters)
    if RECORD in os.environ:
        notebook_pages.recorded(name).write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    recorded = json.loads(notebook_pages.recorded(name).read_text("utf-8"))
    assert found == recorded, f"{RECORD}=1 pytest {Path(__file__).name} records it anew; read what changed"


@pytest.mark.parametrize("name", notebook_pages.NOTEBOOKS)
def test_a_page_shows_all_of_a_notebook_and_loads_nothing_from_other_hosts(name: str, client: FlaskClient) -> None:
    page = client.get(f"/guide/notebooks/{name}").text
    cells = json.loads(notebook_pages.recorded(name).read_text("utf-8"))["cells"]
    outputs = [cell["output"] for cell in cells if "output" in cell]
    assert page.count('class="output"') == len(outputs) > 1
    assert page.count("<svg xmlns") == page.count('role="img"') == sum(one["type"] == "figure" for one in outputs)
    for cell in cells:
        if cell["type"] == "code":
            assert cell["source"] in unescape(page)
    assert len(page.encode()) <= 100_000
    assert page.count("<h1>") == 1 and " style=" not in page
    assert re.findall(r'(?:src|<link[^>]*href)="https?://[^"]*', page) == []
    source = client.get(f"/guide/notebooks/{name}.py")
    assert source.data == notebook_pages.path_of(name).read_bytes()


def test_the_guide_leads_to_every_notebook(client: FlaskClient) -> None:
    assert 'href="/guide/notebooks"' in client.get("/guide").text
    page = client.get("/guide/notebooks").text
    assert all(f'href="/guide/notebooks/{name}"' in page for name in notebook_pages.NOTEBOOKS)


def test_the_text_of_notebooks_has_headings_lists_and_code() -> None:
    found = notebook_text.blocks("# A `b`\n\ntwo\nlines\n\n- one\n  more\n- `two`\n")
    assert [block.tag for block in found] == ["h1", "p", "ul"]
    assert [(span.text, span.is_code) for span in found[0].lines[0]] == [("A ", False), ("b", True)]
    assert [[span.text for span in line] for line in found[2].lines] == [["one more"], ["two"]]


def test_a_notebook_without_a_title_or_with_an_unknown_parameter_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("# %% [markdown]\n# # T\n\n# %% parameters\nX = 1\n\n# %%\nX + 1\n", "utf-8")
    assert notebooks.run(path, {"X": 2})["cells"][-1]["output"] == {"type": "text", "text": "3"}
    with pytest.raises(VitkError, match="no parameter Y"):
        notebooks.run(path, {"Y": 2})
    path.write_text("# %%\n1\n", "utf-8")
    with pytest.raises(VitkError, match="title"):
        notebooks.run(path, {})


def test_amounts_in_other_units_than_those_of_mass_are_not_converted() -> None:
    import pandas

    unit = "http://qudt.org/vocab/unit/"
    frame = pandas.DataFrame({"minimum": [1.0, 2.0, None], "unit": [unit + "MilliGM", unit + "MicroGM", None]})
    frame.attrs["units"] = {"minimum": "?unit per day"}
    found = in_micrograms(frame, "minimum")
    assert found.minimum.tolist()[:2] == [1000, 2] and found.minimum.isna().tolist() == [False, False, True]
    assert found.attrs["units"]["minimum"] == "µg per day" and frame.minimum.tolist()[0] == 1
    for other in (unit + "IU", None):
        with pytest.raises(VitkError, match="Only µg, mg and g"):
            in_micrograms(frame.assign(unit=[other, unit + "GM", None]), "minimum")
