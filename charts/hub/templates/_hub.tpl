{{/* hub.labels and hub.selectorLabels: those of A8's objects. There is one A8 in a namespace, so its name is fixed. */}}
{{- define "hub.labels" -}}
{{ include "scholar.labels" (dict "ctx" . "name" "auto-com-center" "component" "hub") }}
scholar.dev/app-label: auto_com_center
{{- end -}}
{{- define "hub.selectorLabels" -}}
{{ include "scholar.selectorLabels" (dict "ctx" . "name" "auto-com-center" "component" "hub") }}
{{- end -}}

{{/*
hub.secretName: name of one of A8's Secrets: app, keys or operator.
Call: {{ include "hub.secretName" (dict "ctx" . "part" "keys") }}
*/}}
{{- define "hub.secretName" -}}
{{- $default := ternary "scholar-operator" (printf "auto-com-center-%s" .part) (eq .part "operator") -}}
{{- get .ctx.Values.secrets.names .part | default $default -}}
{{- end -}}

{{/*
hub.secretKey: key of a setting inside its Secret.
Call: {{ include "hub.secretKey" (dict "ctx" . "setting" "DATABASE_URL") }}
*/}}
{{- define "hub.secretKey" -}}
{{- get .ctx.Values.secrets.existingSecretKeys .setting | default .setting -}}
{{- end -}}

{{/* hub.serviceAccount: the account that the pods run under. */}}
{{- define "hub.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary "auto-com-center" "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{/* hub.several: "true" where more than one pod may run. */}}
{{- define "hub.several" -}}
{{- $pods := ternary .Values.autoscaling.maxReplicas .Values.replicas .Values.autoscaling.enabled | int -}}
{{- if gt $pods 1 }}true{{ end -}}
{{- end -}}

{{/* hub.checks: what would install and then hurt. */}}
{{- define "hub.checks" -}}
{{- $source := include "scholar.secretSource" (dict "ctx" . "who" "auto_com_center") -}}
{{- if and (eq $source "generate") .Chart.IsRoot -}}
{{- fail "auto_com_center: secrets.generate works in the umbrella chart only, where one template makes the keys and A8's ring together. Set secrets.existingSecret instead." -}}
{{- end -}}
{{- if and (eq $source "generate") (eq .Values.environment "production") -}}
{{- fail "auto_com_center: secrets.generate is for trials. In production use secrets.sealed or secrets.existingSecret." -}}
{{- end -}}
{{- if and (eq $source "sealed") (not .Values.secrets.sealedData.app) -}}
{{- fail "auto_com_center: secrets.sealed is on without secrets.sealedData.app. Add the file that `make seal` wrote with -f, or choose another source." -}}
{{- end -}}
{{- if and .Values.secrets.sealedData (ne $source "sealed") -}}
{{- fail (printf "auto_com_center: secrets.sealedData is given, but the source is %s. Set secrets.sealed instead, or take the data away." $source) -}}
{{- end -}}
{{- if and .Values.metrics.podMonitor.enabled .Values.metrics.serviceMonitor.enabled -}}
{{- fail "metrics.podMonitor and metrics.serviceMonitor are both on: A8 would be scraped twice and every rate would be doubled. Keep one." -}}
{{- end -}}
{{- $need := add .Values.shutdown.drainSeconds .Values.shutdown.appSeconds 5 -}}
{{- if lt (int64 .Values.terminationGracePeriodSeconds) $need -}}
{{- fail (printf "terminationGracePeriodSeconds (%d) is too short: drain %d + A8 %d + 5 of slack = %d. Raise it to that or lower shutdown.*." (int64 .Values.terminationGracePeriodSeconds) (int64 .Values.shutdown.drainSeconds) (int64 .Values.shutdown.appSeconds) $need) -}}
{{- end -}}
{{- end -}}
