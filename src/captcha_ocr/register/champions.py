"""Champions in MLflow's registry: a log of promotions, and the alias @champion that follows it.

The log is a registered model of its own, `<name>.promotions`, with one version a promotion.
"""

import getpass
import json
import platform
from dataclasses import asdict
from datetime import UTC, datetime

from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.register.champion_history import Promotion, previous_champion, valid_promotions

CHAMPION = "champion"
TAG = "promotion"


def _log_name(name: str) -> str:
    return f"{name}.promotions"


def _as_promotion(entry: ModelVersion) -> Promotion:
    return Promotion(number=int(entry.version), **json.loads(entry.tags[TAG]))


def history(name: str) -> list[Promotion]:
    """All promotions of the model `name` that took place, oldest first; the last one made the present champion."""
    entries: list[ModelVersion] = []
    token: str | None = None
    while token != "":
        page = MlflowClient().search_model_versions(f"name = '{_log_name(name)}'", page_token=token)
        entries += page
        token = page.token or ""
    return valid_promotions(_as_promotion(entry) for entry in entries)


def champion(name: str) -> str | None:
    """The number of the version that is champion now."""
    past = history(name)
    return past[-1].version if past else None


def _point_alias(name: str) -> None:
    """At the last promotion's version.

    Whoever points it looks at the log again afterwards, so the last to do so has seen the last promotion.
    """
    client, pointed = MlflowClient(), None
    while (version := champion(name)) != pointed:
        assert version is not None
        client.set_registered_model_alias(name, CHAMPION, version)
        pointed = version


def _who() -> str:
    return f"{getpass.getuser()}@{platform.node()}"


def try_promotion(name: str, version: str, reason: str, after: int) -> bool:
    """Makes `version` champion, unless another has become so since promotion `after` (0: there was none).

    Returns whether it took place. MLflow numbers the entries of the log, so of two at once one comes first, and both
    see which.
    """
    client = MlflowClient()
    target = client.get_model_version(name, version)
    try:
        client.create_registered_model(_log_name(name), description=f"The promotions of {name}: one version each.")
    except MlflowException:
        client.get_registered_model(_log_name(name))  # it is there already; anything else is raised
    made = Promotion(0, after, version, datetime.now(UTC).isoformat(timespec="seconds"), _who(), reason)
    content = {key: value for key, value in asdict(made).items() if key != "number"}
    entry = client.create_model_version(
        _log_name(name),
        source=f"models:/{name}/{version}",
        run_id=target.run_id,
        tags={TAG: json.dumps(content)},
    )
    _point_alias(name)
    return any(promotion.number == int(entry.version) for promotion in history(name))


def promote(name: str, version: str, reason: str) -> None:
    """Because a user says so, whatever the gate says.

    Raises CaptchaOcrError where there is no such version, or another is promoted at the same time.
    """
    past = history(name)
    if past and past[-1].version == version:
        _point_alias(name)
        return
    try:
        done = try_promotion(name, version, reason, past[-1].number if past else 0)
    except MlflowException as error:
        raise CaptchaOcrError(f"{name} has no version {version} to promote: {error.message}") from None
    if not done:
        raise CaptchaOcrError(
            f"version {champion(name)} of {name} was promoted at the same time: look at `captcha-ocr champions`, and "
            "promote again if that is still meant"
        )


def roll_back(name: str, reason: str) -> tuple[str, str]:
    """Makes the champion before the present one champion again; returns the versions (replaced, restored).

    Raises CaptchaOcrError where there was none before.
    """
    past = history(name)
    before = previous_champion(past)
    if before is None:
        raise CaptchaOcrError(f"{name} has had no champion before {champion(name)}: there is nothing to go back to")
    promote(name, before, f"rollback: {reason}")
    return past[-1].version, before
