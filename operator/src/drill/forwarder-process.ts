import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Clock } from '@scholar/runtime/clock';

/** The forwarder's own program, as node runs it. */
export interface ForwarderProgram {
  command: string;
  args: readonly string[];
}

export type Spawn = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

/** A forwarder that runs for a drill alone. */
export interface ForwarderProcess {
  /** Base addresses on loopback. */
  intake: string;
  ops: string;
  /** `kill -9`; resolves when it is gone. Safe on a dead process. */
  kill: () => Promise<void>;
}

export interface StartInput {
  program: ForwarderProgram;
  /** The whole environment of the process: nothing of this one leaks in. */
  env: Readonly<Record<string, string>>;
  clock: Clock;
  signal: AbortSignal;
}

const START_MS = 30_000;
const KEPT_LINES = 20;
const LISTENS = /"port":(\d+),"msg":"the (intake|ops listener) is ready"/u;

/**
 * Starts the program and waits until both of its listeners are ready; it chooses free ports and logs them.
 * @throws Error with its last lines when it ends or is not ready within 30 s; it is killed then.
 */
export async function startForwarder(spawn: Spawn, input: StartInput): Promise<ForwarderProcess> {
  const { program, env, clock, signal } = input;
  // Under SUPERVISED a closed stdin ends it: it goes too when this process is killed and can clean up no more.
  const child = spawn(program.command, program.args, {
    env: { ...env, SUPERVISED: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const gone = once(child, 'close').catch(() => undefined);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  try {
    const ports = await listening(child, { gone, clock, signal });
    return {
      intake: `http://127.0.0.1:${ports.intake}`,
      ops: `http://127.0.0.1:${ports['ops listener']}`,
      kill,
    };
  } catch (cause) {
    await kill();
    throw cause;
  }
}

async function listening(
  child: ChildProcess,
  { gone, clock, signal }: Pick<StartInput, 'clock' | 'signal'> & { gone: Promise<unknown> },
): Promise<Record<string, string>> {
  const ports: Record<string, string> = {};
  const lines: string[] = [];
  const waiting = new AbortController();
  const ready = new Promise<true>((resolve) => {
    for (const input of [child.stdout, child.stderr]) {
      if (input === null) continue;
      // It is read to its end, or the process would stand still on a full pipe.
      createInterface({ input }).on('line', (line) => {
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
        const [, port, listener] = LISTENS.exec(line) ?? [];
        if (port !== undefined && listener !== undefined) ports[listener] = port;
        if (ports['intake'] !== undefined && ports['ops listener'] !== undefined) resolve(true);
      });
    }
  });
  const ended = gone.then(() => 'It ended.');
  const late = clock
    .sleep(START_MS, AbortSignal.any([signal, waiting.signal]))
    .then(() => `It was not ready within ${START_MS / 1_000} s.`);
  const outcome = await Promise.race([ready, ended, late]);
  waiting.abort();
  signal.throwIfAborted();
  if (outcome !== true)
    throw new Error(`The drill's forwarder did not start. ${outcome} It wrote last:\n${lines.join('\n')}`);
  return ports;
}
