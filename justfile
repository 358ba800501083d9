set shell := ["bash", "-euo", "pipefail", "-c"]
set positional-arguments

# Tools of the project's own virtual environment come first, where there is one.
export PATH := justfile_directory() / ".venv/bin" + ":" + env("PATH")

# The Python from which `setup` makes the virtual environment: 3.11 or newer.
python := env("PYTHON", "python3")

# List the recipes.
default:
    @just --justfile '{{ justfile() }}' --list --unsorted

# Make .venv with vitk (editable) and all test tools; take pre-commit's hooks where pre-commit is installed.
setup:
    test -d .venv || '{{ python }}' -m venv .venv
    .venv/bin/pip install -e '.[exchange-test]'
    if command -v pre-commit >/dev/null; then pre-commit install; fi

# Run the tests that need no Debian packages, on all cores.
test *args:
    pytest "$@"

# Run only tests that do without a full release.
test-quick *args:
    pytest -m "not system and not full_release" "$@"

# Run the tests with real browsers, engines and containers; they need root and the Debian packages of .ci/run.
test-system *args:
    pytest -m system "$@"

# Check format, lint, types, layers and spelling; change nothing.
lint:
    ruff format --check .
    ruff check .
    mypy
    lint-imports
    codespell

# Format the code, and fix what ruff can fix by itself.
format:
    ruff format .
    ruff check --fix .

# Build the wheel into dist/.
build:
    pip wheel --no-deps --wheel-dir dist .

# Build the graph where there is none of the present data, and serve it.
serve *args:
    vitk serve "$@"

# Run a benchmark of tests/benchmarks by its name: just bench first_step
bench name *args:
    python -m "tests.benchmarks.$1" "${@:2}"

# Run the tests with coverage; pages with every line go to build/coverage/html.
coverage *args:
    pytest -n auto --cov --cov-report=term --cov-report=html "$@"

# Run all that CI runs, from nothing; it installs Debian packages, so it wants root where they are missing.
ci:
    bash .ci/run
