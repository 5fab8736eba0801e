import type { PROFILES } from '../../scenarios/parts/profiles.ts';
import {
  CONTAINER_SECURITY,
  K6_QUIET,
  LABELS,
  NAME,
  POD_SECURITY,
  remoteWriteEnv,
  scriptEnv,
} from './pod.ts';

const SCRIPTS = `${NAME}-scripts`;
const FOLDER = '/scripts';

/** A key of a ConfigMap holds no `/`. */
const keyOf = (path: string): string => path.replaceAll('/', '--');

/** The scripts, for whoever plays them without our image. @param files text by path below load/scenarios. Pure. */
export const scriptsConfigMap = (files: ReadonlyMap<string, string>): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: SCRIPTS, labels: LABELS },
  data: Object.fromEntries([...files].map(([path, text]) => [keyOf(path), text])),
});

/**
 * A TestRun for k6-operator. One pod: RUN_ID is its uid, and iterations count from 0 in it. k6 itself asks for the row of each
 * acknowledged event (lost_events); all ids are compared with all rows only by the Job. Pure.
 * @param paths of the scripts below load/scenarios
 */
export function testRun(of: {
  profile: keyof typeof PROFILES;
  k6Image: string;
  paths: readonly string[];
  remoteWriteUrl: string | undefined;
}): object {
  const items = of.paths.map((path) => ({ key: keyOf(path), path }));
  const restricted = {
    metadata: { labels: LABELS },
    securityContext: POD_SECURITY,
    containerSecurityContext: CONTAINER_SECURITY,
    automountServiceAccountToken: 'false',
  };
  const pod = {
    ...restricted,
    image: of.k6Image,
    volumes: [
      { name: 'scripts', configMap: { name: SCRIPTS, items } },
      // The operator has k6 write its archive there.
      { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
    ],
    volumeMounts: [
      { name: 'scripts', mountPath: FOLDER, readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
  const remote = of.remoteWriteUrl === undefined ? [] : remoteWriteEnv(of.remoteWriteUrl);
  return {
    apiVersion: 'k6.io/v1alpha1',
    kind: 'TestRun',
    metadata: { name: NAME, labels: LABELS },
    spec: {
      parallelism: 1,
      script: { localFile: `${FOLDER}/${of.profile}.ts` },
      ...(remote.length > 0 ? { arguments: '-o experimental-prometheus-rw' } : {}),
      starter: restricted,
      initializer: { ...pod, env: K6_QUIET },
      runner: { ...pod, env: [...K6_QUIET, ...scriptEnv(of.profile), ...remote] },
    },
  };
}
