import { keyFingerprint } from '@scholar/contract';
import type { V1Container, V1PodSpec } from '../../kube/objects.ts';
import { desiredProcess, referencedNames } from './desired-process.ts';
import type { Sources } from './mounted-file.ts';

const SOURCES: Sources = {
  configMaps: {
    'scholar-auth': { EMIT_MODE: 'forwarder', LOG_LEVEL: 'info', A8_URL: 'http://auto-com-center:8080/' },
    'scholar-auth-repair': { EMIT_MODE: 'console' },
    'scholar-auth-files': { A8_URL: 'http://mapped:8080\n' },
  },
  secrets: {
    'scholar-auth-a8': { A8_KEY: 'k1\n' },
    'scholar-auth-app': { DATABASE_URL: 'postgresql://role:word@scholar-postgres:5432/scholar' },
    gone: undefined,
  },
};

function desired(container: Partial<V1Container>, spec: Partial<V1PodSpec> = {}) {
  const whole: V1Container = { name: 'app', ...container };
  const pod = { metadata: { name: 'scholar-auth-0' } };
  return desiredProcess({ spec: { containers: [whole], ...spec }, container: whole, pod, sources: SOURCES });
}

test('a later source of the environment wins over an earlier one, and env over all of them', () => {
  const { settings } = desired({
    envFrom: [
      { configMapRef: { name: 'scholar-auth' } },
      { configMapRef: { name: 'scholar-auth-repair', optional: true } },
      { secretRef: { name: 'gone', optional: true } },
    ],
    env: [{ name: 'LOG_LEVEL', value: 'debug' }],
  });
  expect(settings).toEqual({
    EMIT_MODE: 'console',
    LOG_LEVEL: 'debug',
    A8_URL: 'http://auto-com-center:8080',
  });
});

test('values are told as the process shows them: durations in ms, variables expanded, empty ones unset', () => {
  const { settings } = desired({
    env: [
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'FORWARDER_ID', value: 'auth@$(POD)/$(NOBODY)/$$(POD)' },
      { name: 'INTERVAL', value: '1.5s' },
      { name: 'EMPTY', value: '' },
    ],
  });
  expect(settings).toEqual({
    POD: 'scholar-auth-0',
    FORWARDER_ID: 'auth@scholar-auth-0/$(NOBODY)/$(POD)',
    INTERVAL: '1500',
  });
});

test('a file of a mounted Secret is told by fingerprint, an address also with its password masked', () => {
  const { settings, secrets } = desired(
    {
      env: [
        { name: 'A8_KEY_FILE', value: '/secrets/a8/A8_KEY' },
        { name: 'DATABASE_URL_FILE', value: '/secrets/db/url' },
        { name: 'A8_URL_FILE', value: '/settings/A8_URL' },
        { name: 'STRIPE_SECRET_KEY_FILE', value: '/secrets/gone/STRIPE_SECRET_KEY' },
      ],
      volumeMounts: [
        { name: 'a8', mountPath: '/secrets/a8' },
        { name: 'db', mountPath: '/secrets/db' },
        { name: 'files', mountPath: '/settings' },
        { name: 'gone', mountPath: '/secrets/gone' },
      ],
    },
    {
      volumes: [
        { name: 'a8', secret: { secretName: 'scholar-auth-a8' } },
        {
          name: 'db',
          projected: {
            sources: [
              { secret: { name: 'scholar-auth-app', items: [{ key: 'DATABASE_URL', path: 'url' }] } },
            ],
          },
        },
        { name: 'files', configMap: { name: 'scholar-auth-files' } },
        { name: 'gone', secret: { secretName: 'gone', optional: true } },
      ],
    },
  );
  expect(settings).toEqual({
    DATABASE_URL: 'postgresql://role:***@scholar-postgres:5432/scholar',
    A8_URL: 'http://mapped:8080',
  });
  expect(secrets).toEqual({
    A8_KEY: keyFingerprint('k1'),
    DATABASE_URL: keyFingerprint('word'),
    STRIPE_SECRET_KEY: undefined,
  });
});

test('a variable of a Secret is a secret, one of a ConfigMap a setting', () => {
  const { settings, secrets } = desired({
    env: [
      { name: 'A8_KEY', valueFrom: { secretKeyRef: { name: 'scholar-auth-a8', key: 'A8_KEY' } } },
      { name: 'MODE', valueFrom: { configMapKeyRef: { name: 'scholar-auth', key: 'EMIT_MODE' } } },
    ],
  });
  expect(secrets).toEqual({ A8_KEY: keyFingerprint('k1\n') });
  expect(settings).toEqual({ MODE: 'forwarder' });
});

test('every Secret and ConfigMap that a template names is named once it is to be read', () => {
  const spec: V1PodSpec = {
    volumes: [{ name: 'v', secret: { secretName: 'mounted' } }],
    containers: [{ name: 'app', envFrom: [{ configMapRef: { name: 'from' } }] }],
    initContainers: [
      { name: 'forwarder', env: [{ name: 'K', valueFrom: { secretKeyRef: { name: 'ref', key: 'K' } } }] },
    ],
  };
  expect(referencedNames(spec)).toEqual({ secrets: ['mounted', 'ref'], configMaps: ['from'] });
});
