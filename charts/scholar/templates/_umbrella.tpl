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
{{- if $generated }}true{{ end -}}
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
