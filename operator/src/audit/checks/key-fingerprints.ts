import type { Check, Judged } from '../judged.ts';
import type { Remedy } from '../remedy.ts';
import type { AppSnapshot, Snapshot } from '../snapshot.ts';
import { faultOf, mayAccept, ringLine } from './ring-entry.ts';
import { ringRemedy } from './ring-remedy.ts';

/**
 * Make sure that the four places of a forwarder's key agree, and name the one that does not: the Secret, what the pod is
 * given, the running process, and A8's ring. A missing key is left to the check of secrets.
 */
export const keyFingerprints: Check = (snapshot) =>
  snapshot.apps.flatMap((app) => {
    const running = app.forwarder.running?.settings['A8_KEY']?.fingerprint;
    if (running === undefined) return [];
    const { secrets } = app.forwarder.desired;
    const keys = {
      running,
      pod: app.forwarder.givenKey,
      wanted: 'A8_KEY' in secrets,
      secret: secrets['A8_KEY'],
    };
    const judged = judge({ app, snapshot, keys });
    return judged === undefined
      ? []
      : [{ ...judged, label: app.label, evidence: evidenceOf(app, snapshot, keys) }];
  });

interface Keys {
  running: string;
  /** null = the pod is given none; undefined = nobody could look. */
  pod: string | null | undefined;
  /** False where nobody wants the process to have a key. */
  wanted: boolean;
  /** undefined = the Secret has none. */
  secret: string | undefined;
}

interface Seen {
  app: AppSnapshot;
  snapshot: Snapshot;
  keys: Keys;
}

type Verdict = Omit<Judged, 'label' | 'evidence'>;

function judge(seen: Seen): Verdict | undefined {
  const { app, snapshot, keys } = seen;
  const fault = faultOf(keys.running, app.label, snapshot);
  if (fault !== undefined) return refused(seen, fault);
  if (keys.wanted && keys.secret !== keys.running) return secretDiffers(seen);
  if (keys.pod !== undefined && keys.pod !== keys.running) return podDiffers(seen);
  return undefined;
}

/** A8 will not take the running key: either its ring is behind the other three, or the process is. */
function refused({ app, snapshot, keys }: Seen, fault: string): Verdict {
  const base = `A8 will not accept the key of the running forwarder of ${app.label}: ${fault}`;
  if (keys.secret === keys.running) {
    const summary = `${base}; Secret and process agree, so it is the ring that disagrees.`;
    return { code: 'key_not_in_ring', severity: 'critical', summary, ...ringRemedy(snapshot.target) };
  }
  const stale = keys.pod !== undefined && keys.pod === keys.secret;
  const who = stale
    ? 'the running process disagrees; it has not read what its pod is given'
    : podOrProcess(keys);
  return {
    code: 'key_not_accepted',
    severity: 'critical',
    summary: `${base}; ${who}.`,
    remedies: [takeUp({ app, snapshot, keys })],
  };
}

function podOrProcess({ pod, running }: Keys): string {
  return pod === running
    ? 'what the pod is given disagrees with the Secret, and the process with it'
    : 'the running process disagrees with the Secret';
}

/** The running key works. Does that of the Secret, which the next start will read? */
function secretDiffers({ app, snapshot, keys }: Seen): Verdict {
  const name = `the forwarder of ${app.label}`;
  if (keys.secret === undefined) {
    const summary = `The Secret of ${name} holds no A8_KEY; process and ring still agree, the next start has no key.`;
    const advice = 'put the key back into the Secret, or give the app a new one together with its ring entry';
    return { code: 'key_secret_differs', severity: 'critical', summary, remedies: [], advice };
  }
  if (mayAccept(keys.secret, app.label, snapshot)) {
    const summary = `The running process of ${name} uses an older key than its Secret; A8 accepts both, until the older one ends.`;
    return { code: 'key_stale', severity: 'major', summary, remedies: [takeUp({ app, snapshot, keys })] };
  }
  const summary = `The Secret of ${name} disagrees: process and ring agree on another key, and A8 would refuse the one of the Secret.`;
  if (snapshot.target === 'local')
    return {
      code: 'key_secret_differs',
      severity: 'critical',
      summary,
      ...ringRemedy('local'),
      remedies: [...ringRemedy('local').remedies, reset(app)],
    };
  const advice =
    'put the former key back into the Secret, or put a ring entry for the new one into A8 first; do not restart the app before';
  return { code: 'key_secret_differs', severity: 'critical', summary, remedies: [], advice };
}

function podDiffers({ app, snapshot, keys }: Seen): Verdict {
  const what = keys.pod === null ? 'is given no A8_KEY any more' : 'is given another A8_KEY';
  const summary = `The pod of the forwarder of ${app.label} ${what}; Secret, process and ring agree, so the pod disagrees and the next read breaks it.`;
  return {
    code: 'key_pod_differs',
    severity: 'critical',
    summary,
    remedies: [takeUp({ app, snapshot, keys })],
  };
}

/**
 * On a machine the file is written again, or the process restarted where the file is right. In a cluster the Secret is
 * what counts, and a pod that is made anew gets it.
 */
function takeUp({ app, snapshot, keys }: Seen): Remedy {
  const fileIsRight = keys.pod !== undefined && keys.pod === keys.secret;
  return snapshot.target === 'cluster' || (fileIsRight && keys.running !== keys.secret)
    ? restart(app)
    : reset(app);
}

function reset({ label }: AppSnapshot): Remedy {
  return { kind: 'reset_setting', label, role: 'forwarder', key: 'A8_KEY', restart: false };
}

function restart({ label }: AppSnapshot): Remedy {
  return { kind: 'restart', label, role: 'forwarder' };
}

function evidenceOf({ label }: AppSnapshot, snapshot: Snapshot, { running, pod, secret }: Keys): string[] {
  return [
    `Secret ${secret ?? 'none'}`,
    `pod ${pod === undefined ? 'could not be looked at' : (pod ?? 'none')}`,
    `running forwarder ${running}`,
    `ring of A8 for ${label}: ${ringLine(label, snapshot)}`,
  ];
}
