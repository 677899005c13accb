"""Makes a user of the tracking server, with the least that the user's work needs; docs/team.md says what that is.

python deploy/users.py member ann       reads everything, and writes to experiments and models that ann makes
python deploy/users.py publisher ci     also registers and promotes the team's model

Asks for the user's password, or takes it from standard input. An existing user keeps theirs. MLFLOW_TRACKING_URI,
MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD are those of an administrator. Needs mlflow alone.
"""

import argparse
import os
import sys
from getpass import getpass

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.server.auth.client import AuthServiceClient

ALREADY_THERE = "RESOURCE_ALREADY_EXISTS"


def _make_user(server: AuthServiceClient, name: str) -> None:
    try:
        server.get_user(name)
        return
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
    asks = f"password of {name}, 12 characters at least: "
    server.create_user(name, getpass(asks) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n"))


def _experiment(client: MlflowClient, name: str) -> str:
    """The id of the experiment, which is the administrator's if it did not exist."""
    found = client.get_experiment_by_name(name)
    return str(found.experiment_id if found else client.create_experiment(name))


def _make_model(client: MlflowClient, name: str) -> None:
    """Makes the registered model the administrator's, unless it exists: whoever makes one may do anything to it."""
    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != ALREADY_THERE:
            raise


def _let_publish(server: AuthServiceClient, client: MlflowClient, user: str, experiment: str, model: str) -> None:
    """EDIT: logs runs, registers versions and sets aliases, but deletes nothing and lets nobody else in."""
    grants = [("experiment", _experiment(client, experiment))]
    for name in (model, f"{model}.promotions"):  # the second is the log of promotions
        _make_model(client, name)
        grants.append(("registered_model", name))
    for kind, name in grants:
        server.grant_user_permission(user, kind, name, "EDIT")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("role", choices=("member", "publisher"))
    parser.add_argument("user")
    parser.add_argument("--experiment", default="captcha-ocr", help="register.experiment of the team's params.yaml")
    parser.add_argument("--model", default="captcha-ocr", help="register.model_name of the team's params.yaml")
    args = parser.parse_args()
    uri = os.environ.get("MLFLOW_TRACKING_URI", "")
    if not uri.startswith("http"):
        sys.exit(f"error: MLFLOW_TRACKING_URI={uri!r} is no server: name it, as https://mlflow.example.org")
    server, client = AuthServiceClient(uri), MlflowClient(uri)
    try:
        _make_user(server, args.user)
        if args.role == "publisher":
            _let_publish(server, client, args.user, args.experiment, args.model)
    except MlflowException as error:
        sys.exit(f"error: {uri}: {error.message}")
    print(f"{args.user} is a {args.role} of {uri}")


if __name__ == "__main__":
    main()
