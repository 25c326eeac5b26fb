"""What people install: built from a checkout or from the source package, the wheel is the same, and works far from either."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TODAY = ("--today", "2026-11-09")


@dataclass(frozen=True)
class Packages:
    """The source package, the wheel made from the checkout, and the wheel made from the source package."""

    sdist: Path
    wheel: Path
    wheel_of_sdist: Path


def clean_environment() -> dict[str, str]:
    """Without what would lead a Python to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "VIRTUAL_ENV", "PIP_"))}


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command to its end, and give what it said. It must end well."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env=clean_environment(), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}{done.stderr}"
    return done.stdout


def built(source: Path, kind: str, to: Path) -> Path:
    """Build one package with what is installed here: no network."""
    run(sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", to, source, cwd=to.parent)
    (found,) = to.iterdir()
    return found


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    """All three, built once."""
    folder = tmp_path_factory.mktemp("packages")
    sdist = built(ROOT, "sdist", folder / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (unpacked,) = (folder / "unpacked").iterdir()
    return Packages(sdist, built(ROOT, "wheel", folder / "wheel"), built(unpacked, "wheel", folder / "wheel-of-sdist"))


def contents(wheel: Path) -> dict[str, str]:
    """Every file of a wheel with the digest of its bytes."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


def test_both_ways_lead_to_the_same_wheel(packages: Packages) -> None:
    """The same names, the same bytes; even the archives are equal."""
    assert packages.wheel.name == packages.wheel_of_sdist.name
    assert contents(packages.wheel) == contents(packages.wheel_of_sdist)
    assert packages.wheel.read_bytes() == packages.wheel_of_sdist.read_bytes()


def test_the_wheel_holds_all_of_the_package_and_nothing_else(packages: Packages) -> None:
    """Every module, data file, theme and starting plan; no tests, no compiled files, no example deals."""
    folders = {"src/planmark": "planmark", "themes": "planmark/_themes", "content/_templates": "planmark/_templates"}
    expected = {
        f"{inside}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, inside in folders.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in contents(packages.wheel) if ".dist-info/" not in name} == expected


def test_the_source_package_can_be_tested(packages: Packages) -> None:
    """It holds the sources, the tests and what people read first."""
    with tarfile.open(packages.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "PKG-INFO",
        "src/planmark/cli/__init__.py",
        "tests/packaging/test_packages.py",
    } <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(("build/", ".ruff", ".mypy", ".venv"))]


def test_the_wheel_says_what_it_is(packages: Packages) -> None:
    """Name, version, licence, what it needs, and the command."""
    with zipfile.ZipFile(packages.wheel) as archive:
        info = next(name.partition("/")[0] for name in archive.namelist() if ".dist-info/" in name)
        metadata = archive.read(f"{info}/METADATA").decode()
        commands = archive.read(f"{info}/entry_points.txt").decode()
    assert f"Name: planmark\nVersion: {PROJECT['version']}\n" in metadata
    assert "Requires-Python: >=3.11" in metadata
    assert metadata.count("Requires-Dist: ") >= len(PROJECT["dependencies"])
    assert "planmark = planmark.cli:main" in commands


@pytest.fixture(scope="module")
def installed(packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `planmark` of a fresh environment in which the wheel is installed; its dependencies are those of this one."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", scripts / "python", "install", "--quiet", "--no-deps", "--no-index")
    run(*pip, packages.wheel, cwd=folder)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n", encoding="utf-8")
    return scripts / "planmark"


def test_it_is_the_installed_one_that_runs(installed: Path, tmp_path: Path) -> None:
    """Not the checkout's, whose sources are not to be found from there."""
    where = run(installed.with_name("python"), "-c", "import planmark; print(planmark.__file__)", cwd=tmp_path).strip()
    assert Path(where).is_relative_to(installed.parents[1])
    assert run(installed, "--version", cwd=tmp_path) == f"planmark {PROJECT['version']}\n"


def test_from_nothing_to_a_site_with_every_starting_plan(installed: Path, tmp_path: Path) -> None:
    """The themes and starting plans that ship are found inside the installed package."""
    shipped = sorted(folder.name for folder in (ROOT / "content/_templates").iterdir() if (folder / "plan.yaml").is_file())
    run(installed, "init", cwd=tmp_path)
    for name in shipped:
        run(installed, "new", f"acme-{name}", "--template", name, "--target", "2027-06-30", *TODAY, cwd=tmp_path)
    with (tmp_path / "planmark.yaml").open("a", encoding="utf-8") as settings:
        settings.write("rules: {R4: off}\n")  # nobody is named in a starting plan
    assert run(installed, "check", "--strict", *TODAY, cwd=tmp_path) == f"Nothing is wrong: {len(shipped)} deals.\n"
    run(installed, "build", "--no-pdf", *TODAY, cwd=tmp_path)
    assert len(list(tmp_path.glob("build/sites/*/index.html"))) == len(shipped)
    assert run(installed, "build", "--no-pdf", *TODAY, cwd=tmp_path).endswith("\n")


def test_it_builds_what_the_checkout_builds(installed: Path, tmp_path: Path) -> None:
    """The same bytes, on paper, too."""
    run(installed, "init", cwd=tmp_path)
    run(installed, "new", "acme", "--target", "2027-06-30", *TODAY, cwd=tmp_path)
    checkout = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); from planmark.cli import main; main()"
    sites = tmp_path / "build/sites"
    trees = []
    for command in ([installed], [sys.executable, "-c", checkout]):
        run(*command, "build", *TODAY, cwd=tmp_path)
        trees.append({path.relative_to(sites): path.read_bytes() for path in sites.rglob("*") if path.is_file()})
    assert trees[0] == trees[1]
