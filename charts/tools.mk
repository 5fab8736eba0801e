# Chart tools at pinned versions, built by Go into .tools/bin (git-ignored). Nothing else needs them.
TOOLS := $(CURDIR)/.tools/bin

HELM3_VERSION := v3.22.0
HELM4_VERSION := v4.3.1
UNITTEST_VERSION := v1.1.2
KUBECONFORM_VERSION := v0.8.0
HELM_DOCS_VERSION := v1.14.2
