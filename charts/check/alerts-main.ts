import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutAlerts } from './alerts.ts';

/** `make alerts-test`: the alert rules of the charts by Prometheus' own promtool, which .tools/bin must have on the PATH. */
const charts = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'scholar-alerts-'));
try {
  const { rules, tests } = layOutAlerts(charts, scratch, ['hub', 'scholar']);
  const calls = [
    ['check', 'rules', ...rules],
    ['test', 'rules', ...tests],
  ];
  for (const args of calls) {
    const { status, error } = spawnSync('promtool', args, { stdio: 'inherit' });
    if (error) throw error;
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
