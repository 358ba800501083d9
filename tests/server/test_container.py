"""The images of ``Containerfile``, built here and run as ``compose.yaml`` says: no root, nothing writable but a volume."""

from __future__ import annotations

import csv
import json
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import minimal_curated
from tests.support.committed import committed_files
from tests.support.container import running
from tests.support.container.images import Image, Storage, storage
from tests.support.container.running import LENT, Container, container
from tests.support.paths import ROOT
from tests.support.waiting import wait_until

pytestmark = pytest.mark.system

MAX_BYTES = 400_000_000
# Seconds that a container may take to end with no query under way; engines kill it after ten by default.
STOP = 8.0
# Seconds until a small graph is built, proven and served, on a machine that is busy.
START = 300.0
ADDRESS = "http://127.0.0.1:8000"
READY = f"import urllib.request as r; r.urlopen({ADDRESS + '/readyz'!r})"
NOT_INSTALLED = ("server/ui/", "server/virtuoso/")


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    with storage(tmp_path_factory.mktemp("container")) as made:
        yield made


@pytest.fixture(scope="module")
def image(images: Storage) -> Image:
    return images.build("vitk")


@pytest.fixture
def curated(tmp_path: Path) -> Path:
    """A few entities, so that a build takes seconds."""
    return minimal_curated.write(tmp_path / "curated")


def rows(served: Container, query: str) -> list[list[str]]:
    answer = served.fetch(f"{ADDRESS}/sparql?format=csv&query={urllib.parse.quote(query)}")
    return list(csv.reader(answer.splitlines()))[1:]


def release(served: Container) -> str:
    return str(json.loads(served.fetch(f"{ADDRESS}/healthz"))["release"])


def test_the_image_is_small_and_its_user_is_not_root(image: Image) -> None:
    assert image.bytes <= MAX_BYTES
    assert 0 not in image.ids(image.config["User"])
    assert (set(image.config["Volumes"]), set(image.config["ExposedPorts"])) == ({"/var/lib/vitk"}, {"8000/tcp"})
    assert image.config["Healthcheck"]["Test"][0] == "CMD"


def test_the_image_holds_what_an_installation_holds_and_no_tools_of_the_build(image: Image) -> None:
    (installed,) = image.root.glob("opt/vitk/lib/python3*/site-packages")
    ours = [name for name in committed_files() if name.startswith(("kg/", "ontology/", "server/"))]
    expected = [name for name in ours if not name.startswith(NOT_INSTALLED)]
    differing = [name for name in expected if (installed / name).read_bytes() != (ROOT / name).read_bytes()]
    assert differing == []
    assert (installed / "server" / "static" / "dist" / "stamp.txt").is_file()
    folders = [image.root / folder for folder in ("usr/bin", "usr/local/bin", "opt/vitk/bin")]
    assert [path for path in folders for path in path.iterdir() if path.name in ("pip", "pip3", "node", "gcc")] == []


def test_the_service_has_a_read_only_root_one_volume_and_no_capability() -> None:
    for name in ("vitk", "virtuoso"):
        service = running.service(name)
        assert (service["read_only"], service["tmpfs"], len(service["volumes"])) == (True, ["/tmp"], 1)
        assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"])


def test_the_first_start_builds_a_release_and_the_second_serves_it(image: Image, curated: Path, tmp_path: Path) -> None:
    service = running.service("vitk")
    volume = tmp_path / "releases"
    with container(image, service, volume, lent=curated, VITK_CURATED_DIR=LENT) as served:
        served.wait_until_healthy(START)
        built = release(served)
        assert "HermiT: consistent" in served.output()
        assert "phylloquinone" in served.fetch(f"{ADDRESS}/page/phylloquinone")
        assert rows(served, 'SELECT ?s { ?s <http://www.w3.org/2000/01/rdf-schema#label> "phylloquinone"@en }') == [
            ["https://w3id.org/vitk/id/phylloquinone"]
        ]
        assert served.run("touch", "/opt/vitk/file").stderr.endswith("Read-only file system\n")
        assert served.run("sh", "-c", "grep CapBnd /proc/1/status; id -u").stdout.split()[1:] == ["0" * 16, "10001"]
        assert served.stop(STOP) == 0
    (volume.with_suffix(".log")).write_bytes(b"")
    with container(image, service, volume, lent=curated, VITK_CURATED_DIR=LENT) as served:
        served.wait_until_healthy(START)
        assert release(served) == built
        assert "publish" not in served.output()
        assert served.stop(STOP) == 0


def test_a_stop_ends_the_first_build_too(image: Image, tmp_path: Path) -> None:
    with container(image, running.service("vitk"), tmp_path / "releases") as building:
        wait_until(lambda: (tmp_path / "releases" / "build.lock").exists(), START)
        assert not building.is_healthy()
        assert building.stop(STOP) != 0


def test_queries_of_users_run_on_the_virtuoso_after_a_push(
    images: Storage, image: Image, curated: Path, tmp_path: Path
) -> None:
    store = "http://127.0.0.1:8890/sparql"
    with container(images.build("virtuoso"), running.service("virtuoso"), tmp_path / "store") as virtuoso:
        virtuoso.wait_until_healthy(START)
        given = {"VITK_CURATED_DIR": LENT, "VITK_REMOTE_ENDPOINT": store}
        volume = tmp_path / "releases"
        with container(image, running.service("vitk"), volume, lent=curated, network_of=virtuoso, **given) as served:
            served.wait_until_healthy(START)
            pushed = served.run("vitk", "push", "--update", store)
            assert pushed.returncode == 0, pushed.stderr
            wait_until(lambda: served.run("python", "-c", READY).returncode == 0)
            assert rows(served, 'SELECT ?s { ?s <http://www.w3.org/2000/01/rdf-schema#label> "phylloquinone"@en }') == [
                ["https://w3id.org/vitk/id/phylloquinone"]
            ]
        assert virtuoso.stop(60) == 0
