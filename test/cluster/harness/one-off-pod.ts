import { waitFor } from '@scholar/runtime/testing';
import { apply, kubectl } from '../../harness/kubectl.ts';
import { IMAGE } from './environment.ts';

export interface OneOffPod {
  /** Its name, and the label app.kubernetes.io/name; no policy of ours selects it. */
  name: string;
  /** A program for node, CommonJS. */
  script: string;
  args?: readonly string[];
  /** A volume claim that it sees at /claim, without being able to change it. */
  claim?: string;
}

/** A pod of our own that runs one program under Pod Security "restricted". */
export function oneOffPod({ name, script, args = [], claim }: OneOffPod): object {
  const volumes = claim === undefined ? [] : [{ name: 'claim', persistentVolumeClaim: { claimName: claim } }];
  const volumeMounts = claim === undefined ? [] : [{ name: 'claim', mountPath: '/claim', readOnly: true }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'app.kubernetes.io/name': name } },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
      volumes,
      containers: [
        {
          name: 'node',
          image: IMAGE,
          imagePullPolicy: 'IfNotPresent',
          command: ['node', '-e', script, ...args],
          volumeMounts,
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
}

/** Runs a program in a pod of a namespace to its end. @returns what it printed. */
export async function runInPod(namespace: string, pod: OneOffPod): Promise<string> {
  await apply(namespace, [oneOffPod(pod)]);
  await waitFor(
    async () => {
      const phase = ['get', 'pod', pod.name, '-n', namespace, '-o', 'jsonpath={.status.phase}'];
      return (await kubectl(...phase)) === 'Succeeded';
    },
    { timeoutMs: 180_000, intervalMs: 500, what: `the end of the pod ${pod.name}` },
  );
  const said = await kubectl('logs', pod.name, '-n', namespace);
  await kubectl('delete', 'pod', pod.name, '-n', namespace, '--wait=true');
  return said;
}
