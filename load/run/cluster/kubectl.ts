import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** @param o.onLine what is printed, line by line, as it comes; it is not returned then */
export type Kubectl = (
  args: readonly string[],
  o?: { stdin?: string; onLine?: (line: string) => void },
) => Promise<string>;

/** kubectl in one namespace, of the context that it is set to. @throws Error with its complaint */
export const kubectlIn =
  (namespace: string): Kubectl =>
  async (args, { stdin = '', onLine } = {}) => {
    const child = spawn('kubectl', ['--namespace', namespace, ...args]);
    child.stdin.on('error', () => undefined).end(stdin);
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
    const reading = onLine === undefined ? text(child.stdout) : '';
    if (onLine !== undefined) createInterface({ input: child.stdout }).on('line', onLine);
    const [code, said, complaint] = await Promise.all([ended, reading, text(child.stderr)]);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${complaint.trim()}`);
    return said;
  };
