import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apply, kubectl } from '../../harness/kubectl.ts';
import { buildImage } from './build-image.ts';
import { IMAGE, TOOLS } from './environment.ts';

export const PROMETHEUS_POD = 'prometheus';
export const PROMETHEUS_PORT = 9090;

/** Makes an image of nothing but .tools/bin/prometheus; the cluster has it afterwards. @returns its name. */
export async function prometheusImage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'scholar-prometheus-'));
  try {
    await copyFile(join(TOOLS, 'prometheus'), join(folder, 'prometheus'));
    await writeFile(
      join(folder, 'Dockerfile'),
      'FROM scratch\nCOPY prometheus /prometheus\nENTRYPOINT ["/prometheus"]\n',
    );
    return await buildImage({ image: `${IMAGE}-prometheus`, folder });
  } finally {
    await rm(folder, { recursive: true });
  }
}

export interface PrometheusPod {
  /** Where it runs. */
  namespace: string;
  image: string;
  /** Whose pods it may look for. */
  watched: string;
  /** Its configuration and its rules, as JSON, which is YAML. */
  config: object;
  rules: object;
}

/** Resolves when a Prometheus is ready that may look at one other namespace, as one of a cluster's monitoring may. */
export async function runPrometheus({
  namespace,
  image,
  watched,
  config,
  rules,
}: PrometheusPod): Promise<void> {
  const name = roleName(namespace);
  const subject = { kind: 'ServiceAccount', name: PROMETHEUS_POD, namespace };
  const read = ['get', 'list', 'watch'];
  await apply(watched, [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name },
      rules: [
        { apiGroups: [''], resources: ['pods', 'services', 'endpoints'], verbs: read },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [subject],
    },
  ]);
  const data = { 'prometheus.yaml': JSON.stringify(config), 'rules.yaml': JSON.stringify(rules) };
  await apply(namespace, [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: PROMETHEUS_POD } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: PROMETHEUS_POD }, data },
    podOf(image),
  ]);
  await kubectl('wait', `pod/${PROMETHEUS_POD}`, '-n', namespace, '--for=condition=Ready', '--timeout=180s');
}

/** Takes back what it was allowed in the other namespace. */
export async function forbidPrometheus(namespace: string, watched: string): Promise<void> {
  await kubectl('delete', 'rolebinding,role', roleName(namespace), '-n', watched, '--ignore-not-found');
}

const roleName = (namespace: string): string => `prometheus-of-${namespace}`;

function podOf(image: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: PROMETHEUS_POD, labels: { 'app.kubernetes.io/name': PROMETHEUS_POD } },
    spec: {
      serviceAccountName: PROMETHEUS_POD,
      terminationGracePeriodSeconds: 1,
      securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: PROMETHEUS_POD,
          image,
          imagePullPolicy: 'IfNotPresent',
          args: [
            '--config.file=/config/prometheus.yaml',
            '--storage.tsdb.path=/data/tsdb',
            `--web.listen-address=:${PROMETHEUS_PORT}`,
          ],
          readinessProbe: { httpGet: { path: '/-/ready', port: PROMETHEUS_PORT }, periodSeconds: 1 },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          volumeMounts: [
            { name: 'config', mountPath: '/config' },
            { name: 'data', mountPath: '/data' },
          ],
        },
      ],
      volumes: [
        { name: 'config', configMap: { name: PROMETHEUS_POD } },
        { name: 'data', emptyDir: {} },
      ],
    },
  };
}
