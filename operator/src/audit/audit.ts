import { buildDrift } from './checks/build-drift.ts';
import { clockSkew } from './checks/clock-skew.ts';
import { configDrift } from './checks/config-drift.ts';
import { configHash } from './checks/config-hash.ts';
import { countedNotStored } from './checks/counted-not-stored.ts';
import { emission } from './checks/emission.ts';
import { endpoint } from './checks/endpoint.ts';
import { evidenceLost } from './checks/evidence-lost.ts';
import { forwarderState } from './checks/forwarder-state.ts';
import { ghostShip } from './checks/ghost-ship.ts';
import { hubState } from './checks/hub-state.ts';
import { imageDrift } from './checks/image-drift.ts';
import { keyFingerprints } from './checks/key-fingerprints.ts';
import { leftClaims } from './checks/left-claims.ts';
import { legacySeen } from './checks/legacy-seen.ts';
import { piiRefusals } from './checks/pii-refusals.ts';
import { processFindings } from './checks/process-findings.ts';
import { processState } from './checks/process-state.ts';
import { protocol } from './checks/protocol.ts';
import { rowsLost } from './checks/rows-lost.ts';
import { sealedSecretSync } from './checks/sealed-secret-sync.ts';
import { secrets } from './checks/secrets.ts';
import { serviceReaches } from './checks/service-reaches.ts';
import { settingDrift } from './checks/setting-drift.ts';
import { sidecarPlacement } from './checks/sidecar-placement.ts';
import { silence } from './checks/silence.ts';
import { simulatedInProduction } from './checks/simulated-in-production.ts';
import { webhook } from './checks/webhook.ts';
import { writeLatency } from './checks/write-latency.ts';
import { bySeverity, type Check, type Judged } from './judged.ts';
import type { Snapshot } from './snapshot.ts';

/** Every check, in the order of the brief's phase 0: state, config, protocol, telemetry, webhook, numbers. */
export const CHECKS: readonly Check[] = [
  processState,
  ghostShip,
  serviceReaches,
  sidecarPlacement,
  imageDrift,
  buildDrift,
  configHash,
  configDrift,
  clockSkew,
  secrets,
  sealedSecretSync,
  endpoint,
  keyFingerprints,
  protocol,
  emission,
  countedNotStored,
  webhook,
  legacySeen,
  forwarderState,
  leftClaims,
  processFindings,
  hubState,
  evidenceLost,
  rowsLost,
  piiRefusals,
  simulatedInProduction,
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
