{{/*
service.apps: what differs between the seven, by label. `calls` lists whom an application calls besides scholar_auth,
which all but itself call for tokens (scholar_auth calls them all when a person wants their data, or to be erased); `url`
is the setting that holds an application's address.
*/}}
{{- define "service.apps" -}}
scholar_auth: {number: A1, url: A1_URL, calls: [scholarship_api, scholarship_agent, scholarship_sage, student_pilot, provider_register, auto_page_maker]}
scholarship_api: {number: A2, url: A2_URL, calls: [], stripe: [STRIPE_SECRET_KEY]}
scholarship_agent: {number: A3, url: A3_URL, calls: [scholarship_api]}
scholarship_sage: {number: A4, url: A4_URL, calls: [scholarship_api]}
student_pilot: {number: A5, url: A5_URL, calls: [scholarship_agent, scholarship_sage, scholarship_api]}
provider_register: {number: A6, url: A6_URL, calls: [scholarship_api], stripe: [STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET]}
auto_page_maker: {number: A7, url: A7_URL, calls: [scholarship_api]}
{{- end -}}

{{/*
service.app: the facts of this application as YAML: label, name, number, calls, callers, stripe.
Call: {{- $app := include "service.app" . | fromYaml }}
*/}}
{{- define "service.app" -}}
{{- $apps := include "service.apps" . | fromYaml -}}
{{- $label := .Values.label | default .Chart.Name -}}
{{- if not (hasKey $apps $label) }}{{ fail (printf "label: %q is no application. Set label to one of %s." $label (keys $apps | sortAlpha | join ", ")) }}{{ end -}}
{{- $app := get $apps $label -}}
{{- $calls := $app.calls -}}
{{- $callers := list -}}
{{- if ne $label "scholar_auth" }}{{ $calls = prepend $calls "scholar_auth" }}{{ end -}}
{{- range $other, $facts := $apps -}}
{{- if or (has $label $facts.calls) (and (eq $label "scholar_auth") (ne $other $label)) }}{{ $callers = append $callers $other }}{{ end -}}
{{- end -}}
{{- toYaml (dict "label" $label "name" (replace "_" "-" $label) "number" $app.number "calls" $calls "callers" $callers "stripe" ($app.stripe | default list)) -}}
{{- end -}}

{{/*
service.secretName: name of one of the application's Secrets. It does not hold the release's name, because strictly
sealed ciphertext is bound to name and namespace.
Call: {{ include "service.secretName" (dict "ctx" . "name" "scholar-auth" "part" "a8") }}
*/}}
{{- define "service.secretName" -}}
{{- get .ctx.Values.secrets.names .part | default (printf "%s-%s" .name .part) -}}
{{- end -}}

{{/*
service.secretKey: key of a setting inside its Secret.
Call: {{ include "service.secretKey" (dict "ctx" . "setting" "A8_KEY") }}
*/}}
{{- define "service.secretKey" -}}
{{- get .ctx.Values.secrets.existingSecretKeys .setting | default .setting -}}
{{- end -}}

{{/*
service.files: `<SETTING>_FILE` of settings that lie in one mounted Secret.
Call: {{ include "service.files" (dict "ctx" . "part" "a8" "settings" (list "A8_KEY")) | fromYaml }}
*/}}
{{- define "service.files" -}}
{{- range $setting := .settings }}
{{ $setting }}_FILE: /etc/scholar/{{ $.part }}/{{ include "service.secretKey" (dict "ctx" $.ctx "setting" $setting) }}
{{- end -}}
{{- end -}}

{{/* service.labels and service.selectorLabels: those of this application's objects. */}}
{{- define "service.labels" -}}
{{- $app := include "service.app" . | fromYaml -}}
{{ include "scholar.labels" (dict "ctx" . "name" $app.name "component" "app") }}
scholar.dev/app-label: {{ $app.label }}
{{- end -}}
{{- define "service.selectorLabels" -}}
{{- $app := include "service.app" . | fromYaml -}}
{{ include "scholar.selectorLabels" (dict "ctx" . "name" $app.name "component" "app") }}
{{- end -}}

{{/* service.serviceAccount: the account that the pods run under. */}}
{{- define "service.serviceAccount" -}}
{{- $app := include "service.app" . | fromYaml -}}
{{- if .Values.serviceAccount.create -}}
{{ .Values.serviceAccount.name | default $app.name }}
{{- else -}}
{{ .Values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end -}}
