"""Installs requirements.lock and this project into the environment that runs this file, for `make setup`.

uv does it, as pip takes several times as long: the machine's uv, or else the lock's, which pip installs first. Where uv
is not to be had, or fails, pip does it all. Either accepts only files whose hash is in the lock.
Standard library only: it runs where nothing is installed.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

LOCK = Path("requirements.lock")
DEPENDENCIES = ("--no-deps", "--require-hashes", "-r", str(LOCK))
PROJECT = ("--no-deps", "--no-build-isolation", "-e", ".")
PIP = (sys.executable, "-m", "pip")
PIP_INSTALL = (*PIP, "install", "--quiet", "--disable-pip-version-check")
# uv does not read pip's configuration. These settings say where packages come from, and whom to trust.
UV_VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "proxy": "ALL_PROXY",
    "cert": "SSL_CERT_FILE",
}
SECTIONS = ("global", "install", ":env:")  # of pip's settings; a later one takes precedence


def pip_settings(listing: str) -> dict[str, str]:
    """Values by name for `pip install`, from what `pip config list` prints: lines such as `global.cert='/a.pem'`."""
    lines = [line.partition("=") for line in listing.splitlines()]
    settings: dict[str, str] = {}
    for section in SECTIONS:
        own = ((key.removeprefix(f"{section}."), value) for key, _, value in lines if key.startswith(f"{section}."))
        settings |= {name: str(ast.literal_eval(value)) for name, value in own}
    return settings


def uv_environment(settings: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """`environment`, completed by what pip's `settings` say in uv's words; what it says already is kept."""
    completed = {
        "UV_SYSTEM_CERTS": "true",  # as pip does from 24.2 on
        "UV_INDEX_STRATEGY": "unsafe-best-match",  # as pip does: all indexes count. The hashes make it safe
    }
    for name, variable in UV_VARIABLES.items():
        if name in settings:
            separator = "," if name == "find-links" else " "
            completed[variable] = separator.join(settings[name].split())
    return {**completed, **environment}


def pinned(lock: str, package: str) -> str:
    """The lines of `lock` on one package: its version and hashes."""
    found = re.search(rf"^{re.escape(package)}==.*\n(?:    --hash=.*\n)+", lock, re.MULTILINE)
    if not found:
        sys.exit(f"error: {LOCK} has no {package}: run `make lock`")
    return found[0]


def find_uv() -> str | None:
    """The path of a uv: one on PATH, or the lock's, installed by pip. None where pip cannot install it."""
    if path := shutil.which("uv"):
        return path
    with TemporaryDirectory() as folder:
        wanted = Path(folder) / "uv.txt"
        wanted.write_text(pinned(LOCK.read_text(encoding="utf-8"), "uv"), encoding="utf-8")
        done = subprocess.run([*PIP_INSTALL, "--no-deps", "--require-hashes", "-r", str(wanted)], check=False)
    return shutil.which("uv", path=str(Path(sys.executable).parent)) if done.returncode == 0 else None


def install_by_uv(uv: str) -> bool:
    """Whether it succeeded."""
    listing = subprocess.run([*PIP, "config", "list"], capture_output=True, text=True, check=True).stdout
    environment = uv_environment(pip_settings(listing), os.environ)
    command = [uv, "pip", "install", "--quiet", "--python", sys.executable]
    return all(
        subprocess.run([*command, *what], env=environment, check=False).returncode == 0
        for what in (DEPENDENCIES, PROJECT)
    )


def main() -> None:
    uv = find_uv()
    if uv and install_by_uv(uv):
        return
    print("uv could not install the packages (see above), so pip does, which takes some minutes", flush=True)
    for what in (DEPENDENCIES, PROJECT):
        if code := subprocess.run([*PIP_INSTALL, *what], check=False).returncode:
            sys.exit(code)


if __name__ == "__main__":
    main()
