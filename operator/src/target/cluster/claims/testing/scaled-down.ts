import type { V1Container, V1Pod } from '../../../../kube/objects.ts';
import type { DesiredSource } from '../../desired-view.ts';
import type { Workload } from '../../installed.ts';

const NAME = 'scholar-auth';
const SELECTOR = {
  'app.kubernetes.io/name': NAME,
  'app.kubernetes.io/instance': 'scholar',
  'app.kubernetes.io/component': 'app',
};

export interface ScaledDown {
  replicas?: number;
  workload?: Partial<Workload>;
  pods?: V1Pod[];
  forwarder?: Partial<V1Container>;
}

/** A1 as the charts install it, on claims of its own, after somebody has scaled it down. */
export function scaledDown({
  replicas = 1,
  workload = {},
  pods = [],
  forwarder = {},
}: ScaledDown = {}): DesiredSource {
  const beside: V1Container = {
    name: 'forwarder',
    restartPolicy: 'Always',
    image: 'scholar:1',
    args: ['sidecar/dist/main.js'],
    envFrom: [{ configMapRef: { name: `${NAME}-forwarder` } }],
    securityContext: { readOnlyRootFilesystem: true },
    volumeMounts: [
      { name: 'outbox', mountPath: '/var/lib/scholar/outbox' },
      { name: 'a8', mountPath: '/etc/scholar/a8', readOnly: true },
    ],
    ...forwarder,
  };
  return {
    installed: {
      namespace: 'trial',
      services: [],
      pods,
      workloads: [
        {
          kind: 'StatefulSet',
          name: NAME,
          replicas,
          uid: 'uid-1',
          generation: 7,
          claimTemplates: ['outbox'],
          selector: { matchLabels: SELECTOR },
          trouble: undefined,
          template: {
            metadata: { labels: { ...SELECTOR, 'app.kubernetes.io/part-of': 'scholar' } },
            spec: {
              securityContext: { fsGroup: 10001, runAsNonRoot: true },
              nodeSelector: { disk: 'fast' },
              initContainers: [beside],
              containers: [{ name: 'app', image: 'scholar:1' }],
              volumes: [
                { name: 'a8', secret: { secretName: `${NAME}-a8` } },
                { name: 'stripe', secret: { secretName: `${NAME}-stripe` } },
              ],
            },
          },
          ...workload,
        },
      ],
    },
    sources: {
      configMaps: {
        [`${NAME}-forwarder`]: {
          OUTBOX_DIR: '/var/lib/scholar/outbox',
          CONTROL_TOKEN_FILE: '/etc/scholar/a8/CONTROL_TOKEN',
        },
      },
      secrets: { [`${NAME}-a8`]: { CONTROL_TOKEN: 'token' } },
    },
  };
}

export function podOn(
  claim: string,
  more: { name?: string; phase?: string; labels?: Record<string, string> } = {},
): V1Pod {
  const { name = 'somebody', phase = 'Running', labels = {} } = more;
  return {
    metadata: { name, namespace: 'trial', uid: `uid-${name}`, labels },
    spec: { containers: [], volumes: [{ name: 'outbox', persistentVolumeClaim: { claimName: claim } }] },
    status: { phase },
  };
}
