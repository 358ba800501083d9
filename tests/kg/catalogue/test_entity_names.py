"""What an entity may be called where a parameter expects one, and what an error suggests."""

from __future__ import annotations

import contextlib

import pytest

from kg.catalogue.query_header import Parameter
from kg.reader.entity_names import UnknownEntityError, resolve
from kg.reader.reader import Reader


def parameter(*classes: str) -> Parameter:
    return Parameter("wanted", "iri", "id:natto", classes=classes)


@pytest.mark.parametrize(
    ("classes", "text", "curie"),
    [
        (("vitk:VitaminKForm",), "MK-7", "id:menaquinone-7"),
        (("vitk:VitaminKForm",), "https://w3id.org/vitk/id/menaquinone-7", "id:menaquinone-7"),
        (("vitk:Drug",), "Coumadin", "id:warfarin"),
        (("vitk:Drug",), "WARFARIN", "id:warfarin"),
        # Classes whose members are not in the search index.
        (("doco:Section",), "Diabetes management", "id:section-diabetes"),
        (("doco:Section",), "section-diabetes", "id:section-diabetes"),
        (("vitk:Standing",), "not assessed", "vitk:notAssessedStanding"),
        (("vitk:Hedge",), "shows promise", "vitk:showsPromise"),
        (("vitk:AssessedDirection",), "for", "vitk:for"),
        (("vitk:Verdict",), "Supported", "vitk:supported"),
        (("vitk:Certainty",), "low", "vitk:lowCertainty"),
        (("vitk:FlawKind",), "overstated", "vitk:overstated"),
        (("owl:Class",), "drug", "vitk:Drug"),
        (("owl:Class",), "Drug", "vitk:Drug"),
        (("owl:ObjectProperty",), "needs", "vitk:needs"),
        ((), "needs", "vitk:needs"),
        ((), "osteocalcin", "id:osteocalcin"),
        # A food table by its name, its IRI, and the graph of its rows.
        (("vitk:FoodCompositionTable",), "USDA SR28", "id:usda-sr28"),
        (("vitk:FoodCompositionTable",), "id:usda-sr28", "id:usda-sr28"),
        (("vitk:FoodCompositionTable",), "graph:usda-sr28", "id:usda-sr28"),
        (("vitk:FoodCompositionTable", "void:Dataset"), "usda-sr28", "id:usda-sr28"),
        (("vitk:FoodCompositionTable", "void:Dataset"), "graph:claims", "graph:claims"),
    ],
)
def test_a_name_means_its_entity(reader: Reader, classes: tuple[str, ...], text: str, curie: str) -> None:
    assert reader.vocabulary.shorten(resolve(reader, parameter(*classes), text)) == curie


@pytest.mark.parametrize(
    ("classes", "text", "nearest"),
    [
        (("vitk:Drug",), "warfarine x", "id:warfarin"),
        (("doco:Section",), "Diabetes manegement", "id:section-diabetes"),
        (("vitk:Standing",), "overstatd", "vitk:overstatedStanding"),
        # Of a few members, all may be meant.
        (("vitk:Standing",), "zzz", "vitk:consistentStanding"),
        (("vitk:Standing",), "Supported", "vitk:thinlySupportedStanding"),
        (("vitk:Polarity",), "yes", "vitk:affirms"),
        (("vitk:FoodCompositionTable",), "graph:usda-sr29", "id:usda-sr28"),
        (("owl:Class",), "drugg", "vitk:Drug"),
    ],
)
def test_an_unknown_name_is_reported_with_what_may_be_meant(
    reader: Reader, classes: tuple[str, ...], text: str, nearest: str
) -> None:
    with pytest.raises(UnknownEntityError, match="there is no") as error:
        resolve(reader, parameter(*classes), text)
    assert nearest in error.value.nearest
    assert "Did you mean" in str(error.value)


def test_every_class_that_a_parameter_names_has_members_with_names(reader: Reader) -> None:
    """So a name is accepted wherever an entity is expected."""
    resolved = set()
    for query in reader.catalogue.public():
        for expecting in query.parameters:
            # Amounts of tables have no names.
            if expecting.type in ("iri", "iris") and expecting.classes != ("vitk:Measurement",):
                for curie in expecting.example.split(","):
                    iri = reader.vocabulary.expand(curie)
                    (reference,) = reader.references([], extra=[iri]).values()
                    # Foods of tables and amounts may share a name; then the error lists them.
                    with contextlib.suppress(UnknownEntityError):
                        assert resolve(reader, expecting, reference.label) == iri, (query.name, expecting.name)
                        resolved.add(curie)
    assert len(resolved) > 40
