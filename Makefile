# Every task of the project: people, hooks and CI call the same targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup repro smoke compare crossval expect sweep test test-fast fuzz story oldest dotnet check format ui serve web docs pages screenshots promote \
  rollback lock clean changed pull base review summary comment register upstream issue dist sbom release

export PATH := $(CURDIR)/.venv/bin:$(PATH)
export GX_ANALYTICS_ENABLED := false
export MLFLOW_DISABLE_TELEMETRY := true
export ORT_DISABLE_TELEMETRY ?= 1
export DOTNET_CLI_TELEMETRY_OPTOUT ?= 1
# uv leaves bytecode to the first import. If that may not write it, each stage compiles the packages again: 10 seconds.
unexport PYTHONDONTWRITEBYTECODE
READY := .venv/.ready
PORT ?= 5000
ARCHITECTURES ?= compact keras_io crnn_v1 residual_bilstm conv5_bigru
RECIPES ?= own project

# The first Python in the supported range that can make virtual environments; PYTHON=… names another.
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell $(p) -c \
  'import ensurepip, sys; (3, 11) <= sys.version_info[:2] <= (3, 13) and print("$(p)")' 2>/dev/null)))

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

setup: $(READY)  ## Make .venv and install the locked packages; the other targets do this when it is needed

$(READY): requirements.lock pyproject.toml
	@[ -n "$(PYTHON)" ] || { echo "error: needs Python 3.11, 3.12 or 3.13 with its venv module (Debian: apt install python3-venv); or name one: make PYTHON=/path/to/python"; exit 1; }
	@echo "setting up .venv with $(PYTHON): the $$(grep -c '==' requirements.lock) packages of requirements.lock, about a minute"
	@[ -x .venv/bin/pip ] || $(PYTHON) -m venv --clear .venv
	@.venv/bin/python ci/install.py
	@touch $@

# These reach a command by the environment, and neither make nor the shell looks for code in them.
define BY_ENVIRONMENT
ifeq ($$(origin $(1)),command line)
override $(1) := $$(value $(1))
export $(1)
endif
endef
$(foreach name,SOURCE VERSION REASON,$(eval $(call BY_ENVIRONMENT,$(name))))

ifeq ($(origin SOURCE),override)
ADOPT := captcha-ocr adopt -- "$$SOURCE"
endif

repro: $(READY)  ## Run the stages whose inputs have changed; for pictures of your own: make repro SOURCE=my.zip
	$(ADOPT)
	dvc repro || { code=$$?; python -m captcha_ocr.cli.dvc_state; exit $$code; }

pull: $(READY)  ## Fetch from DVC's remote the outputs that it has; `make repro` makes the others
	@[ -z "$${DVC_CONFIG_LOCAL:-}" ] || (umask 077; printenv DVC_CONFIG_LOCAL > .dvc/config.local)
	@if [ -n "$$(dvc remote list)" ]; then dvc pull --run-cache --allow-missing dvc.yaml; \
	  else echo "no DVC remote is configured: nothing to pull"; fi

smoke: $(READY)  ## Run the pipeline once in a temporary copy, on 200 rendered captchas for two epochs
	dvc exp run --temp --force --name smoke -S register.model_name=smoke -S register.experiment=smoke \
	  -S fetch.source= -S fetch.when_unreachable=synthetic -S fetch.attempts=1 \
	  -S fetch.synthetic_count=200 -S validate.min_symbol_count=5 -S train.epochs=2 -S train.plateau_epochs=0 -S train.epoch_steps=10

compare: $(READY)  ## Train each of ARCHITECTURES (all) with RECIPES (own project): table and plot in reports/comparison/
	python benchmarks/architectures.py $(ARCHITECTURES) --recipes $(RECIPES)

crossval: $(READY)  ## Cross-validate (five folds, four seeds) and list the labels that look wrong
	python crossval/run.py

expect: $(READY)  ## Fit on 50, 100, 200, … of your labels, and say what twice as many would bring: reports/expect/
	python expect/learning_curve.py

sweep: $(READY)  ## Search the ranges of params.yaml for a better recipe: table and plots in reports/sweep/
	python sweep/study.py

base: $(READY)  ## Reproduce the commit where HEAD left BASE (origin/main), as the revision refs/captcha-ocr/base
	@python ci/base.py

review: base  ## Compare the workspace with BASE (origin/main), and say whether the gate passes it: reports/review/
	@captcha-ocr review refs/captcha-ocr/base --name "$$(git log -1 --format=%s refs/captcha-ocr/base)" \
	  --about "$$(git log -1 --format=%b refs/captcha-ocr/base)"

changed:  ## Say whether anything that the model depends on has changed since BASE (origin/main)
	@python3 ci/changed.py

summary:  ## Print the review; on GitHub, put it on the page of the run
	@python3 ci/post.py summary

comment:  ## Put the review on pull request PR, in place of the last review: make comment PR=12 (needs gh)
	@python3 ci/post.py comment

register: $(READY)  ## Register this model on the server at MLFLOW_TRACKING_URI, whatever dvc.lock says of it
	@[ -n "$${MLFLOW_TRACKING_URI:-}" ] || { echo "error: MLFLOW_TRACKING_URI is empty: name the server, as https://mlflow.example.org"; exit 1; }
	dvc repro report
	dvc repro --single-item --force register

upstream: $(READY)  ## Compare the public archive with the pin in data.dvc
	@captcha-ocr upstream

issue:  ## Put what `make upstream` found into an issue, or into the one that is open (needs gh)
	@python3 ci/post.py issue

dist: sbom  ## Build the source archive and the wheel in dist/, and their bill of materials
	rm -rf dist
	python -m hatchling build

sbom: $(READY)  ## List all packages of the lock as CycloneDX, in reports/release/sbom.cdx.json
	@python ci/sbom.py

release: $(READY)  ## Check that dist/ may be published as TAG, and that its wheel works alone: make release TAG=v0.1.0
	@python ci/release.py
	WHEEL="$$(echo dist/*.whl)" pytest -n 0 tests/end_to_end/test_installation.py

test: $(READY)  ## Run all tests
	pytest

test-fast: $(READY)  ## Run the tests but for tests/end_to_end, which run whole pipelines
	pytest --ignore tests/end_to_end

fuzz: $(READY)  ## Try 10,000 hostile inputs of each kind, about ten minutes; another number: make fuzz FUZZ_CASES=1000
	pytest --hypothesis-profile fuzz tests/fuzz

story: $(READY)  ## Test a team's work on a real server: PostgreSQL, MLflow, two pipelines at once (minutes)
	pytest -n 0 --server tests/end_to_end/test_registry.py tests/end_to_end/test_team.py::test_two_pipelines_at_once_make_two_versions_and_one_champion

oldest: $(READY)  ## Test the exported file with the oldest onnxruntime that it supports
	folder=$$(mktemp -d) && pip install --quiet --no-deps --target "$$folder" onnxruntime==1.20.0 && \
	  PYTHONPATH="$$folder" pytest -n 0 tests/test_recognizer.py tests/export/test_decoding_graph.py tests/pictures/test_preprocessing.py

dotnet: $(READY)  ## Build the .NET example and read with the model of `make repro` (needs .NET 10)
	@command -v dotnet > /dev/null || { echo "error: needs the SDK of .NET 10, and there is no dotnet here"; exit 1; }
	pytest -n 0 --dotnet tests/end_to_end/test_dotnet.py

check: docs  ## Check style, format, types, the links of docs/, and the schemas of dvc.yaml, workflows and deploy/
	ruff check
	ruff format --check
	mypy
	dvc stage list --quiet
	check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml
	zizmor --offline --quiet .github/workflows

format: $(READY)  ## Format the code and fix what the linter can
	ruff check --fix
	ruff format

ui: $(READY)  ## Open this project's MLflow UI on PORT (5000)
	@case "$${MLFLOW_TRACKING_URI:-}" in http*) echo "the runs are at $$MLFLOW_TRACKING_URI"; exit;; esac; \
	  store="$$(python -m captcha_ocr.tracking.store)"; mlflow ui --port $(PORT) --backend-store-uri "$$store"

promote: $(READY)  ## Make VERSION champion, and note why: make promote VERSION=3 REASON="reads the new meters"
	@captcha-ocr promote --reason="$${REASON:-}" -- "$${VERSION:-}"

rollback: $(READY)  ## Make the previous champion champion again: make rollback REASON="misreads sevens"
	@captcha-ocr rollback --reason="$${REASON:-}"

serve: $(READY)  ## Answer HTTP requests with the champion on PORT (5000)
	@captcha-ocr serve --port "$(PORT)"

web:  ## Build the page that reads in the browser, with models/model.onnx, in web/dist/ (needs Node.js)
	cd web && npm ci --ignore-scripts --no-audit --no-fund && npm run build

# Not `--clean`: it would empty .cache/, which is not Zensical's alone.
docs: $(READY)  ## Build the documentation in site/; a broken link is an error
	rm -rf site
	zensical build --strict

pages: docs web  ## Build what is published: the documentation, and below it the page that reads, in site/
	@python ci/real.py
	cp -r web/dist site/read

screenshots: $(READY)  ## Take the documentation's pictures of MLflow's page again (needs Chromium)
	python docs/screenshots.py

lock: $(READY)  ## Resolve requirements.lock and that of deploy/ again, with the newest versions
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --upgrade --quiet -o requirements.lock
	uv pip compile deploy/requirements.in --constraint requirements.lock --python-version 3.12 \
	  --python-platform x86_64-manylinux_2_28 --only-binary :all: --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header --no-annotate --upgrade --quiet -o deploy/requirements.lock

clean:  ## Remove outputs, caches and .venv, but not the archive, DVC's cache and MLflow's runs
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .cache .checkpoints models reports/data_docs data/pictures site
