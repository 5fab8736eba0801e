{{/* operator.labels and operator.selectorLabels: those of the operator's objects. Its name is fixed: the Lease is of the namespace. */}}
{{- define "operator.labels" -}}
{{ include "scholar.labels" (dict "ctx" . "name" "scholar-operator" "component" "operator") }}
{{- end -}}
{{- define "operator.selectorLabels" -}}
{{ include "scholar.selectorLabels" (dict "ctx" . "name" "scholar-operator" "component" "operator") }}
{{- end -}}

{{/* operator.serviceAccount: the account that the pods run under. */}}
{{- define "operator.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary "scholar-operator" "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{/* operator.checks: what would install and then hurt. */}}
{{- define "operator.checks" -}}
{{- $table := .Values.table -}}
{{- if and $table.enabled (eq .Values.environment "production") (eq $table.remedy "Repair") (not $table.repair.approvedBy) -}}
{{- fail "operator: table.remedy is Repair in production without table.repair.approvedBy. Say who answers for repairs, or leave it at Observe." -}}
{{- end -}}
{{- if and $table.enabled $table.drill.every (not (has $table.drill.app $table.apps)) -}}
{{- fail (printf "operator: table.drill.app is %s, which is not one of table.apps: nothing would be drilled." $table.drill.app) -}}
{{- end -}}
{{- if and (gt (int .Values.replicas) 1) (eq (get .Values.settings "LEADER_ELECTION" | toString) "false") -}}
{{- fail "operator: settings.LEADER_ELECTION is false with more than one replica: both would write. Set replicas to 1, or leave the election on." -}}
{{- end -}}
{{- end -}}

{{/*
operator.crdOfOthers: which release of the cluster has installed the definition, where it is not this one and crds.shared is
on. It is one for all namespaces, and Helm would refuse the whole release. With crds.enabled off nobody needs a right to look.
*/}}
{{- define "operator.crdOfOthers" -}}
{{- if and .Values.crds.enabled .Values.crds.shared -}}
{{- with lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" "truthtables.scholar.dev" -}}
{{- $marks := .metadata.annotations | default dict -}}
{{- $by := printf "%s/%s" (get $marks "meta.helm.sh/release-namespace") (get $marks "meta.helm.sh/release-name") -}}
{{- if ne $by (printf "%s/%s" $.Release.Namespace $.Release.Name) -}}
{{- ternary "somebody without Helm" $by (eq $by "/") -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
operator.crdChecks: the definition of another release must be the one of this chart, or the operator could not write what it
has seen, and nobody would know but its log.
*/}}
{{- define "operator.crdChecks" -}}
{{- with include "operator.crdOfOthers" . -}}
{{- $ours := $.Files.Get "files/truthtables.scholar.dev.yaml" | fromYaml -}}
{{- $theirs := lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" "truthtables.scholar.dev" -}}
{{- if ne (toJson (index $ours.spec.versions 0).schema) (toJson (index $theirs.spec.versions 0).schema) -}}
{{- fail (printf "operator.crds: the definition of TruthTable in this cluster is that of %s, and another one than this chart's. Upgrade that release first. Where it is gone, take it over (crds.shared=false and helm's --take-ownership), or bring it up to date: kubectl apply --server-side --force-conflicts -f k8s/crds/truthtables.scholar.dev.yaml" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* operator.workloads: what is looked at and may be repaired: A8, the seven and the sandbox, as YAML. */}}
{{- define "operator.workloads" -}}
[auto-com-center, auto-page-maker, provider-register, scholar-auth, scholarship-agent, scholarship-api, scholarship-sage, stripe-sandbox, student-pilot]
{{- end -}}

{{/* operator.repairs: names of what a repair writes, as YAML. */}}
{{- define "operator.repairs" -}}
{{- $names := list -}}
{{- range include "operator.workloads" . | fromYamlArray }}{{ $names = append $names (printf "%s-repair" .) }}{{ end -}}
{{- toYaml $names -}}
{{- end -}}

{{/* operator.secretNames: every Secret that pods of the system name by default, sources of repairs, and what is added. */}}
{{- define "operator.secretNames" -}}
{{- $names := list "scholar-operator" "scholar-postgresql" "scholar-auth-clients" "auto-com-center-keys" -}}
{{- range $workload := include "operator.workloads" . | fromYamlArray -}}
{{- range $part := list "a8" "app" "stripe" "repair" }}{{ $names = append $names (printf "%s-%s" $workload $part) }}{{ end -}}
{{- end -}}
{{- range $label, $secrets := .Values.table.secrets -}}
{{- range $secrets }}{{ $names = append $names .source.name }}{{ end -}}
{{- end -}}
{{- with .Values.table.databaseSecret }}{{ $names = append $names . }}{{ end -}}
{{- with (.Values.database).caSecret }}{{ $names = append $names . }}{{ end -}}
{{- concat $names .Values.rbac.extraSecretNames | uniq | sortAlpha | toYaml -}}
{{- end -}}

{{/* operator.table: the TruthTable, as an object. */}}
{{- define "operator.table" -}}
{{- $table := .Values.table -}}
{{- $apps := list -}}
{{- range $label := $table.apps -}}
{{- $name := replace "_" "-" $label -}}
{{- $app := dict "label" $label "workload" (dict "kind" (get $table.kinds $label | default "StatefulSet") "name" $name) "url" (printf "http://%s:8080" $name) -}}
{{- with get $table.minimumEventsPerHour $label }}{{ $_ := set $app "minimumEventsPerHour" (int .) }}{{ end -}}
{{- with get $table.secrets $label }}{{ $_ := set $app "secrets" . }}{{ end -}}
{{- $apps = append $apps $app -}}
{{- end -}}
{{- $hub := dict "workload" (dict "kind" "Deployment" "name" "auto-com-center") "url" "http://auto-com-center:8080" -}}
{{- with $table.databaseSecret }}{{ $_ := set $hub "database" (dict "name" .) }}{{ end -}}
{{- $spec := dict "environment" .Values.environment "hub" $hub "apps" $apps "remedy" $table.remedy "canaryInterval" $table.canaryInterval "latencyBound" $table.latencyBound -}}
{{- if eq $table.remedy "Repair" -}}
{{- $repair := dict "maxPerHour" (int $table.repair.maxPerHour) -}}
{{- with $table.repair.approvedBy }}{{ $_ := set $repair "approvedBy" . }}{{ end -}}
{{- $_ := set $spec "repair" $repair -}}
{{- end -}}
{{- $_ := set $spec "guards" (dict "every" $table.guards.every) -}}
{{- with $table.drill }}{{ if .every }}{{ $_ := set $spec "drill" (dict "every" .every "app" .app "events" (int .events)) }}{{ end }}{{ end -}}
{{- $labels := include "operator.selectorLabels" . | fromYaml -}}
{{- dict "metadata" (dict "name" $table.name "labels" $labels) "spec" $spec | toYaml -}}
{{- end -}}
