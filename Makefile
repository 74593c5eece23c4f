# Every target installs what it needs into .venv. Files such as .venv/.demo record what is installed, so a second run
# starts at once, and a change of pyproject.toml reinstalls.

PYTHON ?= python3
CUPY ?= cupy-cuda12x[ctk]
# Processes that share the tests, one a core; each imports everything, so that more than four gain little.
SHARED := -n auto --maxprocesses 4 --dist worksteal

# With these variables OpenBLAS computes for another processor than there is.
UNPINNED := env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE

VENV := .venv/bin/python
PIP  := $(VENV) -m pip install --quiet --disable-pip-version-check

help:
	@echo "make demo         train a small CNN on scanned digits and plot the results in out/digits/"
	@echo "make test         run the tests"
	@echo "make test-oracle  install torch==2.13.0, autograd and safetensors, and compare with them"
	@echo "make check        lint, format, types and the direction of imports"
	@echo "make test-browser look at pictures and pages in headless Chromium (apt-get install chromium fonts-liberation)"
	@echo "make test-gpu     install CuPy and run the tests that compute on a GPU"
	@echo "make mutants      make mistakes in the rules and count those that no test notices"
	@echo "                  elsewhere: ROOMS=\"rules/reductions/sum nn/layers\"; 200 drawn outside the rules: SAMPLE=200"
	@echo "make bench        compare speeds and memory with other engines; with PyTorch too after make test-oracle"
	@echo "                  fewer rounds than 25, sooner and less precise: ROUNDS=9"
	@echo "make bench-table  write the README's table of speeds anew: the worst of three runs, about five minutes"
	@echo "make bench-epoch  an epoch of LeNet on MNIST, loader and augmentation included, beside PyTorch"
	@echo "make bench-ranks  a training step on one process and on two, each with a core of its own"
	@echo "make bench-gpu    training steps on a GPU, beside PyTorch if it is installed"
	@echo "make accuracy     train on MNIST, CIFAR-10 and spoken digits, and test what the lectures say of learning,"
	@echo "                  with three seeds each: about an hour and twenty minutes"
	@echo "make docs         build the documentation, running its cells, into docs/_build/html/"
	@echo "make clean        remove everything that these targets created"
	@echo
	@echo "Another Python, 3.11 or newer, for a new .venv: make demo PYTHON=python3.13"
	@echo "CuPy for another CUDA: make test-gpu CUPY=cupy-cuda13x[ctk]"

demo: .venv/.demo
	$(VENV) examples/digits.py

test: .venv/.test
	$(VENV) -m pytest $(SHARED)

test-oracle: .venv/.oracle
	$(VENV) -m pytest $(SHARED) -m oracle $$(grep -rl --include='*.py' 'mark\.oracle' tests)

test-browser: .venv/.browser
	$(VENV) -m pytest $(SHARED) -m browser $$(grep -rl --include='*.py' 'mark\.browser' tests)

test-gpu: .venv/.gpu
	$(VENV) -m pytest tests/gpu

check: .venv/.check
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m mypy
	.venv/bin/lint-imports --no-logo

mutants: .venv/.mutants
	$(VENV) tests/mutants/run.py $(ROOMS) $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

bench: .venv/.bench
	$(UNPINNED) $(VENV) tests/benchmarks/bench.py

bench-table: .venv/.bench .venv/.oracle
	$(UNPINNED) $(VENV) tests/benchmarks/readme/table.py

bench-epoch: .venv/.bench
	$(UNPINNED) $(VENV) tests/benchmarks/epoch.py

bench-ranks: .venv/.mpi
	$(UNPINNED) $(VENV) tests/benchmarks/ranks/weak_scaling.py

bench-gpu: .venv/.gpu
	$(VENV) tests/benchmarks/gpu.py

accuracy: .venv/.bench
	$(VENV) tests/benchmarks/accuracy.py
	$(VENV) tests/benchmarks/inequalities.py

docs: .venv/.docs
	$(VENV) -m sphinx --jobs auto --fail-on-warning --keep-going --fresh-env --quiet -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

clean:
	rm -rf .venv out build dist docs/_build .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help demo test test-oracle test-browser test-gpu check mutants bench bench-table bench-epoch bench-ranks bench-gpu accuracy docs clean

# All targets share one virtual environment: two installations at the same time would damage it.
.NOTPARALLEL:

.venv/.demo .venv/.test .venv/.mpi .venv/.browser .venv/.check .venv/.mutants .venv/.docs: .venv/.%: pyproject.toml .venv/.made
	@echo "installing what make $* needs into .venv …"
	@$(PIP) --editable ".[$*]"
	@touch $@

.venv/.oracle: .venv/.test
	@echo "installing torch 2.13.0, HIPS autograd and safetensors into .venv …"
	@$(PIP) torch==2.13.0 "autograd>=1.7" "safetensors>=0.8"
	@touch $@

.venv/.gpu: .venv/.test
	@echo "installing $(CUPY) into .venv …"
	@$(PIP) "$(CUPY)>=14"
	@touch $@

.venv/.bench: .venv/.demo
	@echo "installing micrograd and MyGrad into .venv …"
	@$(PIP) micrograd mygrad
	@touch $@

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "minigrad needs Python 3.11 or newer, and $(PYTHON) is not: make PYTHON=python3.13" >&2; exit 1; }
	@rm -rf .venv
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "$(PYTHON) cannot make a virtual environment: install its module venv" >&2; exit 1; }
	@touch $@
