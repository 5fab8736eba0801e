import type { Examined, Looked } from './examined.ts';
import { unseen } from './examined.ts';

/** `kubeVersion` of the charts: native sidecars are on by default since then (KEP-753). */
export const NEEDED_MINOR = 29;
/** How many minors a kubelet may be behind its API server (Kubernetes version skew policy). */
const KUBELET_SKEW = 3;

const VERSION = /^v?(\d+)\.(\d+)/;

/** @returns [major, minor] of a version such as `v1.29.4-eks-036c24b`; undefined for anything else. */
export function versionOf(text: string): readonly [number, number] | undefined {
  const found = VERSION.exec(text);
  return found === null ? undefined : [Number(found[1]), Number(found[2])];
}

/** Pure: is the API server one that the charts install on. */
export function serverVersion(gitVersion: string): Examined {
  const name = 'Kubernetes';
  const version = versionOf(gitVersion);
  if (version === undefined) return unseen(name, `the API server calls its version ${gitVersion}`);
  const [major, minor] = version;
  if (major > 1 || minor >= NEEDED_MINOR) return { name, state: 'ok', detail: gitVersion };
  return {
    name,
    state: 'fail',
    detail: `${gitVersion}; the charts need 1.${NEEDED_MINOR} or newer`,
    todo: 'upgrade the cluster: a forwarder is a native sidecar, which older ones do not keep running',
  };
}

export interface Kubelet {
  node: string;
  version: string;
}

/** Pure: may each node's kubelet be asked for native sidecars, and is none too far behind the API server. */
export function kubelets(seen: Looked<readonly Kubelet[]>, gitVersion: string): Examined {
  const name = 'nodes';
  if (seen.value === undefined) return unseen(name, seen.reason, 'a ClusterRole with list on nodes tells it');
  const server = versionOf(gitVersion)?.[1];
  const old = seen.value.filter(({ version }) => (versionOf(version)?.[1] ?? NEEDED_MINOR) < NEEDED_MINOR);
  if (old.length > 0) {
    return {
      name,
      state: 'fail',
      detail: `kubelet too old for native sidecars: ${listed(old)}`,
      todo: `upgrade these nodes to 1.${NEEDED_MINOR} or newer, or keep scholar off them (nodeSelector)`,
    };
  }
  const skewed = seen.value.filter(
    ({ version }) => server !== undefined && server - (versionOf(version)?.[1] ?? server) > KUBELET_SKEW,
  );
  if (skewed.length > 0) {
    return {
      name,
      state: 'warn',
      detail: `more than ${KUBELET_SKEW} minors behind the API server: ${listed(skewed)}`,
      todo: 'upgrade these nodes; Kubernetes does not support so wide a gap',
    };
  }
  const versions = [...new Set(seen.value.map(({ version }) => version))];
  return { name, state: 'ok', detail: `${seen.value.length}: ${versions.join(', ')}` };
}

function listed(found: readonly Kubelet[]): string {
  const shown = found.slice(0, 5).map(({ node, version }) => `${node} (${version})`);
  return found.length > 5 ? `${shown.join(', ')} and ${found.length - 5} more` : shown.join(', ');
}
