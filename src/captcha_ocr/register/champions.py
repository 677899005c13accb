"""Champions in MLflow's registry: a log of promotions, and the alias @champion that is set from it.

The log is a registered model of its own, `<name>.promotions`, with one version for each promotion.
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

CHAMPION = "champion"  # the alias
TAG = "promotion"  # the tag of a log entry that holds the promotion as JSON


def _log_name(name: str) -> str:
    return f"{name}.promotions"


def _as_promotion(entry: ModelVersion) -> Promotion:
    return Promotion(number=int(entry.version), **json.loads(entry.tags[TAG]))


def history(name: str) -> list[Promotion]:
    """The valid promotions of the model `name`, oldest first; the last one made the present champion."""
    entries: list[ModelVersion] = []
    token: str | None = None
    while token != "":
        page = MlflowClient().search_model_versions(f"name = '{_log_name(name)}'", page_token=token)
        entries += page
        token = page.token or ""
    return valid_promotions(_as_promotion(entry) for entry in entries)


def champion(name: str) -> str | None:
    """The number of the version that is champion now; None if there is none."""
    promotions = history(name)
    return promotions[-1].version if promotions else None


def correct_alias(name: str) -> None:
    """Sets the alias @champion to the present champion.

    Other processes may do so at the same time. Each reads the log again after setting the alias, so the process that
    sets it last has seen the last promotion.
    """
    client, pointed = MlflowClient(), None
    while (version := champion(name)) != pointed:
        assert version is not None
        client.set_registered_model_alias(name, CHAMPION, version)
        pointed = version


def _user_and_host() -> str:
    return f"{getpass.getuser()}@{platform.node()}"


def try_promotion(name: str, version: str, reason: str, after: int) -> bool:
    """Makes `version` champion, unless another version became champion after the promotion number `after`.

    `after` is 0 if there was no champion. Returns whether the version was promoted. MLflow numbers the entries of the
    log, so if two processes promote at the same time, both see which entry came first.
    """
    client = MlflowClient()
    target = client.get_model_version(name, version)
    try:
        client.create_registered_model(_log_name(name), description=f"The promotions of {name}: one version each.")
    except MlflowException:
        client.get_registered_model(_log_name(name))  # raises unless the log existed already
    promotion = Promotion(0, after, version, datetime.now(UTC).isoformat(timespec="seconds"), _user_and_host(), reason)
    content = {key: value for key, value in asdict(promotion).items() if key != "number"}
    entry = client.create_model_version(
        _log_name(name),
        source=f"models:/{name}/{version}",
        run_id=target.run_id,
        tags={TAG: json.dumps(content)},
    )
    correct_alias(name)
    return any(valid.number == int(entry.version) for valid in history(name))


def promote(name: str, version: str, reason: str) -> None:
    """Makes `version` champion because the user wants it, without asking the gate.

    Raises CaptchaOcrError if there is no such version, or if another one is promoted at the same time.
    """
    promotions = history(name)
    if promotions and promotions[-1].version == version:
        correct_alias(name)
        return
    try:
        promoted = try_promotion(name, version, reason, promotions[-1].number if promotions else 0)
    except MlflowException as error:
        raise CaptchaOcrError(f"{name} has no version {version} to promote: {error.message}") from None
    if not promoted:
        raise CaptchaOcrError(
            f"version {champion(name)} of {name} was promoted at the same time: look at `captcha-ocr champions`, and "
            "promote again if you still want to"
        )


def roll_back(name: str, reason: str) -> tuple[str, str]:
    """Makes the previous champion champion again; returns the versions (replaced, restored).

    Raises CaptchaOcrError if there was no champion before.
    """
    promotions = history(name)
    restored = previous_champion(promotions)
    if restored is None:
        raise CaptchaOcrError(f"{name} has had no champion before {champion(name)}: there is nothing to go back to")
    promote(name, restored, f"rollback: {reason}")
    return promotions[-1].version, restored
