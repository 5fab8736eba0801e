import { ApiException } from '@kubernetes/client-node';
import { CouldNotLook } from '../could-not-look.ts';
import { type Asked, kubeError } from './kube-error.ts';

const OF = { context: 'kind', server: 'https://127.0.0.1:6443' };
const ASKED: Asked = { verb: 'get', resource: 'secrets', name: 'scholar-operator', namespace: 'trial' };

function answered(code: number, message = 'from the server'): string {
  return kubeError(new ApiException(code, '', { message }, {}), ASKED, OF).message;
}

test.each([
  [
    403,
    'The right to get secrets scholar-operator in namespace trial is missing: give context kind a Role with verb get on secrets.',
  ],
  [404, 'There is no secrets scholar-operator in namespace trial.'],
  [401, 'The cluster at https://127.0.0.1:6443 does not accept the credentials of context kind: renew them.'],
  [500, 'The cluster answered 500 to get secrets scholar-operator in namespace trial (from the server).'],
])('a %i of the API server says which right or object is missing', (code, sentence) => {
  expect(answered(code)).toBe(sentence);
});

test('a cluster that does not answer is told with the innermost reason', () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const error = kubeError(new TypeError('fetch failed', { cause: refused }), ASKED, OF);
  expect(error).toBeInstanceOf(CouldNotLook);
  expect(error.status).toBeUndefined();
  expect(error.message).toBe(
    'The cluster at https://127.0.0.1:6443 (context kind) does not answer: ECONNREFUSED. Is it up, and is this the right --context?',
  );
});
