"""Champions in MLflow's registry: a log of claims, as versions of a model of its own, and the alias that follows it."""

import getpass
import json
import platform
from dataclasses import asdict
from datetime import UTC, datetime

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.register.champion_history import Claim, predecessor, reigns

CHAMPION = "champion"
TAG = "claim"


def _log_name(name: str) -> str:
    return f"{name}.reigns"


def _as_claim(entry: ModelVersion) -> Claim:
    return Claim(number=int(entry.version), **json.loads(entry.tags[TAG]))


def history(name: str) -> list[Claim]:
    """All reigns of the model `name`, oldest first."""
    entries: list[ModelVersion] = []
    token: str | None = None
    while token != "":
        page = MlflowClient().search_model_versions(f"name = '{_log_name(name)}'", page_token=token)
        entries += page
        token = page.token or ""
    return reigns(_as_claim(entry) for entry in entries)


def champion(name: str) -> str | None:
    """The number of the version that is champion now."""
    held = history(name)
    return held[-1].version if held else None


def _point_alias(name: str) -> None:
    """At the last reign. Whoever points it looks again afterwards, so the last to do so has seen the last reign."""
    client, pointed = MlflowClient(), None
    while (version := champion(name)) != pointed:
        assert version is not None
        client.set_registered_model_alias(name, CHAMPION, version)
        pointed = version


def _who() -> str:
    return f"{getpass.getuser()}@{platform.node()}"


def claim(name: str, version: str, reason: str, after: int) -> bool:
    """Makes `version` champion, unless another has become so since reign `after` (0: there was none); whether it is.

    MLflow numbers the entries of the log, so of two claims at once one comes first, and both see which.
    """
    client = MlflowClient()
    target = client.get_model_version(name, version)
    try:
        client.create_registered_model(_log_name(name), description=f"The reigns of {name}: one version a claim.")
    except MlflowException:
        client.get_registered_model(_log_name(name))  # it is there already; anything else is raised
    made = Claim(0, after, version, datetime.now(UTC).isoformat(timespec="seconds"), _who(), reason)
    content = {key: value for key, value in asdict(made).items() if key != "number"}
    entry = client.create_model_version(
        _log_name(name),
        source=f"models:/{name}/{version}",
        run_id=target.run_id,
        tags={TAG: json.dumps(content)},
    )
    _point_alias(name)
    return any(reign.number == int(entry.version) for reign in history(name))


def promote(name: str, version: str, reason: str) -> None:
    """By a person's word. Raises CaptchaOcrError where there is no such version, or another is promoted meanwhile."""
    held = history(name)
    if held and held[-1].version == version:
        _point_alias(name)
        return
    try:
        won = claim(name, version, reason, held[-1].number if held else 0)
    except MlflowException as error:
        raise CaptchaOcrError(f"{name} has no version {version} to promote: {error.message}") from None
    if not won:
        raise CaptchaOcrError(
            f"version {champion(name)} of {name} was promoted at the same time: look at `captcha-ocr champions`, and "
            "promote again if that is still meant"
        )


def roll_back(name: str, reason: str) -> tuple[str, str]:
    """Gives the alias back to the champion before the reigning one; returns the versions (deposed, restored).

    Raises CaptchaOcrError where there was none before.
    """
    held = history(name)
    before = predecessor(held)
    if before is None:
        raise CaptchaOcrError(f"{name} has had no champion before {champion(name)}: there is nothing to go back to")
    promote(name, before, f"rollback: {reason}")
    return held[-1].version, before
