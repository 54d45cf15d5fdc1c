"""The five packages are top-level import names; this fences that choice off.

Nobody else may own those names in the environment, and nothing but the five is shipped.
"""

from configparser import ConfigParser
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("cli", "guards", "lifecycle", "states", "store")


@pytest.mark.parametrize("package", PACKAGES)
def test_package_name_belongs_to_this_distribution_alone(package: str) -> None:
    """No installed distribution but ours owns the top-level name: no import can go astray."""
    assert set(packages_distributions().get(package, [])) == {"partnership-lifecycle"}


def test_wheel_takes_in_exactly_the_five_packages() -> None:
    """The find list of setup.cfg names the five packages, all that is in them, and nothing else."""
    config = ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = config["options.packages.find"]["include"].split()
    expected = [pattern for package in PACKAGES for pattern in (package, f"{package}.*")]
    assert sorted(listed) == sorted(expected)


def test_wheel_takes_in_every_file_that_is_read_at_run_time() -> None:
    """Templates, catalogues, policies: what is no Python and is not a template for translators."""
    config = ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    shipped = {
        path
        for package, patterns in config["options.package_data"].items()
        for pattern in patterns.split()
        for path in (ROOT / package).glob(pattern)
    }
    there = {
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc", ".pot"}
    }
    assert there - shipped == set()
