import type { Running } from '@scholar/contract';
import { processSubject } from '../every-process.ts';
import type { Check, Judged } from '../judged.ts';
import type { ProcessRole } from '../remedy.ts';
import type { AppSnapshot, Snapshot } from '../snapshot.ts';

/** Make sure that events really go to A8's /events: not to /ingest, not to another host, not nowhere. */
export const endpoint: Check = (snapshot) =>
  snapshot.apps.flatMap((app) => [
    ...judge(snapshot, app, 'forwarder', app.forwarder.running),
    ...(app.running?.emit_mode === 'direct' ? judge(snapshot, app, 'app', app.running) : []),
    ...unusedUrl(snapshot, app),
  ]);

function judge(
  snapshot: Snapshot,
  { label }: AppSnapshot,
  role: ProcessRole,
  running: Running | undefined,
): Judged[] {
  if (running === undefined) return [];
  const wanted = `${snapshot.hub.url}/events`;
  const name = processSubject({ label, role });
  // Under legacy names the base address may be right: it is the names that lead to /ingest.
  const key = running.event_names === 'legacy' ? 'EVENT_NAMES' : 'A8_URL';
  const remedies = [{ kind: 'reset_setting' as const, label, role, key, restart: role === 'app' }];
  const evidence = [`/running: endpoint ${running.endpoint ?? 'none'}`, `desired ${wanted}`];
  if (running.endpoint === null) {
    const summary = `${name} has no A8_URL: it keeps its events and can send none.`;
    return [{ code: 'a8_url_missing', label, severity: 'critical', summary, evidence, remedies }];
  }
  if (isLegacy(running.endpoint)) {
    const summary = `${name} sends to the legacy endpoint /ingest, which A8 refuses.`;
    return [{ code: 'legacy_endpoint', label, severity: 'critical', summary, evidence, remedies }];
  }
  if (running.endpoint !== wanted) {
    const summary = `${name} sends to another place than A8.`;
    return [{ code: 'a8_url_elsewhere', label, severity: 'critical', summary, evidence, remedies }];
  }
  return [];
}

/** An app that emits by its forwarder does not use its own A8_URL, yet the next change of mode would. */
function unusedUrl({ hub }: Snapshot, { label, running }: AppSnapshot): Judged[] {
  const setting = running?.settings['A8_URL'];
  if (running === undefined || setting === undefined || running.emit_mode === 'direct') return [];
  if (setting.set && setting.value === hub.url) return [];
  const summary = `A8_URL of ${label} ${setting.set ? 'points elsewhere' : 'is not set'}; its forwarder sends in its place.`;
  const evidence = [`/running: A8_URL ${setting.value ?? 'not set'}`, `desired ${hub.url}`];
  const remedies = [
    { kind: 'reset_setting' as const, label, role: 'app' as const, key: 'A8_URL', restart: true },
  ];
  return [{ code: 'a8_url_drift', label, severity: 'major', summary, evidence, remedies }];
}

function isLegacy(url: string): boolean {
  return URL.canParse(url) && /(^|\/)ingest(\/|$)/u.test(new URL(url).pathname);
}
