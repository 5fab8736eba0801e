{{- define "hub.container" -}}
- name: app
  image: {{ include "scholar.image" (dict "ctx" . "image" .Values.image) }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  args: [services/auto_com_center/dist/main.js]
  envFrom:
    {{- include "scholar.envFrom" (dict "config" "auto-com-center" "repair" "auto-com-center" "extra" .Values.extraEnvFrom) | nindent 4 }}
  {{- with include "scholar.env" .Values.extraEnv }}
  env:
    {{- . | nindent 4 }}
  {{- end }}
  ports:
    - {name: http, containerPort: 8080}
    - {name: ops, containerPort: 9464}
  {{- include "scholar.probes" (dict "port" "ops" "startup" "/health" "probes" .Values.probes) | nindent 2 }}
  lifecycle:
    {{- include "scholar.drain" (dict "ctx" . "seconds" .Values.shutdown.drainSeconds) | nindent 4 }}
  resources:
    {{- toYaml .Values.resources | nindent 4 }}
  securityContext:
    {{- include "scholar.containerSecurity" . | nindent 4 }}
  terminationMessagePolicy: FallbackToLogsOnError
  volumeMounts:
    - {name: app, mountPath: /etc/scholar/app, readOnly: true}
    - {name: keys, mountPath: /etc/scholar/keys, readOnly: true}
    {{- if .Values.database.caSecret }}
    - {name: database-ca, mountPath: /etc/scholar/database-ca, readOnly: true}
    {{- end }}
    - {name: tmp, mountPath: /tmp}
    {{- with .Values.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "hub.volumes" -}}
- name: tmp
  emptyDir: {sizeLimit: 64Mi}
{{- range $part := list "app" "keys" }}
- name: {{ $part }}
  secret:
    secretName: {{ include "hub.secretName" (dict "ctx" $ "part" $part) }}
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
