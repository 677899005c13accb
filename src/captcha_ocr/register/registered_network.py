"""Takes the Keras network of a registered version out of the run that trained it, for another fit to start from.

The registered file is checked as `checked_file` does. It says which network it was exported from, by its digest, so
that the digest and the signature of the file vouch for the network, too.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow
from mlflow.exceptions import MlflowException

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.onnx_file.check import check_size
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register.registered_file import checked_file, find_version
from captcha_ocr.tracking.server_errors import clear_server_errors

FOLDER, NETWORK = "models", "models/model.keras"  # among the artifacts of the run
DIGEST = "network_sha256"  # of the exported file's metadata


@dataclass(frozen=True)
class RegisteredNetwork:
    """The number of the version, the bytes of its network and their SHA-256, its symbols, and its architecture."""

    version: str
    content: bytes
    sha256: str
    alphabet: str
    architecture: str


def _stored(run_id: str, about: str) -> bytes:
    try:
        sizes = {
            item.path: item.file_size for item in mlflow.artifacts.list_artifacts(run_id=run_id, artifact_path=FOLDER)
        }
        check_size(sizes.get(NETWORK) or 0, f"{NETWORK} of run {run_id}")
        with TemporaryDirectory() as target:
            file = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path=NETWORK, dst_path=target)
            return Path(file).read_bytes()
    except (MlflowException, OSError) as error:  # requests' errors are OSErrors
        raise CaptchaOcrError(
            f"the network of {about} cannot be had from its run {run_id} at {mlflow.get_tracking_uri()}: {error}"
        ) from None


@clear_server_errors()
def registered_network(uri: str) -> RegisteredNetwork:
    """The network of a version such as `models:/captcha-ocr@champion`.

    Raises CaptchaOcrError as `find_version` and `checked_file` do, if the exported file does not say which network it
    is of, and if the store does not give that network.
    """
    version = find_version(uri)
    about = f"version {version.version} of {version.name}"
    metadata = Recognizer.from_bytes(checked_file(version), uri, threads=1).metadata
    if not (wanted := metadata.get(DIGEST)) or not version.run_id:
        raise CaptchaOcrError(
            f"{about} does not say which network it was exported from: it was registered by an earlier version. Train "
            "and register it again, or name another"
        )
    content = _stored(version.run_id, about)
    if (found := hashlib.sha256(content).hexdigest()) != wanted:
        raise CaptchaOcrError(
            f"{about}: its run {version.run_id} holds {NETWORK} with SHA-256 {found}, and the registered file was "
            f"exported from {wanted}: it was replaced since. Do not use it. Name another version"
        )
    return RegisteredNetwork(
        str(version.version), content, found, str(metadata["alphabet"]), str(metadata["architecture"])
    )
