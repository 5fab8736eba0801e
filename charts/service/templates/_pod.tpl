{{/*
service.pod: the pod template, the same for StatefulSet and Deployment. The forwarder is a native sidecar: it is ready
before the application starts and ends after it, so there is no moment without an outbox.
*/}}
{{- define "service.pod" -}}
{{- $app := include "service.app" . | fromYaml -}}
metadata:
  labels:
    {{- include "service.labels" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    kubectl.kubernetes.io/default-container: app
    checksum/settings: {{ include (print $.Template.BasePath "/settings.yaml") . | sha256sum }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "service.serviceAccount" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  securityContext:
    {{- include "scholar.podSecurity" 10001 | nindent 4 }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  initContainers:
    {{- include "service.forwarder" . | nindent 4 }}
  containers:
    {{- include "service.container" . | nindent 4 }}
  volumes:
    {{- include "service.volumes" . | trim | nindent 4 }}
  {{- include "scholar.placement" (dict "ctx" . "selector" (include "service.selectorLabels" .)) | trim | nindent 2 }}
{{- end -}}

{{- define "service.forwarder" -}}
{{- $app := include "service.app" . | fromYaml -}}
- name: forwarder
  restartPolicy: Always
  image: {{ include "scholar.image" (dict "ctx" . "image" .Values.image) }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  args: [sidecar/dist/main.js]
  envFrom:
    {{- include "scholar.envFrom" (dict "config" (printf "%s-forwarder" $app.name) "repair" $app.name "extra" list) | nindent 4 }}
  {{- with include "scholar.env" .Values.forwarder.extraEnv }}
  env:
    {{- . | nindent 4 }}
  {{- end }}
  ports:
    - {name: forwarder-ops, containerPort: 9465}
  {{- include "scholar.probes" (dict "port" "forwarder-ops" "startup" "/ready" "probes" .Values.probes) | nindent 2 }}
  resources:
    {{- toYaml .Values.forwarder.resources | nindent 4 }}
  securityContext:
    {{- include "scholar.containerSecurity" . | nindent 4 }}
  terminationMessagePolicy: FallbackToLogsOnError
  volumeMounts:
    - {name: outbox, mountPath: /var/lib/scholar/outbox}
    - {name: a8, mountPath: /etc/scholar/a8, readOnly: true}
    - {name: tmp, mountPath: /tmp, subPath: forwarder}
{{- end -}}

{{- define "service.container" -}}
{{- $app := include "service.app" . | fromYaml -}}
- name: app
  image: {{ include "scholar.image" (dict "ctx" . "image" .Values.image) }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  args: [services/{{ $app.label }}/dist/main.js]
  envFrom:
    {{- include "scholar.envFrom" (dict "config" $app.name "repair" $app.name "extra" .Values.extraEnvFrom) | nindent 4 }}
  {{- with include "scholar.env" .Values.extraEnv }}
  env:
    {{- . | nindent 4 }}
  {{- end }}
  ports:
    - {name: http, containerPort: 8080}
    - {name: ops, containerPort: 9464}
  {{- /* Pages show what they can while the database is away (docs/faults.md); out of their Service they would show nothing. */}}
  {{- $ready := has $app.number (list "A5" "A6" "A7") | ternary "/ready?exclude=database" "/ready" }}
  {{- include "scholar.probes" (dict "port" "ops" "startup" "/health" "ready" $ready "probes" .Values.probes) | nindent 2 }}
  lifecycle:
    {{- include "scholar.drain" (dict "ctx" . "seconds" .Values.shutdown.drainSeconds) | nindent 4 }}
  resources:
    {{- toYaml .Values.resources | nindent 4 }}
  securityContext:
    {{- include "scholar.containerSecurity" . | nindent 4 }}
  terminationMessagePolicy: FallbackToLogsOnError
  volumeMounts:
    - {name: app-a8, mountPath: /etc/scholar/a8, readOnly: true}
    - {name: app, mountPath: /etc/scholar/app, readOnly: true}
    {{- if $app.stripe }}
    - {name: stripe, mountPath: /etc/scholar/stripe, readOnly: true}
    {{- end }}
    {{- if eq $app.label "scholar_auth" }}
    - {name: clients, mountPath: /etc/scholar/clients, readOnly: true}
    {{- end }}
    {{- if .Values.database.caSecret }}
    - {name: database-ca, mountPath: /etc/scholar/database-ca, readOnly: true}
    {{- end }}
    - {name: tmp, mountPath: /tmp, subPath: app}
    {{- with .Values.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
