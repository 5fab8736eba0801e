{{/*
service.checks: what would install and then hurt. Each check says the value and what to do.
*/}}
{{- define "service.checks" -}}
{{- $app := include "service.app" . | fromYaml -}}
{{- $source := include "scholar.secretSource" (dict "ctx" . "who" $app.label) -}}
{{- if and (eq $source "generate") .Chart.IsRoot -}}
{{- fail (printf "%s: secrets.generate works in the umbrella chart only, where one template makes a key and its entry in A8's ring together. Set secrets.existingSecret instead." $app.label) -}}
{{- end -}}
{{- if and (eq $source "sealed") (not .Values.secrets.sealedData.a8) -}}
{{- fail (printf "%s: secrets.sealed is on without secrets.sealedData.a8. Add the file that `make seal` wrote with -f, or choose another source." $app.label) -}}
{{- end -}}
{{- if and .Values.secrets.sealedData (ne $source "sealed") -}}
{{- fail (printf "%s: secrets.sealedData is given, but the source is %s. Set secrets.sealed instead, or take the data away." $app.label $source) -}}
{{- end -}}
{{- if and (eq $source "generate") (eq .Values.environment "production") -}}
{{- fail (printf "%s: secrets.generate is for trials. In production use secrets.sealed or secrets.existingSecret." $app.label) -}}
{{- end -}}
{{- if and .Values.stripe.sandbox (eq .Values.environment "production") -}}
{{- fail "stripe.sandbox: the sandbox is refused in production. Leave it off and put the real keys into the Stripe Secrets." -}}
{{- end -}}
{{- if and .Values.mail.smtp (not .Values.mail.publicUrl) -}}
{{- fail (printf "%s: mail.smtp is on without mail.publicUrl. Set the address under which people reach scholar_auth: links in mails begin with it." $app.label) -}}
{{- end -}}
{{- include "service.checkOutbox" . -}}
{{- include "service.checkGrace" . -}}
{{- end -}}

{{/* service.checkOutbox: the forwarder must say 507 long before the volume is full, or Kubernetes evicts its pod. */}}
{{- define "service.checkOutbox" -}}
{{- $persistence := .Values.outbox.persistence -}}
{{- $value := ternary "outbox.persistence.size" "outbox.sizeLimit" $persistence.enabled -}}
{{- $size := ternary $persistence.size .Values.outbox.sizeLimit $persistence.enabled -}}
{{- $room := include "scholar.bytes" $size | int64 -}}
{{- $max := .Values.forwarder.settings.OUTBOX_MAX_BYTES | default .Values.outbox.maxBytes | int64 -}}
{{- if gt (mul $max 5) (mul $room 4) -}}
{{- fail (printf "outbox.maxBytes (%d) must be at most four fifths of %s (%s = %d bytes): a full volume fails writes, and a full emptyDir evicts the pod and loses its events. Lower the one or raise the other." $max $value $size $room) -}}
{{- end -}}
{{- if gt (int64 .Values.outbox.retainBytes) $max -}}
{{- fail (printf "outbox.retainBytes (%d) must not be above outbox.maxBytes (%d)." (int64 .Values.outbox.retainBytes) $max) -}}
{{- end -}}
{{- end -}}

{{/* service.checkGrace: the forwarder is stopped after the application; a period that is over kills it after two seconds. */}}
{{- define "service.checkGrace" -}}
{{- $s := .Values.shutdown -}}
{{- $need := add $s.drainSeconds $s.appSeconds $s.forwarderSeconds 5 -}}
{{- if lt (int64 .Values.terminationGracePeriodSeconds) $need -}}
{{- fail (printf "terminationGracePeriodSeconds (%d) is too short: drain %d + application %d + forwarder %d + 5 of slack = %d. Raise it to that or lower shutdown.*." (int64 .Values.terminationGracePeriodSeconds) (int64 $s.drainSeconds) (int64 $s.appSeconds) (int64 $s.forwarderSeconds) $need) -}}
{{- end -}}
{{- end -}}
