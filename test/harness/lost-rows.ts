import { randomUUID } from 'node:crypto';
import { type AppLabel, MINUTE_MS } from '@scholar/contract';
import { judge } from '@scholar/operator/audit/audit';
import { residualOf } from '@scholar/operator/audit/conservation-view';
import { type FixReport, fix } from '@scholar/operator/remedy/fix';
import { stateLayout } from '@scholar/operator/target/local/layout';
import { openLocalTarget } from '@scholar/operator/target/local/local-target';
import type { Target } from '@scholar/operator/target/target';
import { systemClock } from '@scholar/runtime/clock';
import { waitFor } from '@scholar/runtime/testing';
import type { LocalSystem } from './local-system.ts';

export type LostRows = ReturnType<typeof judge>;

/**
 * A system's audit and repair in this process, so that nobody waits until a minute is over: what a forwarder counted is a row by
 * the time A8 is asked, in any minute.
 */
export function openWithoutDelay(system: LocalSystem): Promise<Target> {
  return openLocalTarget(stateLayout(system.state), { settledMs: -MINUTE_MS });
}

/** What the audit finds of rows that A8 acknowledged and has no more. */
export async function lostRows(target: Target): Promise<LostRows> {
  return judge(await target.gather()).filter(({ code }) => code.startsWith('rows_lost'));
}

/** The events that a repair of these findings would send again, by id. */
export function sentAgain(found: LostRows): string[] {
  const remedies = found.flatMap((each) => each.remedies);
  return remedies.flatMap((remedy) => (remedy.kind === 'replay' ? remedy.eventIds : [])).sort();
}

export function fixed(target: Target): Promise<FixReport> {
  const options = { dryRun: false, onStep: () => undefined, holder: 'a test' };
  return fix({ target, ask: target.ask, clock: systemClock }, options);
}

/** What the record of a repair of lost rows says of how it was left. */
export function afterOf({ records }: FixReport, app: string): string {
  return records.find(({ finding }) => finding.app === app && finding.code === 'rows_lost')?.after ?? '';
}

/** What A8 acknowledged to one forwarder, what it has of it, and how much of it is missing. */
export interface Counted {
  acknowledged: number;
  rows: number;
  residual: number;
}

/** One for each forwarder. */
export async function countedRows(system: LocalSystem, target: Target): Promise<Counted[]> {
  const { apps } = await target.gather();
  const rows = await system.query<{ forwarder_id: string; n: number }>(
    'SELECT forwarder_id, count(*)::int AS n FROM events WHERE forwarder_id IS NOT NULL GROUP BY 1',
  );
  return apps.flatMap(({ conservation = [] }) =>
    conservation.map((view) => ({
      acknowledged: view.acknowledged,
      rows: rows.find(({ forwarder_id }) => forwarder_id === view.forwarderId)?.n ?? 0,
      residual: residualOf(view),
    })),
  );
}

/** Sends events of its own label to the forwarder of an app until A8 has acknowledged each. @returns their ids. */
export function sendAll(target: Target, label: AppLabel, count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, () => sendOne(target, label)));
}

async function sendOne({ apps }: Target, label: AppLabel): Promise<string> {
  const intake = apps.find((app) => app.label === label)?.intake;
  const eventId = randomUUID();
  const headers = {
    'content-type': 'application/json',
    'x-scholar-protocol': 'v3.5.1',
    'x-app-label': label,
    'x-event-id': eventId,
    prefer: 'wait=10',
  };
  const body = JSON.stringify({
    ...{ event_type: 'PageView', occurred_at: new Date().toISOString() },
    ...{ actor_id: 'test_user', source: 'canary/lost-rows', payload: { details: 'a row that is lost' } },
  });
  const send = async (): Promise<boolean> => {
    const { status } = await fetch(`${intake}/events`, { method: 'POST', headers, body });
    return status === 201 || status === 200;
  };
  // The same id again is the same event.
  await waitFor(() => send().catch(() => false), { timeoutMs: 60_000 });
  return eventId;
}
