import { HUB_LABEL, type Running } from '@scholar/contract';
import type { DesiredProcessView, Snapshot } from '../../../audit/snapshot.ts';
import { wantedSecret } from '../../../gather/wanted-secret.ts';
import type { Sources } from '../mounted-file.ts';
import { fixedSettings, type ProcessId } from './fixed-settings.ts';
import type { SecretSource } from './secret-from.ts';

/**
 * Pure: the snapshot, judged by more than what the templates say now: secrets whose source was named are wanted as they
 * are there, and of a process that does not answer it is known which fixed settings it was given otherwise.
 */
export function withWanted(
  snapshot: Snapshot,
  { sources, secretFrom }: { sources: Sources; secretFrom: readonly SecretSource[] },
): Snapshot {
  const { hub, apps } = snapshot;
  const view = { hubUrl: hub.url, sources, secretFrom };
  return {
    ...snapshot,
    hub: { ...hub, desired: wanted(hub, { label: HUB_LABEL, role: 'app' }, view) },
    apps: apps.map((app) => ({
      ...app,
      desired: wanted(app, { label: app.label, role: 'app' }, view),
      forwarder: {
        ...app.forwarder,
        desired: wanted(app.forwarder, { label: app.label, role: 'forwarder' }, view),
      },
    })),
  };
}

interface View {
  hubUrl: string;
  sources: Sources;
  secretFrom: readonly SecretSource[];
}

function wanted(
  { desired, running }: { desired: DesiredProcessView; running: Running | undefined },
  id: ProcessId,
  { hubUrl, sources, secretFrom }: View,
): DesiredProcessView {
  const secrets = { ...desired.secrets };
  for (const { label, key, secret, secretKey } of secretFrom) {
    const { fingerprint } = wantedSecret(sources.secrets[secret]?.[secretKey] || undefined);
    if (label === id.label && key in secrets && fingerprint !== undefined) secrets[key] = fingerprint;
  }
  if (running !== undefined) return { ...desired, secrets: knownTo(running, secrets) };
  const given = desired.settings;
  const deviating = Object.entries(fixedSettings(id, hubUrl)).filter(
    ([key, value]) => given[key] !== undefined && given[key] !== value,
  );
  return { ...desired, secrets, deviating: [...desired.deviating, ...deviating.map(([key]) => key)] };
}

/** App and forwarder are both given all of `<app>-repair`; what one of them does not read it does not miss. */
function knownTo(running: Running, secrets: DesiredProcessView['secrets']): DesiredProcessView['secrets'] {
  return Object.fromEntries(Object.entries(secrets).filter(([key]) => key in running.settings));
}
