"""Writes the software bill of materials of the release: all packages of requirements.lock, in CycloneDX's JSON.

What `pip install` of the package brings is `required`, what the extras bring is `optional`. Each package has the hashes
of the lock, of which the installed file has one. SOURCE_DATE_EPOCH is the time that the bill bears, if it is set.
"""

import os
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import write_text
from captcha_ocr.base.stage import exit_on_error

LOCK, PROJECT, SBOM = Path("requirements.lock"), Path("pyproject.toml"), Path("reports/release/sbom.cdx.json")
ENTRY = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>.+?))?(?: \\)?$")
HASH, ASKED = re.compile(r"--hash=sha256:([0-9a-f]{64})"), re.compile(r"^    #(?: via|  ) (\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Package:
    """An entry of the lock. marker: on which machines it is installed; None: on all. asked_by: which packages need it;
    those of the project itself are `captcha-ocr (pyproject.toml)`.
    """

    name: str
    version: str
    marker: str | None
    hashes: tuple[str, ...]
    asked_by: tuple[str, ...]


def packages(lock: str) -> Iterator[Package]:
    """The entries of a lock as `make lock` writes it; raises CaptchaOcrError for one without a hash."""
    for text in re.split(r"^(?=[\w])", lock, flags=re.MULTILINE)[1:]:
        entry, hashes = ENTRY.match(text.splitlines()[0]), tuple(HASH.findall(text))
        if not entry or not hashes:
            raise CaptchaOcrError(f"{LOCK}: {text.splitlines()[0]} is no version with hashes: run `make lock`")
        yield Package(entry["name"], entry["version"], entry["marker"], hashes, tuple(ASKED.findall(text)))


def closure(direct: set[str], needs: dict[str, set[str]]) -> set[str]:
    """`direct`, and all that they need in turn."""
    found: set[str] = set()
    while direct:
        found |= direct
        direct = {needed for name in direct for needed in needs[name]} - found
    return found


def _component(package: Package, required: set[str]) -> Component:
    purl = PackageURL("pypi", name=package.name, version=package.version)
    return Component(
        name=package.name,
        version=package.version,
        purl=purl,
        bom_ref=f"{purl} {package.marker}" if package.marker else str(purl),
        scope=ComponentScope.REQUIRED if package.name in required else ComponentScope.OPTIONAL,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in package.hashes],
        properties=[Property(name="captcha-ocr:marker", value=package.marker)] if package.marker else [],
    )


def bill(lock: str, project: str, time: datetime) -> str:
    """The bill as JSON. lock, project: the texts of requirements.lock and pyproject.toml."""
    about = tomllib.loads(project)["project"]
    name, listed = about["name"], list(packages(lock))
    needs: dict[str, set[str]] = defaultdict(set)
    for package in listed:
        for asking in package.asked_by:
            needs[asking].add(package.name)
    required = closure({re.split(r"[^\w.-]", requirement)[0] for requirement in about["dependencies"]}, needs)
    components = {package: _component(package, required) for package in listed}
    product = Component(name=name, version=about["version"], type=ComponentType.LIBRARY, bom_ref=name)
    digest = sha256(lock.encode()).hexdigest()
    bom = Bom(
        components=components.values(),
        metadata=BomMetaData(
            component=product,
            timestamp=time,
            properties=[Property(name="captcha-ocr:lock_sha256", value=digest)],
        ),
        serial_number=uuid5(NAMESPACE_URL, f"{name}@{about['version']}#{digest}"),
    )
    named = defaultdict(list)
    for package, component in components.items():
        named[package.name].append(component)
    for package, component in components.items():
        bom.register_dependency(component, [other for needed in needs[package.name] for other in named[needed]])
    bom.register_dependency(product, [c for p, c in components.items() if any(a.startswith(name) for a in p.asked_by)])
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2) + "\n"


def main() -> None:
    lock = LOCK.read_text(encoding="utf-8")
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    time = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    write_text(SBOM, bill(lock, PROJECT.read_text(encoding="utf-8"), time))
    print(f"{SBOM}: {sum(1 for _ in packages(lock))} packages of {LOCK}")


if __name__ == "__main__":
    exit_on_error(main)
