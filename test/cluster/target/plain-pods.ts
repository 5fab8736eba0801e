import { IMAGE } from '../harness/environment.ts';

/** Answers GET /health, and every other request with its own body; on loopback port 4200 with the name of its pod. */
export const ECHO = `
const http = require('node:http');
http.createServer((q, r) => q.url === '/health' || q.url === '/ready' ? r.end('{}') : q.pipe(r)).listen(8080);
http.createServer((q, r) => r.end(require('node:os').hostname())).listen(4200, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;

const CRASH = `console.log('nobody told me my key'); process.exit(2);`;

/** The least of a system that can be looked at: an A8 that only echoes, and an A1 that dies at its start. */
export function plainPods(): object[] {
  return [
    deployment('auto-com-center', ECHO),
    service('auto-com-center'),
    deployment('scholar-auth', CRASH),
    service('scholar-auth'),
    secret('scholar-operator', { A8_READ_KEY: 'r', A8_OPERATIONS_KEY: 'o', CANARY_KEY: 'c' }),
    secret('auto-com-center-app', { DATABASE_URL: 'postgresql://a:b@scholar-postgres:5432/scholar' }),
    // A Service without pods: the database is there by name and answers nobody.
    service('scholar-postgres', 5432),
  ];
}

export function deployment(name: string, script: string) {
  const labels = { 'app.kubernetes.io/name': name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 1,
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 10001,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          volumes: [{ name: 'app', secret: { secretName: `${name}-app`, optional: true } }],
          containers: [
            {
              name: 'app',
              image: IMAGE,
              imagePullPolicy: 'IfNotPresent',
              command: ['node', '-e', script],
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 1 },
              env: [{ name: 'DATABASE_URL_FILE', value: '/etc/scholar/app/DATABASE_URL' }],
              volumeMounts: [{ name: 'app', mountPath: '/etc/scholar/app' }],
            },
          ],
        },
      },
    },
  };
}

export function service(name: string, port = 8080) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { 'app.kubernetes.io/name': name }, ports: [{ name: 'http', port, targetPort: port }] },
  };
}

function secret(name: string, stringData: Record<string, string>): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData };
}
