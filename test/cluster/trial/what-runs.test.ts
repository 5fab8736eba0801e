import { randomBytes } from 'node:crypto';
import { waitFor } from '@scholar/runtime/testing';
import { kubectl } from '../../harness/kubectl.ts';
import type { Finding } from '../../harness/local-system.ts';
import { whileChangesArrive } from '../harness/changed-mounts.ts';
import type { ClusterSystem } from '../harness/cluster-system.ts';
import { INSTALL_TIMEOUT_MS, openTrial } from './trial.ts';

let system: ClusterSystem;

beforeAll(async () => {
  system = await openTrial();
}, INSTALL_TIMEOUT_MS);

afterAll(() => system?.close());

const LOOK = { timeoutMs: 240_000, intervalMs: 2_000 };

async function findings(app: string): Promise<Finding[]> {
  return (await system.audit()).filter((each) => each.app === app);
}

const codes = async (app: string) => (await findings(app)).map(({ code }) => code);

test('a Service that leads to another app is named, though that one answers /health with 200', async () => {
  const select = async (name: string) => {
    const patch = JSON.stringify({ spec: { selector: { 'app.kubernetes.io/name': name } } });
    await kubectl('patch', 'service', 'student-pilot', '-n', system.namespace, '--patch', patch);
  };
  await select('scholarship-sage');
  try {
    const found = await findings('A5');
    const reaches = found.find(({ code }) => code === 'service_reaches_other');
    expect(reaches?.evidence).toContain('not of student_pilot: scholarship-sage-0');
    expect(found.map(({ code }) => code)).not.toContain('ghost_ship');
  } finally {
    await select('student-pilot');
  }
  expect(await codes('A5')).not.toContain('service_reaches_other');
}, 120_000);

test('a key that is changed in the Secret alone is told in its four places, until it is put back', async () => {
  const secret = 'scholarship-agent-a8';
  const former = await system.secretValue(secret, 'A8_KEY');
  const put = async (key: string) => {
    const patch = JSON.stringify({ stringData: { A8_KEY: key } });
    await kubectl('patch', 'secret', secret, '-n', system.namespace, '--patch', patch);
  };
  const changed = randomBytes(32).toString('base64url');
  await whileChangesArrive(system.namespace, async () => {
    await put(changed);
    try {
      // Once the kubelet has brought it to the pod, it is the ring that disagrees.
      const [first] = (await findings('A3')).filter(({ code }) => code.startsWith('key_'));
      expect(['key_secret_differs', 'key_not_in_ring']).toContain(first?.code);
      expect(first?.evidence.map((line) => line.replace(/[0-9a-f]{12}/gu, '…'))).toEqual([
        'Secret …',
        'pod …',
        'running forwarder …',
        // A chart leaves the fingerprint of an entry open; it is told as long as the key lies in some Secret.
        expect.stringMatching(/^ring of A8 for scholarship_agent: .*scholarship_agent (…|not told)/u),
      ]);
      await waitFor(async () => (await codes('A3')).includes('key_not_in_ring'), {
        ...LOOK,
        what: 'the changed key to reach the running forwarder',
      });
      expect(JSON.stringify(await system.audit())).not.toContain(changed);
    } finally {
      await put(former);
    }
    const isOver = async () => !(await codes('A3')).some((code) => /^key_|^secret_|_held$/u.test(code));
    await waitFor(isOver, { ...LOOK, what: 'the four places to agree again, and the forwarder to go on' });
  });
}, 600_000);
