import { lasting, secondsOf } from '../../scenarios/parts/lasting.ts';
import { GRACE_SECONDS, PROFILES } from '../../scenarios/parts/profiles.ts';
import {
  CONTAINER_SECURITY,
  type EnvVar,
  fromSecret,
  K6_QUIET,
  LABELS,
  NAME,
  POD_SECURITY,
  plain,
  remoteWriteEnv,
  scriptEnv,
} from './pod.ts';
import { loadPolicy, METRICS_PORT } from './policy.ts';

/** What of A8's own pod the pod of a load takes over. */
export interface LikeA8 {
  image: string;
  pullSecrets: readonly object[];
  /** Secret with DATABASE_URL. */
  databaseSecret: string;
  /** Secret with the certificate that DATABASE_URL names, where there is one. */
  caSecret: string | undefined;
}

export interface LoadJob extends LikeA8 {
  profile: keyof typeof PROFILES;
  /** k6's own image, which then plays; undefined: our runner. */
  k6Image: string | undefined;
  lasts: string | undefined;
  /** Another bound for the P95 of a write than the profile's, ms. */
  writeP95Ms: string | undefined;
  /** Where k6 writes its metrics to. */
  remoteWriteUrl: string | undefined;
  prometheusNamespace: string;
}

/** Container of the Job that plays and judges. */
export const CONTAINER = 'load';
/** Start of pods, the comparison with all rows, and a machine that does other things, too. */
const MARGIN_SECONDS = 600;
const K6_FOLDER = '/k6';

/** The Job and its policy, in the order in which they are applied: the way is open before the first connection. Pure. */
export function loadObjects(of: LoadJob): object[] {
  return [loadPolicy(of.prometheusNamespace), loadJob(of)];
}

function loadJob(of: LoadJob): object {
  const seconds = secondsOf(lasting(PROFILES[of.profile], of.lasts));
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: NAME, labels: LABELS },
    spec: {
      // A run that is done again is another run.
      backoffLimit: 0,
      activeDeadlineSeconds: Math.ceil(seconds) + GRACE_SECONDS + MARGIN_SECONDS,
      ttlSecondsAfterFinished: 3_600,
      template: { metadata: { labels: LABELS }, spec: podSpec(of) },
    },
  };
}

function podSpec(of: LoadJob): object {
  return {
    ...{ restartPolicy: 'Never', automountServiceAccountToken: false, enableServiceLinks: false },
    securityContext: POD_SECURITY,
    ...(of.pullSecrets.length > 0 ? { imagePullSecrets: of.pullSecrets } : {}),
    ...(of.k6Image === undefined ? {} : { initContainers: [bringK6(of.k6Image)] }),
    containers: [container(of)],
    volumes: [
      { name: 'out', emptyDir: { sizeLimit: '256Mi' } },
      ...(of.k6Image === undefined ? [] : [{ name: 'k6', emptyDir: { sizeLimit: '512Mi' } }]),
      ...(of.caSecret === undefined
        ? []
        : [{ name: 'database-ca', secret: { secretName: of.caSecret, defaultMode: 0o440 } }]),
    ],
  };
}

/** k6 is one file that needs nothing beside it: it plays in our image, where the scripts are and where its result is judged. */
const bringK6 = (image: string) => ({
  ...{ name: 'k6', image, imagePullPolicy: 'IfNotPresent' },
  command: ['cp', '/usr/bin/k6', `${K6_FOLDER}/k6`],
  resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
  securityContext: CONTAINER_SECURITY,
  volumeMounts: [{ name: 'k6', mountPath: K6_FOLDER }],
});

function container(of: LoadJob): object {
  const byK6 = of.k6Image !== undefined;
  return {
    ...{ name: CONTAINER, image: of.image, imagePullPolicy: 'IfNotPresent' },
    args: ['--disable-warning=ExperimentalWarning', 'load/run/main.ts'],
    env: [
      ...[plain('PROFILE', of.profile), plain('ENGINE', byK6 ? 'k6' : 'runner')],
      ...[plain('OUT', '/out'), plain('OUTCOME', '1')],
      ...scriptEnv(of.profile, of),
      fromSecret('DATABASE_URL', { secret: of.databaseSecret, optional: true }),
      ...(byK6 ? k6Env(of.remoteWriteUrl) : [plain('METRICS_PORT', `0.0.0.0:${METRICS_PORT}`)]),
    ],
    ports: [{ name: 'metrics', containerPort: METRICS_PORT }],
    resources: { requests: { cpu: '200m', memory: '256Mi' }, limits: { memory: '1Gi' } },
    securityContext: CONTAINER_SECURITY,
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [
      { name: 'out', mountPath: '/out' },
      ...(byK6 ? [{ name: 'k6', mountPath: K6_FOLDER, readOnly: true }] : []),
      ...(of.caSecret === undefined
        ? []
        : [{ name: 'database-ca', mountPath: '/etc/scholar/database-ca', readOnly: true }]),
    ],
  };
}

const k6Env = (remoteWriteUrl: string | undefined): EnvVar[] => [
  plain('PATH', `${K6_FOLDER}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`),
  ...K6_QUIET,
  ...(remoteWriteUrl === undefined ? [] : remoteWriteEnv(remoteWriteUrl)),
];
