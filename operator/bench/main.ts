import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@scholar/runtime/clock';
import { processEnv } from '@scholar/runtime/config';
import { waitFor } from '@scholar/runtime/testing';
import type { KubeObject } from '../src/kube/api-call.ts';
import { connectApi } from '../src/kube/kube-api.ts';
import { loadKubeconfig } from '../src/kube/kube-config.ts';
import { startControlPlane } from '../src/kube/testing/control-plane.ts';
import { percentile } from '../src/verify/percentile.ts';
import { countCalls } from './audit-counts.ts';
import { builtEcho } from './built-echo.ts';
import { judged } from './goals.ts';
import { startMeasured } from './measured-operator.ts';
import { changesSeen } from './seen-latency.ts';
import { createTables } from './tables.ts';

/**
 * `make bench-operator`: the machinery of the operator over ten thousand TruthTables on a bare API server (goal G19).
 * OBJECTS, QUIET_S and CHANGES make it smaller or longer. Writes load/bench/results/operator.json.
 */
const root = join(import.meta.dirname, '..', '..');
const env = processEnv();
const objects = Number(env['OBJECTS'] ?? 10_000);
const quietS = Number(env['QUIET_S'] ?? 180);
const changes = Number(env['CHANGES'] ?? 200);
const WORKERS = 16;
const PATIENCE = { timeoutMs: 600_000, intervalMs: 200 };

const folder = mkdtempSync(join(tmpdir(), 'scholar-bench-'));
const say = (text: string): void => void process.stderr.write(`bench-operator: ${text}\n`);
// Told to end, it takes its processes and its folder with it: etcd and the API server end with this process.
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));
const loadBefore = loadavg()[0];
const plane = await startControlPlane({ folder, env });
try {
  const kubectl = (...args: string[]): string =>
    execFileSync(plane.kubectl, ['--kubeconfig', plane.kubeconfig, ...args], { encoding: 'utf8' });
  kubectl('apply', '--server-side', '-f', join(root, 'k8s', 'crds'));
  kubectl('wait', '--for=condition=Established', 'crd/truthtables.scholar.dev', '--timeout=60s');
  kubectl(
    'create',
    'clusterrole',
    'tables',
    '--verb=list,watch,patch',
    '--resource=truthtables.scholar.dev,truthtables.scholar.dev/status',
  );
  kubectl(
    'create',
    'clusterrole',
    'leases',
    '--verb=get,create,update',
    '--resource=leases.coordination.k8s.io',
  );
  kubectl('create', 'clusterrole', 'events', '--verb=create,patch', '--resource=events.events.k8s.io');
  for (const role of ['tables', 'leases', 'events'])
    kubectl('create', 'clusterrolebinding', role, `--clusterrole=${role}`, '--user=machinery');
  const sample: KubeObject = JSON.parse(
    kubectl(
      'create',
      '--dry-run=client',
      '-o',
      'json',
      '-f',
      join(root, 'k8s', 'samples', 'truthtable.yaml'),
    ),
  );
  const admin = connectApi(loadKubeconfig(env, { file: plane.kubeconfig }), systemClock);
  say(`creating ${objects} TruthTables`);
  await createTables(admin, sample, objects);

  const kubeconfig = await plane.userKubeconfig('machinery');
  const entry = builtEcho(folder);
  say('first start: every table gets its status');
  const began = performance.now();
  const first = await startMeasured({ entry, kubeconfig, workers: WORKERS });
  const written = () =>
    first.metric('operator_api_calls_total{', 'verb="patch"', 'resource="truthtables"', 'status="ok"');
  await waitFor(async () => (await written()) >= objects, PATIENCE);
  const firstStatusS = (performance.now() - began) / 1_000;
  const firstMemory = first.memory();
  await first.stop();

  say('second start: every table is looked at, none is written');
  const operator = await startMeasured({ entry, kubeconfig, workers: WORKERS });
  const passes = () => operator.metric('operator_passes_total{', 'result="done"');
  await waitFor(async () => (await passes()) >= objects, PATIENCE);
  const lookedS = operator.syncedAfterS;

  say(`${quietS} s without a change`);
  const [fromMs, passesBefore, cpuBefore] = [Date.now(), await passes(), await operator.cpuS()];
  await systemClock.sleep(quietS * 1_000);
  const [toMs, passesAfter, cpuAfter] = [Date.now(), await passes(), await operator.cpuS()];
  const quietMemory = operator.memory();

  say(`${changes} changes, one after the other`);
  const seen = await changesSeen(admin, changes, Math.random, objects);
  const memory = operator.memory();
  await operator.stop();
  await plane.stop();

  const quiet = countCalls(readFileSync(plane.auditLog, 'utf8'), { user: 'machinery', fromMs, toMs });
  const seenMs = { p50: percentile(seen, 0.5), p95: percentile(seen, 0.95), max: Math.max(...seen) };
  const result = {
    machine: {
      cores: cpus().length,
      model: cpus()[0]?.model ?? '',
      memory_gb: Math.round(totalmem() / 1e9),
      node: process.version,
      load_before: loadBefore,
      load_after: loadavg()[0],
    },
    at: new Date().toISOString(),
    objects,
    goals: judged({
      syncS: Math.max(first.syncedAfterS, lookedS),
      quiet,
      quietS: (toMs - fromMs) / 1_000,
      seenP95Ms: seenMs.p95 ?? Number.NaN,
      peakMb: Math.max(firstMemory.peakMb, memory.peakMb),
    }),
    details: {
      first_start: {
        synced_s: first.syncedAfterS,
        every_status_written_s: firstStatusS,
        memory_mb: firstMemory,
      },
      second_start: { synced_s: lookedS },
      quiet: {
        seconds: (toMs - fromMs) / 1_000,
        passes: passesAfter - passesBefore,
        cpu_s: cpuAfter - cpuBefore,
        calls: quiet.calls,
        memory_mb: quietMemory,
      },
      change_to_status_ms: { count: seen.length, ...seenMs },
      memory_mb: memory,
    },
  };
  writeFileSync(
    join(root, 'load', 'bench', 'results', 'operator.json'),
    `${JSON.stringify(result, undefined, 2)}\n`,
  );
  for (const [name, { value, goal, met }] of Object.entries(result.goals))
    say(`${met ? 'met ' : 'MISSED'} ${name}: ${value} (${goal})`);
  process.exitCode = Object.values(result.goals).every(({ met }) => met) ? 0 : 1;
} finally {
  await plane.stop();
}
