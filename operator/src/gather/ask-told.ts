import type { Running } from '@scholar/contract';
import type { Ask } from './http-client.ts';
import { askRunning } from './probe.ts';

export interface Told {
  running: Running | undefined;
  /** The clock of the process less ours, in ms; undefined when it does not tell its time. */
  clockAheadMs: number | undefined;
}

/** Asks a process what it runs with and what time it has. Its answer is taken to be of the middle of the question. */
export async function askTold({ ask, now }: { ask: Ask; now: () => number }, opsUrl: string): Promise<Told> {
  let middle = now();
  const running = await askRunning(async (question) => {
    const reply = await ask(question);
    middle = now() - reply.tookMs / 2;
    return reply;
  }, opsUrl);
  const told = running?.now;
  return { running, clockAheadMs: told === undefined ? undefined : Date.parse(told) - middle };
}
