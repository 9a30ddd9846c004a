# `make demo` shows the main job on a fresh machine; `make test` checks everything.
# Nothing here needs root; what only the operating system has is installed by .ci/run.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
# Its two photographs are what the scenes are made of; without its dependencies it is 1 MB.
PHOTOGRAPHS := ultralytics-opencv-headless==8.4.190
TORCH_NEEDS_MB := 9000

.PHONY: demo test check clean

demo: $(VENV)/demo.stamp
	$(BIN)/viahe-demo $(if $(ONCE),--once) $(if $(SOURCE),--source '$(SOURCE)')

test: $(VENV)/test.stamp
	$(BIN)/python -m tests.run

check: $(VENV)/test.stamp
	$(BIN)/python -m tests.run checks

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo.stamp: pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the demo needs (once) ..."
	@$(PIP) install -e '.[detector,api]'
	@test -e $(VENV)/test.stamp || $(PIP) install --no-deps '$(PHOTOGRAPHS)'
	@touch $@

# Torch and what it brings take 6 GB, and only the tests of training need them: where the disk has
# no room they are skipped, aloud. Torch first and by pip, so that the machine's own wheels are found.
$(VENV)/test.stamp: pyproject.toml | $(VENV)/bin/python
	@free=$$(df -Pm . | awk 'NR == 2 { print $$4 }'); \
	if [ "$$free" -ge $(TORCH_NEEDS_MB) ]; then \
	  echo "Installing what the tests need (once): Torch is large ..." && \
	  $(PIP) install torch torchvision && \
	  $(PIP) install -e '.[test,models]'; \
	else \
	  echo "$$free MB are free here and Torch needs $(TORCH_NEEDS_MB): installing without it," && \
	  echo "the tests of training will be skipped. Make room and 'make clean' to have them." && \
	  $(PIP) install -e '.[test]' && \
	  $(PIP) install --no-deps '$(PHOTOGRAPHS)'; \
	fi
	@touch $@ $(VENV)/demo.stamp

clean:
	rm -rf $(VENV) demo runs dist build
