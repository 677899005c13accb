"""Takes exported files out of MLflow's registry: none that is not the file that was registered.

Whoever may write to an experiment can replace the files of a model there. The tag DIGEST_TAG of the registered version,
which other permissions protect, says which file it was.
"""

import hashlib
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow
from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.onnx_file.check import check_size
from captcha_ocr.register.signing import BUNDLE, SIGNATURE, verify
from captcha_ocr.register.trust import trusted_signer
from captcha_ocr.tracking.store import find_store

DIGEST_TAG = "onnx_sha256"
ADDRESS = re.compile(r"models:/(?P<name>[^/@]+)(?:@(?P<alias>[^/@]+)|/(?P<number>\d+))")


def find_version(uri: str) -> ModelVersion:
    """The version that `models:/NAME@ALIAS` or `models:/NAME/NUMBER` names.

    Raises CaptchaOcrError for another form, and if the store has no such version.
    """
    find_store()
    address = ADDRESS.fullmatch(uri)
    if not address:
        raise CaptchaOcrError(f"{uri} names no registered version: write models:/NAME@ALIAS or models:/NAME/NUMBER")
    client, name = MlflowClient(), address["name"]
    try:
        if address["alias"]:
            return client.get_model_version_by_alias(name, address["alias"])
        return client.get_model_version(name, address["number"])
    except MlflowException as error:
        raise CaptchaOcrError(f"{uri} is not in the registry at {mlflow.get_tracking_uri()}: {error}") from None


def _stored(version: ModelVersion, folder: str, suffix: str) -> dict[str, bytes]:
    """Name and content of the files `*suffix` in a folder of the version's model; empty if there are none.

    Raises MlflowException or HTTPError if the store does not give them, and CaptchaOcrError for one that is too large.
    """
    uri = f"models:/{version.name}/{version.version}/{folder}"
    listed = mlflow.artifacts.list_artifacts(uri) or []
    sizes = {Path(item.path).name: item.file_size for item in listed if not item.is_dir and item.path.endswith(suffix)}
    for name, size in sizes.items():
        check_size(size or 0, f"{uri}/{name}")
    with TemporaryDirectory() as target:
        return {
            name: Path(mlflow.artifacts.download_artifacts(f"{uri}/{name}", dst_path=target)).read_bytes()
            for name in sorted(sizes)
        }


def _with_digest(version: ModelVersion, files: dict[str, bytes]) -> bytes:
    """The file that the version's tag names; raises CaptchaOcrError if it is none of `files`."""
    about, wanted = f"version {version.version} of {version.name}", version.tags.get(DIGEST_TAG)
    if not wanted:
        raise CaptchaOcrError(
            f"{about} has no tag {DIGEST_TAG}, so nothing says which file was registered: register the model again "
            "with `make register`, or name another version"
        )
    digests = {hashlib.sha256(content).hexdigest(): name for name, content in files.items()}
    if wanted not in digests:
        held = ", ".join(f"{name} with SHA-256 {digest}" for digest, name in digests.items())
        raise CaptchaOcrError(
            f"{about} holds {held}, and its tag {DIGEST_TAG} says {wanted}: the file or the tag was replaced after it "
            "was registered. Do not use it. Name another version, or `captcha-ocr rollback`; delete this one, and "
            "register the model again"
        )
    return files[digests[wanted]]


def checked_file(version: ModelVersion) -> bytes:
    """The exported file of a registered version, as it was registered.

    Raises CaptchaOcrError if the store gives no such file, if its SHA-256 is not that of the version's tag, and, if the
    user trusts one signer alone, if that signer has not signed it as this version.
    """
    about = f"version {version.version} of {version.name}"
    try:
        files = _stored(version, "artifacts", ".onnx")
        signer = trusted_signer()
        bundle = _stored(version, SIGNATURE, BUNDLE).get(BUNDLE) if signer else None
    except (MlflowException, OSError) as error:  # requests' errors are OSErrors
        raise CaptchaOcrError(f"the files of {about} cannot be had from {mlflow.get_tracking_uri()}: {error}") from None
    if not files:
        raise CaptchaOcrError(
            f"models:/{version.name}/{version.version} holds no exported file: it was registered by an earlier "
            "version; name another"
        )
    content = _with_digest(version, files)
    if signer:
        verify(content, version.name, str(version.version), bundle, signer)
    return content


def registered_file(uri: str) -> bytes:
    """The exported file of a model such as `models:/captcha-ocr@champion`; raises CaptchaOcrError as `find_version`
    and `checked_file` do.
    """
    return checked_file(find_version(uri))
