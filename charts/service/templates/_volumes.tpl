{{/*
service.volumes: Secrets as whole folders, because Kubernetes renews neither environment nor subPath while a pod runs.
All are optional: a missing secret is a finding of the running process, not a pod that cannot start. The application
does not get CONTROL_TOKEN, which discards events.
*/}}
{{- define "service.volumes" -}}
{{- $app := include "service.app" . | fromYaml -}}
{{- $parts := list "app" -}}
{{- if $app.stripe }}{{ $parts = append $parts "stripe" }}{{ end -}}
{{- if eq $app.label "scholar_auth" }}{{ $parts = append $parts "clients" }}{{ end -}}
{{- if not .Values.outbox.persistence.enabled }}
- name: outbox
  emptyDir: {sizeLimit: {{ .Values.outbox.sizeLimit }}}
{{- end }}
- name: tmp
  emptyDir: {sizeLimit: 64Mi}
- name: a8
  secret:
    secretName: {{ include "service.secretName" (dict "ctx" . "name" $app.name "part" "a8") }}
    optional: true
    defaultMode: 0440
- name: app-a8
  secret:
    secretName: {{ include "service.secretName" (dict "ctx" . "name" $app.name "part" "a8") }}
    optional: true
    defaultMode: 0440
    items:
      {{- range $setting := list "A8_KEY" "CANARY_KEY" }}
      {{- $key := include "service.secretKey" (dict "ctx" $ "setting" $setting) }}
      - {key: {{ $key }}, path: {{ $key }}}
      {{- end }}
{{- range $part := $parts }}
- name: {{ $part }}
  secret:
    secretName: {{ include "service.secretName" (dict "ctx" $ "name" $app.name "part" $part) }}
    optional: true
    defaultMode: 0440
{{- end }}
{{- with .Values.database.caSecret }}
- name: database-ca
  secret: {secretName: {{ . }}, optional: true, defaultMode: 0440}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}
