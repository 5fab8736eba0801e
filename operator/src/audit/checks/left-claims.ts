import type { Check, Judged } from '../judged.ts';
import type { AppSnapshot, HubSnapshot, LeftClaimView } from '../snapshot.ts';

/** Make sure that no acknowledged event lies on a claim which a scale-down left: nobody would ever send it. */
export const leftClaims: Check = ({ at, apps, hub }) =>
  apps.flatMap((app) => {
    const claims = app.leftClaims ?? [];
    const owed = claims.filter((claim) => !isEmpty(claim));
    return [
      ...(owed.length === 0 ? [] : [leftBehind(app, owed, { at, hub })]),
      ...leftEmpty(app, claims.filter(isEmpty)),
    ];
  });

function leftBehind(
  { label }: AppSnapshot,
  claims: readonly LeftClaimView[],
  { at, hub }: { at: string; hub: HubSnapshot },
): Judged {
  const names = claims.map(({ claim }) => claim).join(', ');
  const summary = `A scale-down of ${label} left ${names}, and ${knownOf(claims)}.`;
  const evidence = claims.map((claim) => evidenceOf(claim, at));
  const drained = claims.filter(
    ({ drained: seen, standing }) => standing || seen === undefined || seen.left > 0,
  );
  const kept = claims.filter(({ drained: seen }) => (seen?.dead ?? 0) + (seen?.quarantined ?? 0) > 0);
  const isUp = claims.every(({ replicas }) => replicas > 0);
  const advice = [
    ...(isUp ? [] : [`${label} is scaled to 0: it is drained as soon as it has a pod again`]),
    ...(takesEvents(hub) ? [] : ['A8 must take events first: see its own findings']),
    ...kept.map(
      ({ namespace, claim, pod }) =>
        `what A8 refused or the disk damaged on ${claim} is looked at by its own replica: \`kubectl -n ${namespace} scale statefulset/${setOf(pod)} --replicas=${ordinalOf(pod) + 1}\`, \`scholar audit\`, and down again`,
    ),
  ];
  const remedies =
    isUp && takesEvents(hub)
      ? drained.map(({ claim }) => ({ kind: 'drain_claim' as const, label, claim }))
      : [];
  const found = { code: 'outbox_left_behind' as const, label, severity: 'major' as const };
  return {
    ...found,
    summary,
    evidence,
    remedies,
    ...(advice.length === 0 ? {} : { advice: advice.join('; ') }),
  };
}

/** No repair deletes a claim: whoever does must know that the app will not be scaled up again. */
function leftEmpty({ label }: AppSnapshot, claims: readonly LeftClaimView[]): Judged[] {
  const [first] = claims;
  if (first === undefined) return [];
  const names = claims.map(({ claim }) => claim);
  return [
    {
      code: 'outbox_left_empty',
      label,
      severity: 'info',
      summary: `Nothing that ${label} owes lies on ${names.join(', ')} any more; a person may delete it.`,
      evidence: claims.map(
        ({ claim, drained }) =>
          `${claim}: a drain at ${drained?.at} found ${drained?.found} undelivered events and left none; no dead letter, no damage, and the workload is unchanged since`,
      ),
      remedies: [],
      advice: `if ${label} is not to be scaled up again: \`kubectl -n ${first.namespace} delete persistentvolumeclaim ${names.join(' ')}\``,
    },
  ];
}

function isEmpty({ drained, standing }: LeftClaimView): boolean {
  return !standing && drained !== undefined && drained.left + drained.dead + drained.quarantined === 0;
}

function takesEvents({ health, ready }: HubSnapshot): boolean {
  return health.status === 200 && ready.status === 200;
}

function knownOf(claims: readonly LeftClaimView[]): string {
  const unseen = claims.filter(({ drained, standing }) => drained === undefined && !standing).length;
  const left = claims.reduce((sum, { drained }) => sum + (drained?.left ?? 0), 0);
  const kept = claims.reduce(
    (sum, { drained }) => sum + (drained?.dead ?? 0) + (drained?.quarantined ?? 0),
    0,
  );
  return [
    ...(claims.some(({ standing }) => standing)
      ? ['the pod of a drain that was killed keeps a replica from being made']
      : []),
    ...(unseen > 0 ? ['nobody knows yet what is owed there'] : []),
    ...(left > 0 ? [`${left} acknowledged events there are undelivered`] : []),
    ...(kept > 0 ? [`${kept} events there were refused or damaged`] : []),
  ].join(', and ');
}

function evidenceOf({ claim, pod, createdAt, drained, standing }: LeftClaimView, at: string): string {
  if (standing)
    return `${claim}: the pod ${pod} of a drain has ended and is still there, so its StatefulSet cannot make that replica`;
  const what = `${claim}, made ${ageOf(createdAt, at)} ago for ${pod}, which is gone; no pod mounts it`;
  if (drained === undefined) return `${what}; nobody has looked into it since the workload was last changed`;
  const { found, left, dead, quarantined, why } = drained;
  const seen = `a drain at ${drained.at} found ${found} undelivered events and left ${left}, with ${dead} dead letters and ${quarantined} damaged records`;
  return `${what}; ${seen}${why === '' ? '' : `: ${why}`}`;
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

function ageOf(createdAt: string, at: string): string {
  const ms = Math.max(0, Date.parse(at) - Date.parse(createdAt));
  const [unit, size] = UNITS.find(([, each]) => ms >= each) ?? ['second', 1_000];
  const count = Math.floor(ms / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function setOf(pod: string): string {
  return pod.slice(0, pod.lastIndexOf('-'));
}

function ordinalOf(pod: string): number {
  return Number(pod.slice(pod.lastIndexOf('-') + 1));
}
