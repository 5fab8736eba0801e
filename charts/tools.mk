# Chart tools at pinned versions, built by Go into .tools/bin (git-ignored). Only the targets of charts/ need them.
CHART_TOOLS := $(CURDIR)/.tools/bin

HELM3_VERSION := v3.22.0
HELM4_VERSION := v4.3.1
HELM_UNITTEST_VERSION := v1.1.2
HELM_DOCS_VERSION := v1.14.2
KUBECONFORM_VERSION := v0.8.0
KUBESEAL_VERSION := v0.36.0
# Prometheus 3.16 and its promtool; its modules are numbered 0.316.
PROMTOOL_VERSION := v0.316.0
PROMETHEUS_FLAGS := -s -w -X github.com/prometheus/common/version.Version=3.16.0
# Stripe's own stand-in, which holds requests to the shapes of its OpenAPI.
STRIPE_MOCK_VERSION := v0.203.0
# Of the ways to find targets only files and Kubernetes: those of the clouds are most of the program and of its build.
PROMETHEUS_TAGS := remove_all_sd,enable_kubernetes_sd

# Helm 3 built by hand believes in Kubernetes 1.20; a released one knows its own.
HELM3_FLAGS := -s -w -X helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1 -X helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=36

tools: $(addprefix $(CHART_TOOLS)/,helm3 helm4 helm-unittest helm-docs kubeconform) ## Helm 3 and 4 and what tests charts (needs Go)

$(CHART_TOOLS):
	@command -v go >/dev/null || { echo 'go is missing: the chart tools are built with it.' >&2; exit 1; }
	@mkdir -p $@ && printf '*\n' >$(CURDIR)/.tools/.gitignore

# $(call go-install,package@version,name of the program,final name,linker flags,build tags)
define go-install
	@echo 'Building $(3) …'
	@dir=$$(mktemp -d) && GOBIN=$$dir CGO_ENABLED=0 go install -trimpath -ldflags '$(or $(4),-s -w)' $(if $(5),-tags $(5)) $(1) \
		&& mv $$dir/$(2) $(CHART_TOOLS)/$(3) && rm -rf $$dir
endef

$(CHART_TOOLS)/helm3: | $(CHART_TOOLS)
	$(call go-install,helm.sh/helm/v3/cmd/helm@$(HELM3_VERSION),helm,helm3,$(HELM3_FLAGS))

$(CHART_TOOLS)/helm4: | $(CHART_TOOLS)
	$(call go-install,helm.sh/helm/v4/cmd/helm@$(HELM4_VERSION),helm,helm4)

$(CHART_TOOLS)/helm-docs: | $(CHART_TOOLS)
	$(call go-install,github.com/norwoodj/helm-docs/cmd/helm-docs@$(HELM_DOCS_VERSION),helm-docs,helm-docs)

$(CHART_TOOLS)/kubeconform: | $(CHART_TOOLS)
	$(call go-install,github.com/yannh/kubeconform/cmd/kubeconform@$(KUBECONFORM_VERSION),kubeconform,kubeconform)

# Not among `tools`: it takes some minutes to build, and only the tests of the alerts need it.
$(CHART_TOOLS)/promtool: | $(CHART_TOOLS)
	$(call go-install,github.com/prometheus/prometheus/cmd/promtool@$(PROMTOOL_VERSION),promtool,promtool)

# Without the pages of its own: they are built by npm from its repository. Everything else is there.
$(CHART_TOOLS)/prometheus: | $(CHART_TOOLS)
	$(call go-install,github.com/prometheus/prometheus/cmd/prometheus@$(PROMTOOL_VERSION),prometheus,prometheus,$(PROMETHEUS_FLAGS),$(PROMETHEUS_TAGS))

$(CHART_TOOLS)/kubeseal: | $(CHART_TOOLS)
	$(call go-install,github.com/bitnami-labs/sealed-secrets/cmd/kubeseal@$(KUBESEAL_VERSION),kubeseal,kubeseal,-s -w -X main.VERSION=$(KUBESEAL_VERSION))

$(CHART_TOOLS)/stripe-mock: | $(CHART_TOOLS)
	$(call go-install,github.com/stripe/stripe-mock@$(STRIPE_MOCK_VERSION),stripe-mock,stripe-mock)

# Its go.mod replaces a dependency, which `go install` refuses: built inside a copy of the module.
$(CHART_TOOLS)/helm-unittest: | $(CHART_TOOLS)
	@echo 'Building helm-unittest …'
	@source=$$(go mod download -json github.com/helm-unittest/helm-unittest@$(HELM_UNITTEST_VERSION) | sed -n 's/^\t"Dir": "\(.*\)",$$/\1/p') \
		&& dir=$$(mktemp -d) && cp -r "$$source/." $$dir && chmod -R u+w $$dir \
		&& (cd $$dir && CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o $@ ./cmd/helm-unittest) && rm -rf $$dir

.PHONY: tools
