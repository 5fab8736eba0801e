import { HUB_LABEL } from '@scholar/contract';
import { everyProcess, processSubject, type SeenProcess } from '../every-process.ts';
import type { Check, Judged } from '../judged.ts';
import type { ProcessView } from '../snapshot.ts';
import { isAbsent } from './sidecar-placement.ts';

/** Make sure that every process that should run does: stopped on purpose and crashing are told apart. */
export const processState: Check = (snapshot) => [
  ...databaseState(snapshot.database),
  // A forwarder that was never put beside its app does not stand still: the check of sidecars names it.
  ...everyProcess(snapshot)
    .filter(({ sidecar }) => sidecar === undefined || !isAbsent(sidecar))
    .flatMap(judge),
];

function databaseState(database: ProcessView | undefined): Judged[] {
  if (database === undefined || database.state === 'running' || database.state === 'unknown') return [];
  const summary = 'PostgreSQL does not run: nothing can be stored, and forwarders keep what they have.';
  const evidence = evidenceOf(database);
  const advice = 'it is started again by itself; when it does not come up, its log says why';
  return [
    {
      code: 'database_down',
      label: HUB_LABEL,
      severity: 'critical',
      summary,
      evidence,
      remedies: [],
      advice,
    },
  ];
}

function judge({ label, role, process, desired }: SeenProcess): Judged[] {
  const name = processSubject({ label, role });
  const described = describe(name, process);
  if (described === undefined) return [];
  // A process that does not answer cannot tell what it was given; what the target knows of it is put right as well.
  const resets = desired.deviating.map((key) => ({
    kind: 'reset_setting' as const,
    label,
    role,
    key,
    restart: true,
  }));
  const evidence = [
    ...evidenceOf(process),
    ...(resets.length === 0
      ? []
      : [`configured otherwise than desired: ${resets.map(({ key }) => key).join(', ')}`]),
  ];
  const remedies = [...resets, { kind: described.remedy, label, role }];
  return [
    {
      code: `${role}_${described.word}`,
      label,
      severity: described.severity,
      summary: described.summary,
      evidence,
      remedies,
    },
  ];
}

interface Described {
  word: 'stopped' | 'crashing' | 'starting';
  summary: string;
  severity: Judged['severity'];
  remedy: 'start' | 'restart';
}

function describe(name: string, { state, restarts, lastExit }: ProcessView): Described | undefined {
  // A process that dies early is most often met just after its next spawn.
  const dies = state === 'starting' && restarts > 0 && lastExit !== null;
  switch (dies ? 'crashing' : state) {
    case 'stopped':
      return {
        word: 'stopped',
        summary: `${name} is stopped: nothing of it runs.`,
        severity: 'critical',
        remedy: 'start',
      };
    case 'crashing':
      return {
        word: 'crashing',
        summary: `${name} dies again and again: ${restarts} restarts, the last end was ${lastExit ?? 'not seen'}.`,
        severity: 'critical',
        remedy: 'restart',
      };
    case 'starting':
      return {
        word: 'starting',
        summary: `${name} has been spawned and does not answer /health yet.`,
        severity: 'major',
        remedy: 'restart',
      };
    default:
      return undefined;
  }
}

function evidenceOf({ state, restarts, lastExit, lastLines }: ProcessView): string[] {
  return [
    `state ${state}, restarts ${restarts}, last end ${lastExit ?? 'none'}`,
    ...lastLines.map((line) => `log: ${line}`),
  ];
}
