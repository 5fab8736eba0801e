import { HUB_LABEL, type Running } from '@scholar/contract';
import type { ProcessRole, ServedLabel } from './remedy.ts';
import type { BuildView, DesiredProcessView, ProcessView, SidecarView, Snapshot } from './snapshot.ts';

/** One process of the system, whichever it is. */
export interface SeenProcess {
  label: ServedLabel;
  role: ProcessRole;
  process: ProcessView;
  desired: DesiredProcessView;
  /** undefined = it did not answer. */
  running: Running | undefined;
  clockAheadMs?: number | undefined;
  build?: BuildView | undefined;
  /** Of a forwarder in a cluster. */
  sidecar?: SidecarView | undefined;
}

/** @returns the process as the subject of a sentence; labels keep their lower case. */
export function processSubject({ label, role }: Pick<SeenProcess, 'label' | 'role'>): string {
  return role === 'forwarder' ? `The forwarder of ${label}` : label;
}

/** A8, the sandbox where there is one, and each app with its forwarder: what a check of all processes goes through. */
export function everyProcess({ apps, hub, sandbox }: Snapshot): SeenProcess[] {
  return [
    { ...hub, label: HUB_LABEL, role: 'app' },
    ...(sandbox === undefined
      ? []
      : [{ ...sandbox, label: 'stripe_sandbox' as const, role: 'app' as const }]),
    ...apps.flatMap((app): SeenProcess[] => [
      { ...app, role: 'app' },
      { ...app.forwarder, label: app.label, role: 'forwarder' },
    ]),
  ];
}
