import type { RepairRecord } from '@scholar/contract';
import { waitFor } from '@scholar/runtime/testing';
import { kubectl } from '../../harness/kubectl.ts';
import { whileChangesArrive } from '../harness/changed-mounts.ts';
import { ClusterSystem } from '../harness/cluster-system.ts';
import { installRelease } from '../harness/helm.ts';
import { ensureNamespace } from '../harness/namespace.ts';
import { podsOf } from '../harness/pods.ts';
import { provenTable } from '../harness/table.ts';
import { faultsOf } from '../repair/faults.ts';
import { REPAIRING } from './repairing.ts';

/** For what waits on passes of the operator: canaries, rollouts and proofs on a busy machine. */
const PATIENCE_MS = 900_000;
const LOOK = { timeoutMs: 400_000, intervalMs: 500 };

let system: ClusterSystem;

beforeAll(async () => {
  system = ClusterSystem.in(await ensureNamespace('operator'));
  await installRelease({ namespace: system.namespace, set: REPAIRING });
}, PATIENCE_MS);

afterAll(() => system?.close());

/** Who has a Lease; empty = nobody, or there is none. */
async function holderOf(lease: string): Promise<string> {
  const path = 'jsonpath={.spec.holderIdentity}';
  return kubectl('get', 'lease', lease, '-n', system.namespace, '--ignore-not-found', '-o', path);
}

async function recordsOf(app: string): Promise<RepairRecord[]> {
  const stored = await system.query<{ document: RepairRecord }>('SELECT document FROM repairs ORDER BY id');
  return stored.map(({ document }) => document).filter(({ finding }) => finding.app === app);
}

test(
  'an operator that is killed in the middle of a repair is followed by the other, which ends that repair by a row, and repeats it once at most',
  async () => {
    const { namespace } = system;
    const faults = faultsOf(namespace);
    await faults.setting('scholarship-sage', 'EMIT_MODE', 'console');
    await faults.restart('scholarship-sage');

    const repairing = async () => {
      const holder = await holderOf('scholarship-sage-repair');
      const pods = await podsOf(namespace, 'scholar-operator');
      return pods.map(({ metadata }) => metadata?.name ?? '').find((name) => holder.includes(name));
    };
    // Where a suite before this one has made it observe, it is told to repair by a file that is mounted.
    const killed = await whileChangesArrive(namespace, () =>
      waitFor(repairing, { ...LOOK, what: 'the repair of scholarship_sage to begin' }),
    );
    await kubectl('delete', 'pod', killed ?? '', '-n', namespace, '--force', '--grace-period=0');

    await waitFor(async () => (await recordsOf('A4')).some(({ ok }) => ok), {
      ...LOOK,
      what: 'the repair to be ended by the next leader',
    });
    expect(await holderOf('scholar-operator')).not.toBe(killed);
    await waitFor(async () => (await holderOf('scholarship-sage-repair')) === '', {
      ...LOOK,
      what: 'nobody to hold scholarship_sage any more',
    });
    const records = await recordsOf('A4');
    expect(records.length).toBeLessThanOrEqual(2);
    expect(records.at(-1)).toMatchObject({ ok: true, finding: { code: 'console_only_telemetry' } });
    const proof = records.at(-1)?.proof?.event_id;
    expect(await system.query('SELECT 1 FROM events WHERE event_id = $1::uuid', [proof])).toHaveLength(1);
    expect(await provenTable(namespace)).toEqual([7, 0, 0]);
  },
  PATIENCE_MS,
);
