"""One table: a flag wins over the environment, the environment over the file, the file over the default."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import settings
from kg.errors import VitkError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_flag_environment_file_and_default_in_this_order(file: Path) -> None:
    file.write_text("port = 8003\nworkers = 3\nquery_workers = 4\n", "utf-8")
    environment = {"VITK_PORT": "8002", "VITK_WORKERS": "2"}
    loaded = settings.load({"port": "8001", "workers": None}, environment, file)
    assert (loaded.port, loaded.workers, loaded.query_workers, loaded.host) == (8001, 2, 4, "127.0.0.1")


def test_the_file_can_be_named_in_the_environment(file: Path) -> None:
    file.write_text('base_iri = "https://example.org/k"\n', "utf-8")
    assert settings.load({}, {"VITK_SETTINGS": str(file)}).base_iri == "https://example.org/k/"


def test_every_setting_survives_the_way_to_a_child_process() -> None:
    given = settings.Settings(
        port=0, base_iri="https://example.org/k/", query_timeout=2.5, public_url="https://vitk.example"
    )
    assert settings.load({}, settings.environment_of(given)) == given


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", "eighty"), ("port", "70000"), ("workers", "0"), ("base_iri", "vitk"), ("base_iri", "https://a b/"),
     ("base_iri", "http://[::1"), ("base_iri", "https://a/%zz"), ("base_iri", "http://"), ("query_timeout", "0"),
     ("query_timeout", "nan"), ("query_memory_mib", "10"), ("public_url", "ftp://x"), ("public_url", "https://a b/"),
     ("public_url", "https://ä.example"), ("public_url", "https://a/?x=1"), ("public_url", "http://[::1"),
     ("public_url", "https://a:b/"), ("remote_endpoint", "http://a b/"), ("service_allowlist", "http://a/ http://[b"),
     ("host", ""), ("host", "a b"), ("host", "*"), ("data_dir", ""), ("data_dir", "\udcff"), ("data_dir", "~nobody-here/x")],
)  # fmt: skip
def test_values_that_cannot_be_used_are_reported_with_their_origin(name: str, value: str) -> None:
    with pytest.raises(VitkError, match=f"--{name.replace('_', '-')}"):
        settings.load({name: value}, {})
    with pytest.raises(VitkError, match=f"VITK_{name.upper()}"):
        settings.load({}, {f"VITK_{name.upper()}": value})


@pytest.mark.parametrize(
    ("content", "message"),
    [("prot = 8000", "did you mean port"), ("port = ", "not a TOML file"), ("port = 'x'", "invalid value"), ("zzz = 1", "known keys"),
     ("host = 'µ'", "not UTF-8")],
)  # fmt: skip
def test_a_broken_file_is_reported_with_path_and_line(file: Path, content: str, message: str) -> None:
    file.write_text(f"\nworkers = 1\n{content}\n", "latin-1")
    with pytest.raises(VitkError, match=message) as caught:
        settings.load({}, {}, file)
    assert f"{file}:3: " in str(caught.value)


@pytest.mark.parametrize("content", ["\ufeffport = 8003\n", "# x\r\nport = 8003\r\n", "# x\rport = 8003\r"])
def test_the_file_is_read_whatever_editor_wrote_it(file: Path, content: str) -> None:
    file.write_text(content, "utf-8", newline="")
    assert settings.load({}, {}, file).port == 8003


@pytest.mark.parametrize("content", ["port = " + "9" * 5000, "port = " + "[" * 3000])
def test_a_file_that_the_reader_of_toml_gives_up_on_is_reported(file: Path, content: str) -> None:
    file.write_text(content, "utf-8")
    with pytest.raises(VitkError, match="not a TOML file"):
        settings.load({}, {}, file)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("port", "8003\r", 8003), ("access_log", " yes ", True), ("base_iri", "https://a/k\r\n", "https://a/k/"),
     ("data_dir", "/data\r", Path("/data")), ("public_url", "https://a/k/ ", "https://a/k"), ("host", "[::1]", "::1")],
)  # fmt: skip
def test_what_other_systems_put_around_a_value_is_left_out(name: str, value: str, expected: object) -> None:
    assert getattr(settings.load({}, {f"VITK_{name.upper()}": value}), name) == expected


def test_a_settings_file_that_nobody_named_may_be_out_of_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    assert settings.load({}, {}) == settings.Settings()


def test_a_named_file_that_is_not_there_is_reported(file: Path) -> None:
    with pytest.raises(VitkError, match="no such settings file"):
        settings.load({}, {}, file)


@pytest.mark.parametrize(
    ("name", "near"), [("VITK_QUERY_TIMOUT", "VITK_QUERY_TIMEOUT"), ("VITK_IN_MEMORY_QUAD", "VITK_IN_MEMORY_QUADS")]
)
def test_a_misspelt_variable_is_reported_with_the_nearest_setting(name: str, near: str) -> None:
    with pytest.raises(VitkError, match=f"Unknown environment variable {name}; did you mean {near}"):
        settings.load({}, {name: "3"})


@pytest.mark.parametrize("name", ["VITK_SERVICE_HOST", "VITK_PORT_8000_TCP", "VITK_TEST_RELEASES", "VITK_SETTINGS"])
def test_variables_that_others_name_are_no_concern(name: str) -> None:
    environment = {name: "" if name == "VITK_SETTINGS" else "tcp://10.0.0.1:8000"}
    assert settings.load({}, environment) == settings.Settings()
