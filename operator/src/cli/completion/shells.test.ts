import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SHELLS } from './scripts.ts';

/** Each word that is completed starts the command a few times, which takes long on a busy machine. */
const TIMEOUT_MS = 300_000;

const cli = join(import.meta.dirname, '..');
let bin: string;

/** The program from its sources under the names that a person types, so that no build is needed. */
beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), 'scholar-completion-'));
  const node = `exec '${process.execPath}' --conditions=source`;
  const programs = {
    scholar: `${node} '${join(cli, 'main.ts')}' "$@"`,
    'kubectl-scholar': `${node} '${join(cli, 'kubectl-main.ts')}' "$@"`,
    'kubectl_complete-scholar': `${node} '${join(cli, 'kubectl-main.ts')}' __complete -- "$@"`,
  };
  for (const [name, line] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${line}\n`);
    await chmod(join(bin, name), 0o755);
  }
});

afterAll(() => rm(bin, { recursive: true, force: true }));

async function run(program: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  // Jest's own flags must not reach the program; HOME keeps kubectl's caches out of the person's.
  const env = { PATH: `${bin}:${process.env['PATH']}`, HOME: bin, NO_COLOR: '1', NODE_NO_WARNINGS: '1' };
  return promisify(execFile)(program, args, { env, timeout: 120_000 });
}

/** What bash would offer for each line, by the script as a person sources it, and twice. */
async function offered(...lines: string[][]): Promise<string[][]> {
  const one = `
    complete -p "$1" | grep -q -- '-F _scholar' || exit 3
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _scholar
    echo "\${COMPREPLY[*]}"`;
  const asks = lines.map((words) => `offer ${words.map((word) => `'${word}'`).join(' ')}`);
  const sourced = 'source <(scholar completion bash); source <(scholar completion bash)';
  const script = ['set -u', sourced, `offer() { ${one}\n}`, ...asks].join('\n');
  const { stdout, stderr } = await run('bash', ['--norc', '--noprofile', '-c', script]);
  expect(stderr).toBe('');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '));
}

test(
  'bash, without bash-completion, completes verbs, flags, choices and labels',
  async () => {
    const found = await offered(
      ['scholar', 'au'],
      ['scholar', 'verify', '--sam'],
      ['kubectl-scholar', 'audit', '--output', '=', ''],
      ['scholar', 'events', '--app', 'auto_p'],
    );
    expect(found).toEqual([['audit'], ['--samples'], ['table', 'json'], ['auto_page_maker']]);
  },
  TIMEOUT_MS,
);

test.each(SHELLS)(
  '%s has a script that asks the command itself',
  async (shell) => {
    const { stdout } = await run('scholar', ['completion', shell]);
    expect(stdout).toContain('__complete');
    expect(stdout).toMatch(/kubectl-scholar/);
  },
  TIMEOUT_MS,
);

/** kubectl where the machine has one; else the plugin by its own name, which is all that kubectl does. */
async function plugin(...args: string[]): Promise<string> {
  const hasKubectl = await run('kubectl', ['version', '--client']).then(
    () => true,
    () => false,
  );
  const [program, first] = hasKubectl ? ['kubectl', ['scholar']] : ['kubectl-scholar', []];
  return (await run(program, [...first, ...args])).stdout;
}

test(
  'kubectl finds the plugin, which calls itself by that name',
  async () => {
    expect(await plugin('audit', '--help')).toMatch(/^Usage: kubectl scholar audit/);
  },
  TIMEOUT_MS,
);

test(
  'a plugin answers kubectl in the words of its protocol',
  async () => {
    const { stdout } = await run('kubectl_complete-scholar', ['audit', '-o', '']);
    expect(stdout).toBe('table\t\njson\t\n:4\n');
    expect((await run('kubectl_complete-scholar', ['seal', '--cert', ''])).stdout).toBe(':0\n');
  },
  TIMEOUT_MS,
);
