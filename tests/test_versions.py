"""pyproject.toml, the two locks, environment.yml and the CI name the same packages and the same Pythons."""

from __future__ import annotations

import importlib.metadata
import re
import sysconfig
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from helpers import bootstrap

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCKS = {"cpu": "requirements.lock", "gpu": "requirements-gpu.lock"}
PYTHONS = [(3, minor) for minor in range(bootstrap.OLDEST_PYTHON[1], bootstrap.NEWEST_PYTHON[1] + 1)]
OPERATING_SYSTEMS = {"linux": ("posix", "Linux"), "darwin": ("posix", "Darwin"), "win32": ("nt", "Windows")}
PLATFORMS = [(*computer, python) for computer in bootstrap.COMPUTERS for python in PYTHONS]


@dataclass(frozen=True)
class Pin:
    """One package in a lock."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> Version:
        (specifier,) = self.requirement.specifier
        assert specifier.operator == "==", f"{self.requirement} is not a pin"
        return Version(specifier.version)


def read_lock(build: str) -> list[Pin]:
    """Return the pins in a lock, which holds nothing else."""
    text = (ROOT / LOCKS[build]).read_text(encoding="utf-8").replace("\\\n", " ")
    pins = []
    for line in text.splitlines():
        requirement, *hashes = re.split(r"\s+--hash=", line.strip())
        pins.append(Pin(Requirement(requirement), tuple(hashes)))
    return pins


def installed_on(pins: list[Pin], platform: tuple[str, str, tuple[int, int]]) -> dict[str, Version]:
    """Return what a lock installs on one platform; a package with two pins at once is an error."""
    chosen: dict[str, Version] = {}
    for pin in pins:
        if holds(pin.requirement, platform):
            assert pin.name not in chosen, f"{pin.name} is pinned twice on {platform}"
            chosen[pin.name] = pin.version
    return chosen


def holds(requirement: Requirement, platform: tuple[str, str, tuple[int, int]]) -> bool:
    """Whether a requirement's marker holds on a platform."""
    system, processor, (major, minor) = platform
    os_name, platform_system = OPERATING_SYSTEMS[system]
    variables = {
        "sys_platform": system,
        "platform_machine": processor,
        "os_name": os_name,
        "platform_system": platform_system,
        "python_version": f"{major}.{minor}",
        "python_full_version": f"{major}.{minor}.5",
        "extra": "",
    }
    return requirement.marker is None or requirement.marker.evaluate(variables)


@pytest.mark.parametrize("platform", PLATFORMS, ids=str)
@pytest.mark.parametrize("build", LOCKS)
def test_every_dependency_is_pinned_within_its_range(
    build: str, platform: tuple[str, str, tuple[int, int]]
) -> None:
    chosen = installed_on(read_lock(build), platform)
    for text in [*PROJECT["project"]["dependencies"], *EXTRAS[build], *EXTRAS["postgresql"], *EXTRAS["test"]]:
        dependency = Requirement(text)
        if holds(dependency, platform):
            assert chosen[canonicalize_name(dependency.name)] in dependency.specifier


@pytest.mark.parametrize("build", LOCKS)
def test_every_pin_has_hashes_and_the_lock_names_no_place(build: str) -> None:
    for pin in read_lock(build):
        assert pin.version
        assert pin.hashes, f"{pin.name} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in pin.hashes)
    text = (ROOT / LOCKS[build]).read_text(encoding="utf-8")
    assert not re.search(r"://|--index|--extra-index|--find-links|\s@\s|(^|\s)-[ef]\s", text)


@pytest.mark.parametrize("platform", PLATFORMS, ids=str)
def test_the_locks_differ_in_tensorflow_and_cuda_alone(platform: tuple[str, str, tuple[int, int]]) -> None:
    cpu, gpu = (installed_on(read_lock(build), platform) for build in LOCKS)
    different = {name for name in cpu.keys() | gpu.keys() if cpu.get(name) != gpu.get(name)}
    if platform[:2] == ("linux", "x86_64"):
        assert all(name.startswith(("tensorflow", "nvidia-")) for name in different)
        assert cpu["tensorflow-cpu"] == gpu["tensorflow"]
        assert any(name.startswith("nvidia-") for name in different)
        assert "tensorflow" not in cpu
    else:
        assert not different


def test_the_environment_is_the_locks() -> None:
    """What is installed here is what is pinned, and nothing that an installed package needs is missing."""
    here = bootstrap.Machine.here()
    platform = (here.system, here.processor, here.version)
    # Not all of sys.path: setuptools, once imported, puts older packages of its own on it.
    places = list({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    installed = {canonicalize_name(d.name): d for d in importlib.metadata.distributions(path=places)}
    build = "cpu" if "tensorflow-cpu" in installed or platform[:2] != ("linux", "x86_64") else "gpu"
    chosen = installed_on(read_lock(build), platform)
    assert {name: Version(installed[name].version) for name in chosen if name in installed} == chosen
    for name in chosen:
        for needed in map(Requirement, installed[name].requires or []):
            if holds(needed, platform):
                assert chosen[canonicalize_name(needed.name)] in needed.specifier, f"{name} needs {needed}"


def test_the_supported_pythons_are_the_same_everywhere() -> None:
    supported = SpecifierSet(PROJECT["project"]["requires-python"])
    every = [(3, minor) for minor in range(6, 30)]
    assert [version for version in every if supported.contains(bootstrap._dotted(version))] == PYTHONS
    assert PROJECT["tool"]["mypy"]["python_version"] == bootstrap._dotted(PYTHONS[0])
    assert PROJECT["tool"]["ruff"]["target-version"] == "py{}{}".format(*PYTHONS[0])
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"{PYTHONS[0]} <= sys.version_info[:2] <= {PYTHONS[-1]}" in makefile
    assert f"--python-version {bootstrap._dotted(PYTHONS[0])} " in makefile
    assert tuple(map(int, bootstrap.UV_PYTHON.split("."))) in PYTHONS


def test_conda_and_binder_install_the_lock() -> None:
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, packages = conda["dependencies"]
    assert pip == "pip"
    assert packages == {"pip": [f"-r {LOCKS['cpu']}"]}
    assert tuple(map(int, python.removeprefix("python=").split("."))) in PYTHONS
    assert conda["name"] == PROJECT["project"]["name"]


def test_ci_tries_the_oldest_and_the_newest_python() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    tried = workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert tried == [bootstrap._dotted(PYTHONS[0]), bootstrap._dotted(PYTHONS[-1])]
