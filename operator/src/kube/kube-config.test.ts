import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@scholar/runtime/testing';
import { CouldNotLook } from '../could-not-look.ts';
import { loadKubeconfig } from './kube-config.ts';
import { kubeconfigFound } from './kubeconfig-found.ts';

const CONFIG = `apiVersion: v1
kind: Config
current-context: one
clusters: [{ name: c, cluster: { server: 'https://127.0.0.1:6443' } }]
users: [{ name: u, user: { token: t } }]
contexts:
  - { name: one, context: { cluster: c, user: u, namespace: scholar } }
  - { name: two, context: { cluster: c, user: u } }
  - { name: broken, context: { cluster: gone, user: u } }
`;

const given = process.env['KUBECONFIG'];

// The client reads the variable itself, as kubectl does.
beforeEach(async () => {
  const path = join(await tempDir(), 'config');
  writeFileSync(path, CONFIG);
  process.env['KUBECONFIG'] = path;
});

afterEach(() => {
  if (given === undefined) delete process.env['KUBECONFIG'];
  else process.env['KUBECONFIG'] = given;
});

test.each([
  [{}, 'one', 'scholar'],
  [{ namespace: 'trial' }, 'one', 'trial'],
  [{ context: 'two' }, 'two', 'default'],
])('%j is looked at as kubectl would', (access, context, namespace) => {
  expect(loadKubeconfig(process.env, access)).toMatchObject({
    context,
    namespace,
    server: 'https://127.0.0.1:6443',
  });
});

test.each([
  ['three', 'The kubeconfig has no context three; it has one, two, broken.'],
  ['broken', 'The kubeconfig has no current context with a cluster'],
])('the context %s is refused with those that there are', (context, sentence) => {
  expect(() => loadKubeconfig(process.env, { context })).toThrow(sentence);
});

test('without a kubeconfig nobody guesses a cluster', async () => {
  const env = { HOME: await tempDir() };
  expect(kubeconfigFound(env)).toBe(false);
  expect(() => loadKubeconfig(env, {})).toThrow(CouldNotLook);
});

test('a kubeconfig that is not there is named', () => {
  process.env['KUBECONFIG'] = '/nowhere/config';
  expect(() => loadKubeconfig(process.env, {})).toThrow(/The kubeconfig cannot be read: .*ENOENT/u);
});
