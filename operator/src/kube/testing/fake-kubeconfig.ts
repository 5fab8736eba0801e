import { writeFile } from 'node:fs/promises';

/** A kubeconfig of somebody with a token, for an API server that a test plays. */
export async function writeFakeKubeconfig(path: string, server: string, namespace: string): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'fake',
    clusters: [{ name: 'fake', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'somebody', user: { token: 'no-secret' } }],
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'somebody', namespace } }],
  };
  await writeFile(path, JSON.stringify(config), { mode: 0o600 });
}
