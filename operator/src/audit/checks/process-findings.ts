import { everyProcess, processSubject, type SeenProcess } from '../every-process.ts';
import type { Check, Judged } from '../judged.ts';

/**
 * Make sure that what a process itself finds wrong is heard: a refused key, parked events. That the file of a missing
 * secret cannot be read is left to the check of secrets.
 */
export const processFindings: Check = (snapshot) => everyProcess(snapshot).flatMap(judge);

function judge({ label, role, running }: SeenProcess): Judged[] {
  const name = processSubject({ label, role });
  const missing = Object.entries(running?.settings ?? {}).flatMap(([key, { set }]) =>
    set ? [] : [`${key}_FILE`],
  );
  const sentences = (running?.findings ?? []).filter((text) => !missing.some((key) => text.includes(key)));
  return sentences.map((sentence) => ({
    code: 'process_finding',
    label,
    severity: 'major',
    summary: `${name} says of itself: ${sentence.replace(/\.$/u, '')}.`,
    evidence: [`/running of ${name}`],
    remedies: [],
    advice: 'do what the sentence says; the process notices by itself or at its next start',
  }));
}
