import type { V1Container, V1EnvVar } from '../../../../kube/objects.ts';
import type { Workload } from '../../installed.ts';
import type { PlacementView } from '../placement.ts';

export const HUB_URL = 'http://auto-com-center:8080';

export interface OneApp {
  /** Of the ConfigMap of the app, over the right ones. */
  settings?: Record<string, string>;
  /** Entries of the app's container itself, as `kubectl set env` makes them. */
  env?: V1EnvVar[];
  /** False for a chart that knows no `<app>-repair`. */
  repairable?: boolean;
  secrets?: Record<string, Record<string, string>>;
  secretFrom?: PlacementView['secretFrom'];
  workload?: Partial<Workload>;
}

/** A2 as the charts install it: its settings by envFrom, its Stripe key in a mounted Secret, `<app>-repair` last. */
export function oneApp(options: OneApp = {}): PlacementView {
  const { settings, env = [], repairable = true, secrets = {}, secretFrom = [], workload = {} } = options;
  const name = 'scholarship-api';
  const repair = [
    { configMapRef: { name: `${name}-repair`, optional: true } },
    { secretRef: { name: `${name}-repair`, optional: true } },
  ];
  const envFrom = (config: string) => [{ configMapRef: { name: config } }, ...(repairable ? repair : [])];
  const app: V1Container = {
    name: 'app',
    envFrom: envFrom(name),
    env,
    volumeMounts: [{ name: 'stripe', mountPath: '/etc/scholar/stripe' }],
  };
  const forwarder: V1Container = {
    name: 'forwarder',
    restartPolicy: 'Always',
    envFrom: envFrom(`${name}-forwarder`),
  };
  const labels = { 'app.kubernetes.io/name': name };
  return {
    hubUrl: HUB_URL,
    secretFrom,
    installed: {
      namespace: 'trial',
      pods: [],
      services: [],
      workloads: [
        {
          kind: 'StatefulSet',
          name,
          replicas: 1,
          selector: { matchLabels: labels },
          trouble: undefined,
          template: {
            metadata: { labels },
            spec: {
              initContainers: [forwarder],
              containers: [app],
              volumes: [{ name: 'stripe', secret: { secretName: `${name}-stripe`, optional: true } }],
            },
          },
          ...workload,
        },
      ],
    },
    sources: {
      configMaps: {
        [name]: {
          EMIT_MODE: 'forwarder',
          PORT: '8080',
          OPS_PORT: '9464',
          A8_URL: HUB_URL,
          LOG_LEVEL: 'info',
          STRIPE_SECRET_KEY_FILE: '/etc/scholar/stripe/STRIPE_SECRET_KEY',
          ...settings,
        },
        [`${name}-forwarder`]: { APP_LABEL: 'scholarship_api', OPS_PORT: '9465', A8_URL: HUB_URL },
      },
      secrets,
    },
  };
}
