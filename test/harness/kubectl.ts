import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** @returns what kubectl printed. @throws with its complaint when it fails. */
export async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await run('kubectl', args, { maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/** Applies objects by server side; without a namespace, those of the cluster. */
export async function apply(namespace: string | undefined, objects: readonly object[]): Promise<void> {
  const where = namespace === undefined ? [] : ['--namespace', namespace];
  const args = ['apply', '--server-side', ...where, '--filename', '-'];
  const child = spawn('kubectl', args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  child.stdin.end(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${complaint}`);
}
