import { APP_LABELS, type RepairRecord } from '@scholar/contract';
import { waitFor } from '@scholar/runtime/testing';
import { eventIdsIn } from '../../harness/event-ids.ts';
import { kubectl } from '../../harness/kubectl.ts';
import { whileChangesArrive } from '../harness/changed-mounts.ts';
import { ClusterSystem } from '../harness/cluster-system.ts';
import { installRelease } from '../harness/helm.ts';
import { ensureNamespace } from '../harness/namespace.ts';
import { podsOf } from '../harness/pods.ts';
import { SWIFT } from '../harness/swift.ts';
import { provenTable } from '../harness/table.ts';
import { type Faults, faultsOf } from '../repair/faults.ts';
import { BROKEN, breakProduction } from './broken-production.ts';
import { evidenceOf, unknownTo } from './evidence.ts';
import { REPAIRING } from './repairing.ts';

/** For what waits on passes of the operator: canaries, rollouts and proofs on a busy machine. */
const PATIENCE_MS = 900_000;

let system: ClusterSystem;
let faults: Faults;

beforeAll(async () => {
  system = ClusterSystem.in(await ensureNamespace('operator'));
  const { namespace } = system;
  // What an earlier version left: an operator is an upgrade away, and takes the definition as it finds it.
  await installRelease({ namespace, set: { ...SWIFT, 'operator.enabled': false } });
  await installRelease({ namespace, set: REPAIRING });
  faults = faultsOf(system.namespace);
  await faults.newSecret('vault', {
    stripe: await system.secretValue('scholarship-api-stripe', 'STRIPE_SECRET_KEY'),
  });
}, PATIENCE_MS);

afterAll(() => system?.close());

interface Table {
  status: {
    rows?: { label: string; verdict: string; event?: { eventId?: string } }[];
    repairs?: { app: string; finding: string; ok: boolean; eventId?: string }[];
    conditions: { type: string; status: string; reason: string; message: string }[];
  };
}

async function table(): Promise<Table> {
  return JSON.parse(await kubectl('get', 'tt', 'scholar', '-n', system.namespace, '-o', 'json'));
}

const ready = (timeoutS: number) => provenTable(system.namespace, timeoutS);

async function leader(): Promise<string> {
  const path = 'jsonpath={.items[?(@.metadata.name=="scholar-operator")].spec.holderIdentity}';
  return kubectl('get', 'leases', '-n', system.namespace, '-o', path);
}

test(
  'one install is green by itself, by rows that are there, with the rights of its chart alone',
  async () => {
    expect(await ready(600)).toEqual([7, 0, 0]);
    const { status } = await table();
    const ids = (status.rows ?? []).map(({ event }) => event?.eventId);
    const rows = await system.query<{ app_label: string }>(
      'SELECT app_label FROM events WHERE event_id = ANY($1::uuid[])',
      [ids],
    );
    expect(rows.map(({ app_label }) => app_label).sort()).toEqual([...APP_LABELS].sort());
    const printed = async () => (await kubectl('get', 'tt', '-n', system.namespace)).split('\n');
    expect((await printed())[0]).toMatch(/NAME\s+GREEN\s+RED\s+UNKNOWN\s+P95\s+AGE/);
    // On a busy machine a row may be late for a moment.
    await waitFor(async () => /^scholar\s+7\s+0\s+0\s/u.test((await printed())[1] ?? ''), {
      timeoutMs: 120_000,
      intervalMs: 500,
      what: 'seven green rows in what kubectl prints',
    });
  },
  PATIENCE_MS,
);

test(
  'a leader that is killed is followed, and the table goes on',
  async () => {
    await ready(600);
    const before = await leader();
    const pods = await podsOf(system.namespace, 'scholar-operator');
    const leading = pods.find(({ metadata }) => before.includes(metadata?.name ?? '?'))?.metadata?.name;
    expect(leading).toBeDefined();
    const verified = async () =>
      kubectl('get', 'tt', 'scholar', '-n', system.namespace, '-o', 'jsonpath={.status.verifiedAt}');
    await kubectl('delete', 'pod', leading ?? '', '-n', system.namespace, '--force', '--grace-period=0');
    await waitFor(async () => !['', before].includes(await leader()), {
      timeoutMs: 300_000,
      intervalMs: 1_000,
      what: 'another leader',
    });
    const at = await verified();
    await waitFor(async () => (await verified()) > at, {
      timeoutMs: 300_000,
      intervalMs: 1_000,
      what: 'a verification by the new leader',
    });
    await ready(600);
  },
  PATIENCE_MS,
);

test(
  "the brief's broken production is found, repaired and proven: A6 crashes, A2 has no Stripe secret, A1 and A7 starve A8",
  async () => {
    await breakProduction(system.namespace, { faults, replicas: REPAIRING['operator.replicas'] });
    let repairs: NonNullable<Table['status']['repairs']> = [];
    try {
      await waitFor(
        async () => {
          repairs = (await table()).status.repairs ?? [];
          return BROKEN.every(([app, finding]) =>
            repairs.some((each) => each.app === app && each.finding === finding && each.ok),
          );
        },
        { timeoutMs: PATIENCE_MS - 300_000, intervalMs: 2_000, what: 'four proven repairs' },
      );
    } catch (cause) {
      const { conditions } = (await table()).status;
      throw new Error(JSON.stringify({ repairs, conditions }, null, 1), { cause });
    }
    await ready(300);
    const proofs = repairs.filter(({ ok }) => ok).map(({ eventId }) => eventId);
    const rows = await system.query('SELECT DISTINCT event_id FROM events WHERE event_id = ANY($1::uuid[])', [
      proofs,
    ]);
    expect(rows).toHaveLength(new Set(proofs).size);
    const stored = await system.query<{ document: RepairRecord }>('SELECT document FROM repairs');
    for (const [, finding] of BROKEN)
      expect(stored.map(({ document }) => [document.finding.code, document.ok])).toContainEqual([
        finding,
        true,
      ]);
  },
  PATIENCE_MS,
);

test(
  'the pages of evidence say what happened, and every event that they show as a proof is a row of A8',
  async () => {
    const { truthTables, testReport, diffSummary } = await evidenceOf(system);
    const [seenNow = '', before = ''] = truthTables.split('### Before the repairs');
    expect(seenNow.match(/\| yes \| yes, P95 .* \| persisted:true, row /gu)).toHaveLength(7);
    expect(before).toMatch(/A1.*A7.*answered \/health and \/ready with 200, and are not green/u);
    expect(before).toMatch(
      /\| A6 provider_register \| .* \| health no, ready no \| .*, row no \| \*\*red\*\* \|/u,
    );
    const [answered = '', refused = ''] = testReport.split('### What A8 must refuse');
    expect(answered.match(/^\{"accepted":true,"persisted":true,.*\}$/gmu)).toHaveLength(3);
    expect(refused).toMatch(/^\| ingest \| .*410/mu);
    const proofs = diffSummary.match(/^- Proof: .*$/gmu)?.join('\n') ?? '';
    for (const [, finding] of BROKEN)
      expect(diffSummary).toMatch(new RegExp(`\`${finding}\`.*\\| proven \\|`, 'u'));
    const ids = eventIdsIn([seenNow, answered, proofs].join('\n'));
    expect(ids.length).toBeGreaterThanOrEqual(7 + 7 + 3 + 3);
    expect(await unknownTo(system, ids)).toEqual([]);
  },
  PATIENCE_MS,
);

test('a record of a repair tells its steps in their order', async () => {
  const stored = await system.query<{ document: RepairRecord }>('SELECT document FROM repairs');
  const changed = stored.filter(({ document }) => document.applied && document.ok);
  expect(changed.length).toBeGreaterThanOrEqual(BROKEN.length);
  for (const { document } of changed) {
    const { found_at, dry_run_at, applied_at, proven_at } = document.steps ?? {};
    const steps = [found_at, dry_run_at, applied_at, proven_at, document.at].map((at) =>
      Date.parse(at ?? ''),
    );
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  }
});

test(
  'repairs are taken back by hand as ROLLBACK.md says, and an operator that only observes does not make them again',
  async () => {
    const { namespace } = system;
    const observes = ['wait', 'tt/scholar', '-n', namespace, '--for=jsonpath={.spec.remedy}=Observe'];
    await whileChangesArrive(namespace, async () => {
      await installRelease({ namespace, set: { ...REPAIRING, 'operator.table.remedy': 'Observe' } });
      await kubectl(...observes, '--timeout=5m');
    });
    const repaired = ['scholar-auth', 'scholarship-api'];
    for (const app of repaired) {
      const objects = [`configmap/${app}-repair`, `secret/${app}-repair`];
      await kubectl('delete', '-n', namespace, ...objects, '--ignore-not-found');
    }
    await Promise.all(repaired.map(faults.restart));
    await ready(600);
    const drifts = (await system.audit()).filter(({ severity }) => severity !== 'info');
    expect(drifts.map(({ app, code }) => `${app} ${code}`)).toEqual([]);
    const made = await kubectl('get', 'configmap,secret', '-n', namespace, '-o', 'name');
    for (const app of repaired) expect(made).not.toContain(`/${app}-repair`);
  },
  PATIENCE_MS,
);
