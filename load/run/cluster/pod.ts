import { TREND_STATS } from '../../runner/metrics/exposition.ts';

/** What the pods of a load have in common, whoever makes them. */

export const NAME = 'scholar-load';
/** The charts let pods of this component reach A8, A6 and the PostgreSQL of a trial. */
export const LABELS = {
  'app.kubernetes.io/name': NAME,
  'app.kubernetes.io/component': 'load',
  'app.kubernetes.io/part-of': 'scholar',
} as const;

/** What Pod Security "restricted" asks of a pod, and as whom our image runs. */
export const POD_SECURITY = {
  runAsNonRoot: true,
  ...{ runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001 },
  seccompProfile: { type: 'RuntimeDefault' },
} as const;

export const CONTAINER_SECURITY = {
  ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
  capabilities: { drop: ['ALL'] },
} as const;

export type EnvVar = { name: string; value: string } | { name: string; valueFrom: object };

export const plain = (name: string, value: string): EnvVar => ({ name, value });

export const fromSecret = (
  name: string,
  { secret, key = name, optional = false }: { secret: string; key?: string; optional?: boolean },
): EnvVar => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key, ...(optional ? { optional } : {}) } },
});

/** What a script is told in a namespace of scholar; keys only by reference. */
export function scriptEnv(
  profile: string,
  { lasts, writeP95Ms }: { lasts?: string | undefined; writeP95Ms?: string | undefined } = {},
): EnvVar[] {
  const payments = [
    plain('A6_URL', 'http://provider-register:8080'),
    fromSecret('STRIPE_WEBHOOK_SECRET', { secret: 'provider-register-stripe' }),
    fromSecret('CANARY_KEY', { secret: 'scholar-operator' }),
  ];
  return [
    plain('A8_URL', 'http://auto-com-center:8080'),
    fromSecret('A8_KEY', { secret: 'scholar-operator', key: 'A8_STAGING_KEY' }),
    fromSecret('A8_READ_KEY', { secret: 'scholar-operator' }),
    // The pod is the run: nobody has to make up a number, and no two runs share one.
    { name: 'RUN_ID', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } },
    ...(profile === 'webhook' ? payments : []),
    ...(lasts ? [plain('LASTS', lasts)] : []),
    ...(writeP95Ms ? [plain('WRITE_P95_MS', writeP95Ms)] : []),
  ];
}

/** k6 writes its percentiles to this Prometheus, under the names that our runner shows. */
export const remoteWriteEnv = (url: string): EnvVar[] => [
  plain('K6_PROMETHEUS_RW_SERVER_URL', url),
  plain('K6_PROMETHEUS_RW_TREND_STATS', TREND_STATS.join(',')),
  plain('K6_PROMETHEUS_RW_STALE_MARKERS', 'true'),
];

/** So that k6 asks nobody on the internet for anything. */
export const K6_QUIET: EnvVar[] = [
  plain('K6_NO_USAGE_REPORT', 'true'),
  plain('K6_AUTO_EXTENSION_RESOLUTION', 'false'),
];
