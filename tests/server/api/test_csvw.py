"""CSV of the API with its description: every column as it is, and readable by a program that is not ours."""

from __future__ import annotations

import csv
import io
import json
import re
import warnings

import pytest
from flask.testing import FlaskClient

from tests.support.servers import Running

# A chart, an endpoint by topic with pages, claims with flaws, units in columns, and a table without rows.
PATHS = (
    "/api/v1/queries/foods-by-form?form=mk-7",
    "/api/v1/queries/results-for-an-outcome?outcome=coronary+heart+disease",
    "/api/v1/queries/reference-intakes",
    "/api/v1/queries/interactions?with=calcium",
    "/api/v1/foods?form=mk-4&limit=20",
)


@pytest.mark.parametrize("path", PATHS)
def test_csv_names_its_description_which_describes_every_column(path: str, client: FlaskClient) -> None:
    table = client.get(path + ("&" if "?" in path else "?") + "format=csv")
    link = next(value for value in table.headers.getlist("Link") if 'rel="describedby"' in value)
    assert 'type="application/csvm+json"' in link
    found = client.get(re.findall("<http://[^/]+([^>]+)>", link)[0])
    assert (found.status_code, found.mimetype) == (200, "application/csvm+json")
    described = json.loads(found.data)
    assert client.get(re.findall("http://[^/]+(.+)", described["url"])[0]).data == table.data
    header, *rows = csv.reader(io.StringIO(table.text, newline=""))
    columns = described["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == header
    for place, column in enumerate(columns):
        cells = [row[place] for row in rows if row[place]]
        if column["datatype"] in ("decimal", "integer"):
            assert [float(cell) for cell in cells] or not cells
        if column["datatype"] == "anyURI":
            assert all(":" in cell for cell in cells)


def test_numbers_have_units_and_columns_their_property(client: FlaskClient) -> None:
    path = "/api/v1/queries/foods-by-form.csvw?form=mk-7"
    columns = {one["name"]: one for one in json.loads(client.get(path).data)["tableSchema"]["columns"]}
    amount = columns["microgramsPer100Grams"]
    assert (amount["datatype"], amount["dc:description"]) == ("decimal", "Unit: µg per 100 g")
    assert amount["propertyUrl"] == "https://w3id.org/vitk/ontology#microgramsPer100Grams"
    assert "propertyUrl" not in columns["foodName"]


def test_accept_gives_the_description_and_an_invalid_parameter_is_an_error(client: FlaskClient) -> None:
    accept = {"Accept": "application/csvm+json"}
    assert client.get(PATHS[0], headers=accept).mimetype == "application/csvm+json"
    assert client.get("/api/v1/queries/foods-by-form?form=mk-77&format=csvw").status_code == 400


@pytest.mark.system
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", PATHS)
def test_csvw_reads_the_csv_of_a_server_by_its_link(path: str, disk_server: Running) -> None:
    """The program finds the description by itself, and raises an error where a cell is not of its datatype."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from csvw import CSVW

    read = CSVW(disk_server.address + path + ("&" if "?" in path else "?") + "format=csv", validate=True)
    assert read.is_valid
    (table,) = read.to_json()["tables"]
    assert len(table["row"]) > 0
