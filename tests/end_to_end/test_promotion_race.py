"""Promotions from several processes at once."""

import subprocess
import sys
from pathlib import Path

from mlflow import MlflowClient

from captcha_ocr.register import champions
from tests.stores import store_with_versions

NAME = "reader"
CONTENDER = """
import sys, mlflow
from captcha_ocr.register import champions
mlflow.set_tracking_uri(sys.argv[1])
took_place = []
for version in sys.argv[2:]:
    past = champions.history("reader")
    took_place.append(champions.try_promotion("reader", version, "raced", past[-1].number if past else 0))
print(sum(took_place))
"""


def test_ten_promotions_raced_from_two_processes_leave_one_champion_and_a_whole_history(tmp_path: Path) -> None:
    store = store_with_versions(tmp_path, NAME, 10)
    halves = (["1", "2", "3", "4", "5"], ["6", "7", "8", "9", "10"])
    command = [sys.executable, "-c", CONTENDER, store]
    racers = [subprocess.Popen([*command, *half], stdout=subprocess.PIPE, text=True) for half in halves]
    took_place = sum(int(racer.communicate()[0]) for racer in racers)
    assert all(racer.returncode == 0 for racer in racers)
    past = champions.history(NAME)
    assert len(past) == took_place >= 5
    assert len(MlflowClient().search_model_versions(f"name = '{NAME}.promotions'")) == 10
    alias = str(MlflowClient().get_model_version_by_alias(NAME, "champion").version)
    assert alias == past[-1].version == champions.champion(NAME)
