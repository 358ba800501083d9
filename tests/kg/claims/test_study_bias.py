"""Who judged the risk of bias of a study, as its page shows it."""

from __future__ import annotations

import pytest

from kg.claims.study_bias import bias_of_study
from kg.reader.reader import Reader

CONCEALED = "concealment of the allocation"


@pytest.mark.parametrize(
    ("study", "published_at", "overall", "finds_it_concealed"),
    [
        ("study-cheung-2008", "https://www.ncbi.nlm.nih.gov/pubmedhealth/PMH0015001/", [], False),
        ("study-kearon-2003", "10.7326/ACPJC-2004-140-2-037", [], True),
    ],
    ids=["at an address", "with a DOI"],
)
def test_an_assessment_of_bias_names_its_publication_and_its_judgement(
    study: str, published_at: str, overall: list[str], finds_it_concealed: bool, reader: Reader
) -> None:
    [one] = bias_of_study(reader, reader.vocabulary.expand(f"id:{study}"))
    assert (one.doi or one.address) == published_at
    assert all([one.publication, one.given, one.place])
    assert [risk.label for risk in [one.overall] if risk] == overall
    assert (CONCEALED in [domain.label for domain in one.low]) == finds_it_concealed


def test_a_study_that_nobody_judged_has_no_assessment_of_bias(reader: Reader) -> None:
    assert bias_of_study(reader, reader.vocabulary.expand("id:study-hao-2017")) == []
