{{/* umbrella.labels: the seven applications, as YAML. */}}
{{- define "umbrella.apps" -}}
[scholar_auth, scholarship_api, scholarship_agent, scholarship_sage, student_pilot, provider_register, auto_page_maker]
{{- end -}}

{{/*
umbrella.checks: what concerns more than one chart.
*/}}
{{- define "umbrella.checks" -}}
{{- $shared := .Values.global.scholar -}}
{{- $generated := list -}}
{{- $others := list -}}
{{- range $label := append (include "umbrella.apps" . | fromYamlArray) "auto_com_center" -}}
{{- $values := get $.Values $label -}}
{{- if $values.enabled -}}
{{- if or $shared.secrets.generate ($values.secrets).generate }}{{ $generated = append $generated $label }}{{ else }}{{ $others = append $others $label }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if and $generated $others -}}
{{- fail (printf "secrets.generate is on for %s and off for %s. A generated ring holds generated keys only: set global.scholar.secrets.generate, or choose another source for all." (join ", " $generated) (join ", " $others)) -}}
{{- end -}}
{{- if $generated -}}
{{- if not .Values.postgresql.enabled }}{{ fail "secrets.generate makes DATABASE_URL for the PostgreSQL of the umbrella only. Set postgresql.enabled=true, or bring your own Secrets (secrets.existingSecret)." }}{{ end -}}
{{- if .Values.postgresql.existingSecret }}{{ fail "postgresql.existingSecret: with secrets.generate the passwords are made here. Leave it empty." }}{{ end -}}
{{- end -}}
{{- if eq $shared.environment "production" -}}
{{- if .Values.postgresql.enabled }}{{ fail "postgresql.enabled: the PostgreSQL of the umbrella has one pod and no backup. In production set DATABASE_URL of your own in the <app>-app Secrets." }}{{ end -}}
{{- if $shared.stripe.sandbox }}{{ fail "global.scholar.stripe.sandbox: the sandbox is refused in production. Leave it off and put the real keys into the Stripe Secrets." }}{{ end -}}
{{- end -}}
{{- include "umbrella.tableChecks" . -}}
{{- if $generated }}true{{ end -}}
{{- end -}}

{{/*
umbrella.tableChecks: the operator's TruthTable speaks of what is installed: a row of an application that is off would be
red for ever. A chart cannot set values of another, so it says what to set.
*/}}
{{- define "umbrella.tableChecks" -}}
{{- $operator := .Values.operator -}}
{{- if and $operator.enabled $operator.table.enabled -}}
{{- if not .Values.auto_com_center.enabled }}{{ fail "operator.enabled: A8 (auto_com_center) is off, so there is no row to prove. Set operator.enabled=false." }}{{ end -}}
{{- $on := list -}}
{{- $kinds := dict -}}
{{- range $label := include "umbrella.apps" . | fromYamlArray -}}
{{- $values := get $.Values $label -}}
{{- if $values.enabled -}}
{{- $on = append $on $label -}}
{{- if not (dig "outbox" "persistence" "enabled" true $values) }}{{ $_ := set $kinds $label "Deployment" }}{{ end -}}
{{- end -}}
{{- end -}}
{{- range $label := $operator.table.apps -}}
{{- if not (has $label $on) }}{{ fail (printf "operator.table.apps: %s is off. Name those that are on: --set 'operator.table.apps={%s}'" $label (join "," $on)) }}{{ end -}}
{{- $kind := get $kinds $label | default "StatefulSet" -}}
{{- if ne $kind (get $operator.table.kinds $label | default "StatefulSet") }}{{ fail (printf "operator.table.kinds: %s is a %s (outbox.persistence.enabled). Set operator.table.kinds.%s=%s." $label $kind $label $kind) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* umbrella.postgresqlSecret: where the passwords lie. */}}
{{- define "umbrella.postgresqlSecret" -}}
{{- .Values.postgresql.existingSecret | default "scholar-postgresql" -}}
{{- end -}}

{{/* umbrella.random: 32 random bytes, base64url. */}}
{{- define "umbrella.random" -}}
{{- randBytes 32 | replace "+" "-" | replace "/" "_" | trimSuffix "=" -}}
{{- end -}}

{{/*
umbrella.keep: a value that is already in the cluster, or else the fresh one.
Call: {{ include "umbrella.keep" (dict "secret" $found "key" "A8_KEY" "fresh" (include "umbrella.random" .)) }}
*/}}
{{- define "umbrella.keep" -}}
{{- $kept := get (.secret.data | default dict) .key -}}
{{- ternary (b64dec $kept) .fresh (ne $kept "") -}}
{{- end -}}

{{/*
umbrella.ringEntry: one file of A8's ring. Templates know no HMAC, so the fingerprint stays open and A8 learns it.
Call: {{ include "umbrella.ringEntry" (dict "key" $key "labels" (list "scholar_auth") "role" "emit") }}
*/}}
{{- define "umbrella.ringEntry" -}}
{{- dict "sha256" (sha256sum .key) "fingerprint" nil "labels" .labels "not_after" nil "role" .role | toJson -}}
{{- end -}}
