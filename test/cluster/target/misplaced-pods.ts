import { deployment, ECHO, plainPods, service } from './plain-pods.ts';

/** Tells of three owed events on /status, as a forwarder would. */
const OWES = `
const http = require('node:http');
const status = { state: 'idle', hold: null, queue: { depth: 3, oldest_age_s: 1 }, dead: { contract: 0, system: 0 }, quarantine: { records: 0 } };
http.createServer((q, r) => r.writeHead(q.url === '/status' ? 200 : 404).end(JSON.stringify(status))).listen(9465);
process.on('SIGTERM', () => process.exit(0));
`;

/** A system in which A2 to A5 stand wrongly, each in its own way. */
export function misplacedPods(): object[] {
  return [
    ...plainPods(),
    deployment('scholarship-api', ECHO),
    service('scholarship-api'),
    strayPod('stray', 'scholarship-api'),
    withChecksum(deployment('scholarship-agent', ECHO), 'one'),
    service('scholarship-agent'),
    unopenable('scholarship-agent-a8', 'scholarship_agent'),
    deployment('scholarship-sage', ECHO),
    {
      ...service('scholarship-sage'),
      spec: { selector: { app: 'saeg' }, ports: [{ name: 'http', port: 8080 }] },
    },
    besideOnEmptyDir('student-pilot'),
    service('student-pilot'),
  ];
}

type Deployment = ReturnType<typeof deployment>;

function withChecksum(made: Deployment, checksum: string): object {
  const { template } = made.spec;
  const metadata = { ...template.metadata, annotations: { 'checksum/settings': checksum } };
  return { ...made, spec: { ...made.spec, template: { ...template, metadata } } };
}

/** A forwarder among the ordinary containers, whose outbox is an emptyDir. */
function besideOnEmptyDir(name: string): object {
  const made = deployment(name, ECHO);
  const { spec } = made.spec.template;
  const [app] = spec.containers;
  const forwarder = {
    ...app,
    name: 'forwarder',
    command: ['node', '-e', OWES],
    readinessProbe: { tcpSocket: { port: 9465 }, periodSeconds: 1 },
    env: [{ name: 'OUTBOX_DIR', value: '/var/lib/scholar/outbox' }],
    volumeMounts: [{ name: 'outbox', mountPath: '/var/lib/scholar/outbox' }],
  };
  const volumes = [...spec.volumes, { name: 'outbox', emptyDir: {} }];
  const template = { ...made.spec.template, spec: { ...spec, volumes, containers: [app, forwarder] } };
  return { ...made, spec: { ...made.spec, template } };
}

/** A pod that nobody controls, with the label that a Service selects by. */
function strayPod(name: string, like: string): object {
  const { metadata, spec } = deployment(like, ECHO).spec.template;
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name }, spec };
}

/** Ciphertext that no key of the controller opens. */
function unopenable(name: string, label: string): object {
  return {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: { name, labels: { 'scholar.dev/app-label': label } },
    spec: { encryptedData: { A8_KEY: Buffer.alloc(600, 7).toString('base64') } },
  };
}
