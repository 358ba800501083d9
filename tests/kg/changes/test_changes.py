"""What changed between two releases: in triples, in words, and why an assessment is another one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import RdfFormat, Store

from kg.changes import history, quads
from kg.changes.report import ChangeReport, EntityChange, PropertyChange, TableChange, report
from kg.cli import commands
from kg.errors import VitkError
from kg.release.release import Release, Releases
from tests.kg.changes.small_release import make
from tests.support.paths import BASE

ONTOLOGY = """graph:ontology {
  vitk:EffectProposition rdfs:subClassOf vitk:Proposition . vitk:EffectClaim rdfs:subClassOf vitk:Claim .
  vitk:Trial rdfs:subClassOf vitk:Study . vitk:for rdfs:label "for" . vitk:mixed rdfs:label "mixed" .
  vitk:lowCertainty rdfs:label "low" . vitk:moderateCertainty rdfs:label "moderate" .
  vitk:highCertainty rdfs:label "high" . vitk:markerOnly rdfs:label "a marker only" .
}
"""
STUDIES = """graph:evidence {
  id:study-a a vitk:Trial ; rdfs:label "Trial A" . id:study-b a vitk:Trial ; rdfs:label "Trial B" .
  id:line-a a vitk:EvidenceLine ; rdfs:label "A found less" ; vitk:study id:study-a .
  id:line-b a vitk:EvidenceLine ; rdfs:label "B found less" ; vitk:study id:study-b .
}
"""


def assessed(certainty: str, deciding: str, more: str = "", direction: str = "for") -> str:
    """A proposition with its assessment, decided by the lines of some trials."""
    decide = " ".join(
        f"id:line-{one}--on--p vitk:ofLine id:line-{one} ; vitk:decides id:proposition-p ." for one in deciding
    )
    return f"""{ONTOLOGY}{STUDIES}graph:propositions {{ id:proposition-p a vitk:EffectProposition ; rdfs:label "K helps." }}
graph:assessments {{ id:proposition-p vitk:assessedDirection vitk:{direction} ; vitk:certainty vitk:{certainty} .
  {decide} {more} }}
"""


def compared(data: Path, old: str, new: str, code: str = "same") -> ChangeReport:
    earlier, later = make(data, "aaa", old), make(data, "bbb", new, predecessor="aaa", code=code)
    return report(earlier, later, quads.changed_quads(earlier, later))


WHY = {
    "a new study": (
        assessed("lowCertainty", "a").replace("id:line-b a vitk:EvidenceLine ; ", "").replace(
            'rdfs:label "B found less" ; vitk:study id:study-b .', "id:study-b rdfs:label \"Trial B\" ."
        ),
        assessed("moderateCertainty", "ab"),
        ("for, low certainty", "for, moderate certainty", 1),
        ["New evidence from Trial B: B found less"],
    ),
    "a study that is set aside": (
        assessed("highCertainty", "ab"),
        assessed("lowCertainty", "a", "id:line-b--on--p vitk:setAsideFor vitk:markerOnly ."),
        ("for, high certainty", "for, low certainty", -2),
        ["Evidence from Trial B is set aside now (a marker only): B found less"],
    ),
    "a study that is corrected": (
        assessed("moderateCertainty", "a"),
        assessed("lowCertainty", "a").replace("id:line-a a", "id:line-a vitk:finding vitk:less ; a"),
        ("for, moderate certainty", "for, low certainty", -1),
        ["What is recorded of Trial A changed: A found less"],
    ),
    "a step": (
        assessed("moderateCertainty", "a", "id:proposition-p vitk:loweredForBias 0 ; vitk:peopleStudied 90 ."),
        assessed("lowCertainty", "a", "id:proposition-p vitk:loweredForBias 1 ; vitk:peopleStudied 90 ."),
        ("for, moderate certainty", "for, low certainty", -1),
        ["Lowered for risk of bias: 0 before, 1 now."],
    ),
    "evidence that is gone": (
        assessed("moderateCertainty", "ab"),
        assessed("lowCertainty", "a").replace("id:line-b a", "id:other a"),
        ("for, moderate certainty", "for, low certainty", -1),
        ["Evidence from Trial B was removed: B found less"],
    ),
    "another direction": (
        assessed("lowCertainty", "a"),
        assessed("lowCertainty", "a", direction="mixed"),
        ("for, low certainty", "mixed, low certainty", 0),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "changed", "why"), WHY.values(), ids=WHY)
def test_an_assessment_that_changed_says_why(
    old: str, new: str, changed: tuple[str, str, int], why: list[str], tmp_path: Path
) -> None:
    (found,) = compared(tmp_path, old, new).assessments
    assert (found.was, found.now, found.rank) == changed
    assert (found.label, found.is_certainty) == ("K helps.", changed[2] != 0)
    assert list(found.why) == why


def test_another_method_is_a_reason_too(tmp_path: Path) -> None:
    found = compared(tmp_path, assessed("lowCertainty", "a"), assessed("highCertainty", "a"), code="other")
    assert [one.split(",")[0] for one in found.assessments[0].why] == [
        "The method or the ontology of the build changed too"
    ]


def test_what_is_reversed_comes_first(tmp_path: Path) -> None:
    other = "id:proposition-z vitk:assessedDirection vitk:{} ; vitk:certainty vitk:lowCertainty ."
    old = assessed("lowCertainty", "a", other.format("for"))
    new = assessed("highCertainty", "a", other.format("against"))
    first, second = compared(tmp_path, old, new).assessments
    assert (first.iri, first.turn, first.is_certainty) == (f"{BASE}id/proposition-z", "reversed", False)
    assert (second.turn, second.is_certainty) == ("", True)


def test_a_certainty_comes_before_a_direction(tmp_path: Path) -> None:
    other = "id:proposition-a vitk:assessedDirection vitk:{} ."
    old = assessed("lowCertainty", "a", other.format("mixed"))
    new = assessed("moderateCertainty", "a", other.format("for"))
    assert [one.iri for one in compared(tmp_path, old, new).assessments] == [
        f"{BASE}id/proposition-p",
        f"{BASE}id/proposition-a",
    ]


def test_what_came_went_and_changed_is_listed_by_kind(tmp_path: Path) -> None:
    old = (
        ONTOLOGY
        + """
graph:claims { id:claim-1 a vitk:EffectClaim ; rdfs:label "It helps." . }
graph:entities { id:natto rdfs:label "natto" ; rdfs:comment "old" ; rdfs:seeAlso id:claim-1 . }
graph:a-table { id:row-1 rdfs:label "one" . id:row-2 rdfs:label "two" . }"""
    )
    new = (
        ONTOLOGY
        + """
graph:claims { id:claim-2 a vitk:EffectClaim ; rdfs:label "It may help." . }
graph:entities { id:natto rdfs:label "natto" ; rdfs:comment "new" ; rdfs:seeAlso id:claim-1 . }
graph:a-table { id:row-1 rdfs:label "1" . id:row-3 rdfs:label "three" . }"""
    )
    found = compared(tmp_path, old, new)
    assert found.entities == (
        EntityChange(f"{BASE}id/claim-2", "It may help.", "claim", "added"),
        EntityChange(f"{BASE}id/claim-1", "It helps.", "claim", "removed"),
        EntityChange(f"{BASE}id/natto", "natto", "entity", "changed", (PropertyChange(COMMENT, ("old",), ("new",)),)),
    )
    assert found.tables == (TableChange(f"{BASE}graph/a-table", 1, 1, 1),)
    assert ChangeReport.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert [entity.change for entity in found.about(f"{BASE}id/natto")[1]] == ["changed"]


COMMENT = "comment"


def test_a_patch_turns_one_release_into_the_other(tmp_path: Path) -> None:
    old = make(tmp_path, "aaa", assessed("lowCertainty", "a"))
    new = make(tmp_path, "bbb", assessed("highCertainty", "b"))
    changed = quads.changed_quads(old, new)
    lines = list(quads.patch(changed, old.id, new.id, BASE))
    assert lines[0] == f"H id <{BASE}dataset/release/bbb> .\n".encode()
    assert lines[1] == f"H prev <{BASE}dataset/release/aaa> .\n".encode()
    store = Store()
    store.extend(Store.read_only(str(old.store)))
    for line in lines[3:-1]:
        (quad,) = store_of(line[2:])
        (store.add if line[:1] == b"A" else store.remove)(quad)
    assert set(store) == set(Store.read_only(str(new.store)))
    assert quads.changed_quads(new, new) == quads.ChangedQuads((), ())


@pytest.mark.parametrize("damage", ["cut off", "overwritten", "gone"])
def test_a_dump_that_cannot_be_read_is_named(damage: str, tmp_path: Path) -> None:
    old = make(tmp_path, "aaa", assessed("lowCertainty", "a"))
    new = make(tmp_path, "bbb", assessed("highCertainty", "b"))
    content = new.dump.read_bytes()
    if damage == "gone":
        new.dump.unlink()
    else:
        new.dump.write_bytes(content[: len(content) // 2] if damage == "cut off" else b"x" * len(content))
    with pytest.raises(VitkError, match="Release bbb can't be read"):
        quads.changed_quads(old, new)


def store_of(line: bytes) -> Store:
    store = Store()
    store.load(line, format=RdfFormat.N_QUADS)
    return store


def test_the_history_outlives_the_releases(tmp_path: Path) -> None:
    make(tmp_path, "aaa", assessed("lowCertainty", "a"))
    second = make(tmp_path, "bbb", assessed("highCertainty", "a"), predecessor="aaa")
    third = make(tmp_path, "ccc", assessed("lowCertainty", "b"), predecessor="bbb")
    assert history.record(tmp_path, second)
    assert history.record(tmp_path, third)
    Releases(tmp_path).prune(1)
    assert [one.release for one in history.chain(tmp_path, third)] == ["ccc", "bbb"]
    assert history.record(tmp_path, third) == history.read(tmp_path, "ccc"), "it is made once"


def test_a_release_whose_predecessor_is_gone_has_no_changes(tmp_path: Path) -> None:
    release = make(tmp_path, "bbb", ONTOLOGY, predecessor="aaa")
    assert history.record(tmp_path, release) is None
    assert list(history.chain(tmp_path, release)) == []


# The arguments of vitk diff, and what is in its output or its error.
COMMANDS = {
    "by default, the last change": ([], "for, low certainty → for, high certainty"),
    "two releases": (["bbb", "aaa"], "for, high certainty → for, low certainty"),
    "JSON": (["--format", "json"], '"now": "for, high certainty"'),
    "a patch": (["--format", "patch"], "\nTC .\n"),
    "what is not there": (["aaa", "zzz"], "There is no release 'zzz'"),
    "no predecessor": (["", "aaa"], "Release aaa has no predecessor; name two releases"),
}


@pytest.mark.parametrize(("arguments", "said"), COMMANDS.values(), ids=COMMANDS)
def test_the_command_reports_the_changes(arguments: list[str], said: str, tmp_path: Path) -> None:
    make(tmp_path, "aaa", assessed("lowCertainty", "a"))
    make(tmp_path, "bbb", assessed("highCertainty", "a"), predecessor="aaa")
    done = CliRunner().invoke(commands, ["diff", *arguments, "--data-dir", str(tmp_path)])
    assert said in done.stdout + done.stderr, done.exception


def test_releases_of_different_base_iris_are_not_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "aaa", ONTOLOGY)
    make(tmp_path, "bbb", ONTOLOGY)
    real = Release.base_iri.fget  # type: ignore[attr-defined]
    assert real
    monkeypatch.setattr(Release, "base_iri", property(lambda release: real(release) + release.id))
    done = CliRunner().invoke(commands, ["diff", "aaa", "bbb", "--data-dir", str(tmp_path)])
    assert done.stderr == "vitk: aaa and bbb have different base IRIs, so they share no entity.\n"
