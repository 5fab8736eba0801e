{{/*
umbrella.postgresqlContainers: the official image's layout. The volume is /var/lib/postgresql and PGDATA a folder of
our own in it: the image of 18 refuses a mount at …/data, and the older ones declare a throw-away volume there.
*/}}
{{- define "umbrella.postgresqlContainers" -}}
{{- $p := .Values.postgresql -}}
- name: postgresql
  image: {{ include "scholar.image" (dict "ctx" . "image" $p.image) }}
  imagePullPolicy: {{ $p.image.pullPolicy }}
  args: [postgres, -c, max_connections={{ $p.maxConnections }}, -c, unix_socket_directories=/var/run/postgresql]
  env:
    - {name: PGDATA, value: /var/lib/postgresql/pgdata}
    - {name: POSTGRES_DB, value: scholar}
    - {name: POSTGRES_PASSWORD_FILE, value: /etc/scholar/postgresql/POSTGRES_PASSWORD}
  ports:
    - {name: postgresql, containerPort: 5432}
  startupProbe:
    exec: {command: [pg_isready, -q, -h, 127.0.0.1]}
    periodSeconds: 1
    failureThreshold: 180
  livenessProbe:
    exec: {command: [pg_isready, -q, -h, 127.0.0.1]}
    periodSeconds: 10
    timeoutSeconds: 5
    failureThreshold: 6
  readinessProbe:
    exec: {command: [pg_isready, -q, -h, 127.0.0.1]}
    periodSeconds: 5
    timeoutSeconds: 4
  lifecycle:
    # The default signal waits for clients to leave, and they never do; "fast" rolls back and ends.
    preStop:
      exec: {command: [sh, -c, pg_ctl stop -m fast -w -t 45]}
  resources:
    {{- toYaml $p.resources | nindent 4 }}
  securityContext:
    {{- include "scholar.containerSecurity" . | nindent 4 }}
  volumeMounts:
    - {name: data, mountPath: /var/lib/postgresql}
    - {name: socket, mountPath: /var/run/postgresql}
    - {name: secrets, mountPath: /etc/scholar/postgresql, readOnly: true}
    - {name: tmp, mountPath: /tmp, subPath: postgresql}
- name: roles
  image: {{ include "scholar.image" (dict "ctx" . "image" $p.image) }}
  imagePullPolicy: {{ $p.image.pullPolicy }}
  command: [sh, /scripts/roles.sh]
  # Ready when every service can sign in, so that the Service leads nowhere before.
  readinessProbe:
    exec: {command: [test, -f, /tmp/applied]}
    periodSeconds: 2
  resources:
    requests: {cpu: 5m, memory: 8Mi}
    limits: {memory: 64Mi}
  securityContext:
    {{- include "scholar.containerSecurity" . | nindent 4 }}
  volumeMounts:
    - {name: socket, mountPath: /var/run/postgresql}
    - {name: secrets, mountPath: /etc/scholar/postgresql, readOnly: true}
    - {name: scripts, mountPath: /scripts, readOnly: true}
    - {name: tmp, mountPath: /tmp, subPath: roles}
{{- end -}}
