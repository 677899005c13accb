"""What ONNX Runtime leaves in a home folder where it may send usage events, and an environment in which it may."""

import os
from pathlib import Path

SWITCH = "ORT_DISABLE_TELEMETRY"
FILES = ["deviceid", "onnxruntime.db"]
# Each switches the events off as well: a test could not fail where one is set. The names are those in 1.31.1's library.
CI = (
    *("CI", "APPVEYOR", "BITBUCKET_BUILD_NUMBER", "BUILDKITE", "CIRCLECI", "CODEBUILD_BUILD_ID", "GITHUB_ACTIONS"),
    *("GITLAB_CI", "JENKINS_URL", "TEAMCITY_VERSION", "TF_BUILD", "TRAVIS", "ORT_RUNNING_UNIT_TESTS"),
)
ELSEWHERE = ("XDG_CACHE_HOME", "no_proxy", "NO_PROXY")


def unguarded(home: Path, **variables: str) -> dict[str, str]:
    """The environment of a process that lives in the empty folder `home`, without all that switches usage events off.

    The proxy is one that nobody listens at, so that no event leaves this machine.
    """
    dropped = (SWITCH, *CI, *ELSEWHERE)
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"HOME": str(home), "https_proxy": "http://127.0.0.1:9"} | variables


def left_behind(home: Path) -> list[str]:
    """Which of FILES are somewhere below `home`."""
    return sorted(path.name for path in home.rglob("*") if path.name in FILES)
