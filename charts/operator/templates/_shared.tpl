{{/*
Helpers that service, hub, operator and scholar share. The four files are equal byte for byte; `charts/check` compares them.
A library chart would make `helm dependency build` a two-step affair, because Helm does not build what file://
dependencies depend on.
*/}}

{{/*
scholar.globals: lays what `global.scholar` sets over the chart's own values. Empty values set nothing.
Every template file includes it first; doing so again changes nothing.
Call: {{- include "scholar.globals" . }}
*/}}
{{- define "scholar.globals" -}}
{{- include "scholar.overlay" (dict "to" .Values "from" ((.Values.global).scholar | default dict)) -}}
{{- end -}}

{{/*
scholar.overlay: sets in one map what another sets; maps are merged, empty values set nothing (sprig's mergeOverwrite
would blank what is there).
Call: {{- include "scholar.overlay" (dict "to" $map "from" $other) }}
*/}}
{{- define "scholar.overlay" -}}
{{- range $key, $value := .from -}}
{{- if kindIs "map" $value -}}
{{- if not (kindIs "map" (get $.to $key)) }}{{ $_ := set $.to $key dict }}{{ end -}}
{{- include "scholar.overlay" (dict "to" (get $.to $key) "from" $value) -}}
{{- else if $value -}}
{{- $_ := set $.to $key $value -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
scholar.labels: labels of an object.
Call: {{ include "scholar.labels" (dict "ctx" . "name" "scholar-auth" "component" "app") }}
*/}}
{{- define "scholar.labels" -}}
{{- if ne (len .) 3 }}{{ fail "scholar.labels: call it with ctx, name and component" }}{{ end -}}
helm.sh/chart: {{ printf "%s-%s" .ctx.Chart.Name .ctx.Chart.Version | replace "+" "_" }}
{{ include "scholar.selectorLabels" . }}
app.kubernetes.io/version: {{ .ctx.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: scholar
app.kubernetes.io/managed-by: {{ .ctx.Release.Service }}
{{- with .ctx.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/*
scholar.selectorLabels: what selects pods. It can never change, so nothing of the user's is in it.
Call: as scholar.labels
*/}}
{{- define "scholar.selectorLabels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .ctx.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/*
scholar.image: reference of an image. `global.imageRegistry` goes before the image's own registry.
Call: {{ include "scholar.image" (dict "ctx" . "image" .Values.image) }}
*/}}
{{- define "scholar.image" -}}
{{- $registry := default .image.registry (.ctx.Values.global).imageRegistry -}}
{{- $name := .image.repository -}}
{{- if $registry }}{{ $name = printf "%s/%s" (trimSuffix "/" $registry) $name }}{{ end -}}
{{- if .image.digest -}}
{{ $name }}@{{ .image.digest }}
{{- else -}}
{{ $name }}:{{ .image.tag | default .ctx.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/*
scholar.env: a list of environment entries in which each name stands once; the last entry of a name wins. Helm 4
applies by server side, where a name that stands twice is an error.
Call: {{ include "scholar.env" .Values.extraEnv }}
*/}}
{{- define "scholar.env" -}}
{{- $last := dict -}}
{{- range . }}{{ $_ := set $last .name . }}{{ end -}}
{{- $entries := list -}}
{{- range $name := keys $last | sortAlpha }}{{ $entries = append $entries (get $last $name) }}{{ end -}}
{{- if $entries }}{{ toYaml $entries }}{{ end -}}
{{- end -}}

{{/*
scholar.settings: the data of a ConfigMap of settings: `defaults`, `own` over them, without what `env` names.
A process refuses NAME beside NAME_FILE, so a name that is given directly takes the default's _FILE away.
Call: {{ include "scholar.settings" (dict "defaults" dict "own" .Values.settings "env" .Values.extraEnv) }}
*/}}
{{- define "scholar.settings" -}}
{{- $data := deepCopy .defaults -}}
{{- range $name, $value := .own -}}
{{- if and (toString $value) (regexMatch "^(DATABASE_URL|STRIPE_SECRET|[A-Z0-9_]+_(KEY|SECRET|TOKEN|PASSWORD))$" $name) -}}
{{- fail (printf "settings.%s: a secret in a ConfigMap can be read by everybody who may read the namespace. Put it into a Secret and name it by %s_FILE, or by extraEnv with valueFrom.secretKeyRef." $name $name) -}}
{{- end -}}
{{- $_ := set $data $name (toString $value) -}}
{{- if toString $value }}{{ $_ := unset $data (printf "%s_FILE" $name) }}{{ end -}}
{{- end -}}
{{- range .env }}{{ $_ := unset $data .name }}{{ $_ := unset $data (printf "%s_FILE" .name) }}{{ end -}}
{{- range $name := keys $data | sortAlpha }}
{{ $name }}: {{ get $data $name | quote }}
{{- end -}}
{{- end -}}

{{/*
scholar.envFrom: settings first, then the user's sources, and what the operator repaired last. Of one name the last wins.
Call: {{ include "scholar.envFrom" (dict "config" "scholar-auth" "repair" "scholar-auth" "extra" .Values.extraEnvFrom) }}
*/}}
{{- define "scholar.envFrom" -}}
- configMapRef: {name: {{ .config }}}
{{- with .extra }}
{{ toYaml . }}
{{- end }}
- configMapRef: {name: {{ .repair }}-repair, optional: true}
- secretRef: {name: {{ .repair }}-repair, optional: true}
{{- end -}}

{{/*
scholar.secretSource: existingSecret, sealed or generate; fails unless exactly one is chosen.
Call: {{ include "scholar.secretSource" (dict "ctx" . "who" "scholar_auth") }}
*/}}
{{- define "scholar.secretSource" -}}
{{- $chosen := list -}}
{{- range list "existingSecret" "sealed" "generate" }}{{ if get $.ctx.Values.secrets . }}{{ $chosen = append $chosen . }}{{ end }}{{ end -}}
{{- if eq (len $chosen) 0 }}{{ fail (printf "%s: no source of secrets. Set one of secrets.existingSecret (you made them), secrets.sealed (SealedSecrets) and secrets.generate (trials) to true, here or under global.scholar." .who) }}{{ end -}}
{{- if gt (len $chosen) 1 }}{{ fail (printf "%s: secrets.%s are all on. Keep one of them; values under global.scholar count too." .who (join ", secrets." $chosen)) }}{{ end -}}
{{- first $chosen -}}
{{- end -}}

{{/*
scholar.requireApi: fails when the cluster does not serve an API that a value asks for.
Call: {{ include "scholar.requireApi" (dict "ctx" . "api" "monitoring.coreos.com/v1" "value" "metrics.podMonitor.enabled" "install" "the Prometheus operator") }}
*/}}
{{- define "scholar.requireApi" -}}
{{- if not (.ctx.Capabilities.APIVersions.Has .api) -}}
{{- fail (printf "%s is on, but the cluster does not serve %s. Install %s first, or turn it off; with `helm template` say --api-versions %s." .value .api .install .api) -}}
{{- end -}}
{{- end -}}

{{/*
scholar.exampleCertificate: public key (SHA-256 of its DER) of k8s/sealed-secrets/example.crt. A test of the command holds
the two equal.
*/}}
{{- define "scholar.exampleCertificate" -}}
{{- "sha256:44b2a46a5f1c8fd17eb9477693e61dd722e0f5b6749e3b930a4c33f168e97010" -}}
{{- end -}}

{{/*
scholar.checkSealed: ciphertext that nobody can open would install, and every pod would wait for its secrets.
Call: {{- include "scholar.checkSealed" (dict "ctx" . "who" "scholar_auth" "name" "scholar-auth-a8" "data" $map) }}
*/}}
{{- define "scholar.checkSealed" -}}
{{- $secrets := .ctx.Values.secrets -}}
{{- $again := printf "Seal real values: make seal ENV=production NAMESPACE=%s" .ctx.Release.Namespace -}}
{{- if and $secrets.sealedNamespace (ne $secrets.sealedNamespace .ctx.Release.Namespace) -}}
{{- fail (printf "%s: %s was sealed for namespace %s, and this is %s, where the controller cannot open it. Seal it for this namespace." .who .name $secrets.sealedNamespace .ctx.Release.Namespace) -}}
{{- end -}}
{{- if eq .ctx.Values.environment "production" -}}
{{- if not $secrets.sealedCertificates }}{{ fail (printf "%s: secrets.sealedCertificates does not say what sealed %s. Take the whole file that `make seal` wrote. %s" .who .name $again) }}{{ end -}}
{{- range $secrets.sealedCertificates -}}
{{- if eq . (include "scholar.exampleCertificate" $) }}{{ fail (printf "%s: the ciphertext of %s was sealed with the example certificate, whose private key nobody has. %s" $.who $.name $again) }}{{ end -}}
{{- if not (regexMatch "^sha256:[0-9a-f]{64}$" .) }}{{ fail (printf "%s: secrets.sealedCertificates: %q is no fingerprint of a certificate. %s" $.who . $again) }}{{ end -}}
{{- end -}}
{{- range $key, $ciphertext := .data -}}
{{- if hasPrefix "EXAMPLE" $ciphertext }}{{ fail (printf "%s: %s of %s is an example and no ciphertext. %s" $.who $key $.name $again) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
scholar.sealedSecret: one SealedSecret out of ciphertext in the values.
Call: {{ include "scholar.sealedSecret" (dict "ctx" . "who" "scholar_auth" "name" "scholar-auth-a8" "labels" $labels "data" $map) }}
*/}}
{{- define "scholar.sealedSecret" -}}
{{- $secrets := .ctx.Values.secrets -}}
{{- include "scholar.requireApi" (dict "ctx" .ctx "api" "bitnami.com/v1alpha1" "value" "secrets.sealed" "install" "the sealed-secrets controller") -}}
{{- include "scholar.checkSealed" . -}}
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: {{ .name }}
  namespace: {{ .ctx.Release.Namespace }}
  labels:
    {{- .labels | nindent 4 }}
  {{- if ne $secrets.sealedScope "strict" }}
  annotations:
    sealedsecrets.bitnami.com/{{ $secrets.sealedScope }}: "true"
  {{- end }}
spec:
  encryptedData:
    {{- toYaml .data | nindent 4 }}
  template:
    metadata:
      {{- if ne $secrets.sealedScope "strict" }}
      annotations:
        sealedsecrets.bitnami.com/{{ $secrets.sealedScope }}: "true"
      {{- end }}
      labels:
        {{- .labels | nindent 8 }}
{{- end -}}

{{/*
scholar.containerSecurity: what Pod Security "restricted" asks of a container, and a read-only root.
Call: {{ include "scholar.containerSecurity" . }}
*/}}
{{- define "scholar.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/*
scholar.podSecurity: the same of a pod. The volume of the outbox belongs to the group.
Call: {{ include "scholar.podSecurity" 10001 }}
*/}}
{{- define "scholar.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{/*
scholar.placement: where pods may and should run. By default replicas spread over nodes and zones, if they can.
Call: {{ include "scholar.placement" (dict "ctx" . "selector" $selectorLabels) }}
*/}}
{{- define "scholar.placement" -}}
{{- $values := .ctx.Values -}}
{{- range $field := list "nodeSelector" "tolerations" "affinity" }}
{{- with get $values $field }}
{{ $field }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
topologySpreadConstraints:
{{- if $values.topologySpreadConstraints }}
  {{- toYaml $values.topologySpreadConstraints | nindent 2 }}
{{- else }}
{{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- $.selector | nindent 8 }}
{{- end }}
{{- end }}
{{- end -}}

{{/*
scholar.drain: keeps a pod serving until its Services have forgotten it.
Call: {{ include "scholar.drain" (dict "ctx" . "seconds" 5) }}
*/}}
{{- define "scholar.drain" -}}
preStop:
  {{- if semverCompare ">=1.30.0-0" .ctx.Capabilities.KubeVersion.Version }}
  sleep: {seconds: {{ .seconds }}}
  {{- else }}
  exec: {command: [node, -e, {{ printf "setTimeout(() => {}, %d000)" (int .seconds) | quote }}]}
  {{- end }}
{{- end -}}

{{/*
scholar.probes: startup, readiness and liveness of a process by its ops listener; `ready` is the path of the second
where it is another one than /ready.
Call: {{ include "scholar.probes" (dict "port" "ops" "startup" "/health" "probes" .Values.probes) }}
*/}}
{{- define "scholar.probes" -}}
startupProbe:
  httpGet: {path: {{ .startup }}, port: {{ .port }}}
  {{- toYaml .probes.startup | nindent 2 }}
readinessProbe:
  httpGet: {path: {{ .ready | default "/ready" | quote }}, port: {{ .port }}}
  {{- toYaml .probes.readiness | nindent 2 }}
livenessProbe:
  httpGet: {path: /health, port: {{ .port }}}
  {{- toYaml .probes.liveness | nindent 2 }}
{{- end -}}

{{/*
scholar.dnsEgress: name resolution, by UDP and TCP. Where a cluster resolves differs (pods, node cache), so by port alone.
*/}}
{{- define "scholar.dnsEgress" -}}
- ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
{{- end -}}

{{/*
scholar.peer: pods of this system in this namespace, by component and, where given, by name.
Call: {{ include "scholar.peer" (dict "component" "app" "name" "scholar-auth") }}
*/}}
{{- define "scholar.peer" -}}
podSelector:
  matchLabels:
    app.kubernetes.io/part-of: scholar
    app.kubernetes.io/component: {{ .component }}
    {{- with .name }}
    app.kubernetes.io/name: {{ . }}
    {{- end }}
{{- end -}}

{{/*
scholar.databaseEgress: the way to PostgreSQL: the trial's pod and the addresses of networkPolicy.databaseTo; without
either, the port alone.
Call: {{ include "scholar.databaseEgress" . }}
*/}}
{{- define "scholar.databaseEgress" -}}
- ports: [{port: {{ .Values.networkPolicy.databasePort }}, protocol: TCP}]
  {{- with .Values.networkPolicy.databaseTo }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/*
scholar.bytes: a Kubernetes quantity (Ki, Mi, Gi, Ti or plain) as a number of bytes.
*/}}
{{- define "scholar.bytes" -}}
{{- $factor := dict "" 1 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- $quantity := toString . -}}
{{- if not (regexMatch "^[0-9]+(Ki|Mi|Gi|Ti)?$" $quantity) }}{{ fail (printf "the size %q is not understood: write a whole number and Ki, Mi, Gi or Ti" $quantity) }}{{ end -}}
{{- mul (regexFind "^[0-9]+" $quantity | int64) (get $factor (regexFind "[A-Za-z]*$" $quantity) | int64) -}}
{{- end -}}
