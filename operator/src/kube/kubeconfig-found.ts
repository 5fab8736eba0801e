import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '@scholar/runtime/config';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** True where kubectl would find a cluster too: $KUBECONFIG, ~/.kube/config, or the service account of a pod. */
export function kubeconfigFound(env: Env): boolean {
  const listed = env['KUBECONFIG'] ?? '';
  return listed !== '' || existsSync(homeConfig(env)) || existsSync(SERVICE_ACCOUNT);
}

/** Where kubectl looks when $KUBECONFIG is not set. */
export function homeConfig(env: Env): string {
  return join(env['HOME'] ?? '~', '.kube', 'config');
}
