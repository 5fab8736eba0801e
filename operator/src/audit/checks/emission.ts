import type { Check, Judged } from '../judged.ts';
import type { AppSnapshot } from '../snapshot.ts';

/** Make sure that events leave by the forwarder under the names of the contract: console is loss, direct is no outbox. */
export const emission: Check = ({ apps }) =>
  apps.flatMap((app) => [...mode(app), ...names(app), ...authorization(app)]);

function mode({ label, running, counted }: AppSnapshot): Judged[] {
  const current = running?.emit_mode;
  if (current === undefined || current === null || current === 'forwarder') return [];
  const evidence = [`/running of ${label}: EMIT_MODE ${current}, endpoint ${running?.endpoint ?? 'none'}`];
  const remedies = [
    { kind: 'reset_setting' as const, label, role: 'app' as const, key: 'EMIT_MODE', restart: true },
  ];
  if (current === 'console') {
    const lost = counted?.onConsole ?? 0;
    if (lost > 0)
      evidence.push(`emit_console_total ${lost}: so many events since its start went nowhere else`);
    const summary = `${label} writes its events to its console and sends none to A8.`;
    return [{ code: 'console_only_telemetry', label, severity: 'critical', summary, evidence, remedies }];
  }
  const summary = `${label} sends to A8 directly, past its forwarder: an outage of A8 reaches it.`;
  return [{ code: 'direct_emission', label, severity: 'critical', summary, evidence, remedies }];
}

function names({ label, running }: AppSnapshot): Judged[] {
  if (running?.event_names !== 'legacy') return [];
  const summary = `${label} emits legacy event names such as user_signed_up, at the legacy endpoint.`;
  const evidence = [`/running of ${label}: EVENT_NAMES legacy, endpoint ${running.endpoint ?? 'none'}`];
  const remedies = [
    { kind: 'reset_setting' as const, label, role: 'app' as const, key: 'EVENT_NAMES', restart: true },
  ];
  return [{ code: 'legacy_event_names', label, severity: 'critical', summary, evidence, remedies }];
}

function authorization({ label, running }: AppSnapshot): Judged[] {
  if (running?.emit_mode !== 'direct' || running.sends_authorization !== false) return [];
  const summary = `${label} calls A8 without an Authorization header, which A8 answers with 401.`;
  const evidence = [`/running of ${label}: sends_authorization false`];
  const remedies = [
    { kind: 'reset_setting' as const, label, role: 'app' as const, key: 'EMIT_MODE', restart: true },
  ];
  return [{ code: 'authorization_missing', label, severity: 'critical', summary, evidence, remedies }];
}
