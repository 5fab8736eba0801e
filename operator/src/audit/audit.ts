import { emission } from './checks/emission.ts';
import { endpoint } from './checks/endpoint.ts';
import { evidenceLost } from './checks/evidence-lost.ts';
import { forwarderState } from './checks/forwarder-state.ts';
import { ghostShip } from './checks/ghost-ship.ts';
import { hubState } from './checks/hub-state.ts';
import { keyRing } from './checks/key-ring.ts';
import { legacySeen } from './checks/legacy-seen.ts';
import { processFindings } from './checks/process-findings.ts';
import { processState } from './checks/process-state.ts';
import { protocol } from './checks/protocol.ts';
import { secrets } from './checks/secrets.ts';
import { settingDrift } from './checks/setting-drift.ts';
import { silence } from './checks/silence.ts';
import { webhook } from './checks/webhook.ts';
import { writeLatency } from './checks/write-latency.ts';
import { bySeverity, type Check, type Judged } from './judged.ts';
import type { Snapshot } from './snapshot.ts';

/** Every check, in the order of the brief's phase 0: state, config, protocol, telemetry, webhook, numbers. */
export const CHECKS: readonly Check[] = [
  processState,
  ghostShip,
  secrets,
  endpoint,
  keyRing,
  protocol,
  emission,
  webhook,
  legacySeen,
  forwarderState,
  processFindings,
  hubState,
  evidenceLost,
  silence,
  writeLatency,
  settingDrift,
];

/** Pure. @returns what is wrong in a snapshot, worst first; none when nothing is. */
export function judge(snapshot: Snapshot): Judged[] {
  return CHECKS.flatMap((check) => check(snapshot)).sort(bySeverity);
}

/** A finding that is only information neither fails an audit nor asks for a repair. */
export function isDrift({ severity }: Pick<Judged, 'severity'>): boolean {
  return severity !== 'info';
}
