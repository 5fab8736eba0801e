const core = (name: string) => ({ $ref: `_definitions.json#/definitions/io.k8s.api.core.v1.${name}` });
const text = { type: 'string' };
const list = (items: object) => ({ type: 'array', items });
const object = (properties: Record<string, object>, ...required: string[]) => ({
  ...{ type: 'object', additionalProperties: false, properties },
  ...(required.length > 0 ? { required } : {}),
});
const texts = { type: 'object', additionalProperties: text };

/** The Pod of k6-operator's types. */
const pod = object({
  disabled: { type: 'boolean' },
  affinity: core('Affinity'),
  automountServiceAccountToken: text,
  env: list(core('EnvVar')),
  image: text,
  imagePullSecrets: list(core('LocalObjectReference')),
  imagePullPolicy: text,
  metadata: object({ annotations: texts, labels: texts }),
  nodeSelector: texts,
  tolerations: list(core('Toleration')),
  topologySpreadConstraints: list(core('TopologySpreadConstraint')),
  resources: core('ResourceRequirements'),
  serviceAccountName: text,
  securityContext: core('PodSecurityContext'),
  containerSecurityContext: core('SecurityContext'),
  envFrom: list(core('EnvFromSource')),
  readinessProbe: core('Probe'),
  livenessProbe: core('Probe'),
  volumes: list(core('Volume')),
  volumeMounts: list(core('VolumeMount')),
  priorityClassName: text,
  schedulerName: text,
});

/**
 * JSON Schema of k6-operator's TestRun, beside the definitions of a cluster's own API (charts/check/api-schemas.ts), by its types
 * of 2026 (api/v1alpha1/testrun_types.go): the parts of Kubernetes in it are those of the cluster.
 */
export const TEST_RUN_SCHEMA = object(
  {
    apiVersion: { const: 'k6.io/v1alpha1' },
    kind: { const: 'TestRun' },
    metadata: { $ref: '_definitions.json#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' },
    spec: object(
      {
        script: object({
          volumeClaim: object({ name: text, file: text, readOnly: { type: 'boolean' } }, 'name'),
          configMap: object({ name: text, file: text }, 'name'),
          localFile: text,
        }),
        parallelism: { type: 'integer' },
        separate: { type: 'boolean' },
        arguments: text,
        ports: list(core('ContainerPort')),
        ...{ initializer: pod, starter: pod, runner: pod },
        ...{ quiet: text, paused: text },
        cleanup: { enum: ['post'] },
      },
      ...['script', 'parallelism'],
    ),
  },
  ...['apiVersion', 'kind', 'spec'],
);
