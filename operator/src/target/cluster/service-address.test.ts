import type { V1Pod, V1Service } from '../../kube/objects.ts';
import { backendOf, serviceAddress } from './service-address.ts';
import { hubAddress } from './service-url.ts';

test.each([
  ['http://scholar-auth:8080/health', { service: 'scholar-auth', port: 8080 }],
  ['http://scholar-auth.trial/x', { service: 'scholar-auth', port: 80 }],
  ['http://scholar-auth.trial.svc:8080', { service: 'scholar-auth', port: 8080 }],
  ['http://scholar-auth.trial.svc.cluster.local:8080', { service: 'scholar-auth', port: 8080 }],
  ['postgresql://role:word@scholar-postgres/scholar', { service: 'scholar-postgres', port: 5432 }],
  ['https://checkout.stripe.com/c/pay', undefined],
  ['http://scholar-auth.other.svc:8080', undefined],
  ['postgresql://role:word@db.example.com:5432/scholar', undefined],
  ['http://127.0.0.1:4200/events', undefined],
  ['http://localhost:4200/events', undefined],
  ['not an address', undefined],
])('%s names the Service %j of the namespace', (url, address) => {
  expect(serviceAddress(url, 'trial')).toEqual(address);
});

const POD: V1Pod = {
  metadata: { name: 'scholar-auth-0', labels: { app: 'auth' } },
  spec: { containers: [{ name: 'app', ports: [{ name: 'http', containerPort: 8080 }] }] },
};
const SERVICE: V1Service = {
  metadata: { name: 'scholar-auth' },
  spec: {
    selector: { app: 'auth' },
    ports: [
      { port: 80, targetPort: 'http' },
      { port: 81, targetPort: 9000 },
    ],
  },
};

test.each([
  [80, 8080],
  [81, 9000],
  [82, undefined],
])('port %i of a Service is port %p of its pods', (port, expected) => {
  const other: V1Pod = { metadata: { name: 'other', labels: { app: 'other' } } };
  const backend = backendOf({ service: 'scholar-auth', port }, { services: [SERVICE], pods: [other, POD] });
  expect(backend?.pods).toEqual([POD]);
  expect(backend?.podPort(POD)).toBe(expected);
});

test('a Service that is not there has no backend', () => {
  expect(backendOf({ service: 'gone', port: 80 }, { services: [SERVICE], pods: [POD] })).toBeUndefined();
});

test('the address of A8 is told in the form that the forwarders are given', () => {
  const installed = { namespace: 'trial', services: [] };
  const long = 'http://auto-com-center.trial.svc:8080';
  expect(hubAddress(installed, ['http://elsewhere:8080', long])).toBe(long);
  expect(hubAddress(installed, ['', 'http://elsewhere:8080'])).toBe('http://auto-com-center:8080');
});
