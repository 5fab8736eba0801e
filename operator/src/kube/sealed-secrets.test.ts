import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHttpStub, type HttpStub, type StubAnswer, tempDir } from '@scholar/runtime/testing';
import { connectKube, type Kube } from './kube-client.ts';

const given = process.env['KUBECONFIG'];
let server: HttpStub;
let answer: StubAnswer;
let kube: Kube;

beforeEach(async () => {
  server = await createHttpStub(() => answer);
  const path = join(await tempDir(), 'config');
  writeFileSync(
    path,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'one',
      clusters: [{ name: 'c', cluster: { server: server.url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'one', context: { cluster: 'c', user: 'u', namespace: 'trial' } }],
    }),
  );
  process.env['KUBECONFIG'] = path;
  kube = connectKube(process.env, {});
});

afterEach(async () => {
  await server.close();
  if (given === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = given;
});

function refused(code: number): StubAnswer {
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message: 'no' } };
}

test('SealedSecrets are listed in their own namespace', async () => {
  answer = { status: 200, body: { kind: 'SealedSecretList', items: [{ metadata: { name: 'a' } }] } };
  expect(await kube.sealedSecrets()).toEqual([{ metadata: { name: 'a' } }]);
  expect(server.requests[0]?.path).toBe('/apis/bitnami.com/v1alpha1/namespaces/trial/sealedsecrets');
});

test.each([
  ['has no such kind', 404],
  ['does not give the right to list them', 403],
])('a cluster that %s leaves them unknown', async (_what, code) => {
  answer = refused(code);
  expect(await kube.sealedSecrets()).toBeUndefined();
});

test('a cluster that fails otherwise is not taken for one without them', async () => {
  answer = refused(500);
  await expect(kube.sealedSecrets()).rejects.toThrow('The cluster answered 500 to list sealedsecrets');
});
