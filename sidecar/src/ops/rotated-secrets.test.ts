import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyFingerprint, mintCanary } from '@scholar/contract';
import { tempDir, waitFor } from '@scholar/runtime/testing';
import { A8StandIn } from '../testing/a8-stand-in.ts';
import { startForwarder, stopForwarders } from '../testing/start-forwarder.ts';

let a8: A8StandIn;
let folder: string;

beforeEach(async () => {
  a8 = await new A8StandIn().start();
  folder = await tempDir('secrets');
});

afterEach(async () => {
  await stopForwarders();
  await a8.stop();
});

/** As Kubernetes does it: the new content is there at once. */
async function write(name: string, value: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(`${path}.new`, value);
  await rename(`${path}.new`, path);
  return path;
}

const OLD = 'old-key-of-the-tests-000000000000000000000000';
const NEW = 'new-key-of-the-tests-000000000000000000000000';

test('a control token that is rotated in its file opens the control routes at once, and the old one no more', async () => {
  const controlTokenFile = await write('CONTROL_TOKEN', OLD);
  const { intakeUrl, forwarder } = await startForwarder({ url: a8.url, controlTokenFile });
  const list = async (token: string) =>
    (await fetch(`${intakeUrl}/outbox`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect([await list(OLD), await list(NEW)]).toEqual([200, 401]);
  await write('CONTROL_TOKEN', NEW);
  await waitFor(async () => (await list(NEW)) === 200);
  expect(await list(OLD)).toBe(401);
  expect(forwarder.running().settings?.['CONTROL_TOKEN']?.fingerprint).toBe(keyFingerprint(NEW));
});

test('a control token that comes after the start opens the control routes', async () => {
  const controlTokenFile = join(folder, 'CONTROL_TOKEN');
  const { intakeUrl, forwarder } = await startForwarder({ url: a8.url, controlTokenFile });
  const list = async () =>
    (await fetch(`${intakeUrl}/outbox`, { headers: { authorization: `Bearer ${NEW}` } })).status;
  expect(await list()).toBe(403);
  expect(forwarder.running().settings?.['CONTROL_TOKEN']).toMatchObject({ set: false });
  await write('CONTROL_TOKEN', NEW);
  await waitFor(async () => (await list()) === 200);
});

test('canaries are told by the canary key of this moment, and /running shows its fingerprint', async () => {
  const canaryKeyFile = await write('CANARY_KEY', OLD);
  const { post, forwarder } = await startForwarder({ url: a8.url, canaryKeyFile });
  const token = mintCanary(NEW, { canaryId: 'rotation', notAfterMs: Date.now() + 60_000 });
  const refusedCanaries = async () => {
    await post({ body: '{', headers: { 'x-scholar-canary': token } });
    const text = await forwarder.metrics.render();
    return Number(/refused_total\{code="malformed_json",canary="true"[^}]*\} (\d+)/.exec(text)?.[1] ?? 0);
  };
  expect(await refusedCanaries()).toBe(0);
  await write('CANARY_KEY', NEW);
  await waitFor(() => forwarder.running().settings?.['CANARY_KEY']?.fingerprint === keyFingerprint(NEW));
  expect(await refusedCanaries()).toBe(1);
});
