import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the scripts may use besides the tools that a test puts in. */
const BASICS = ['bash', 'env', 'cat', 'dirname', 'grep', 'head', 'mktemp', 'mv', 'chmod', 'realpath', 'rm'];

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
  /** Every call of a stand-in, its words joined by one blank; temporary paths read `TMP`. */
  calls: string[];
}

/**
 * A PATH of its own: what scripts need from every machine, and stand-ins that write down how they were called and
 * answer as they are told.
 */
export class StandIns {
  readonly folder: string;
  readonly #record: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.#record = join(folder, 'calls');
  }

  /**
   * @param tools names of the tools that are stood in for.
   * @param answers branches of a Bash `case` over "tool arg arg…", for instance `"kind get clusters") echo a ;;`. What no
   * branch names succeeds and says nothing.
   * @param real programs that are no stand-ins, by the name under which they are found: a path, or the name on this
   * machine's PATH.
   */
  static async make(
    tools: readonly string[],
    answers = '',
    real: Readonly<Record<string, string>> = {},
  ): Promise<StandIns> {
    const standIns = new StandIns(await mkdtemp(join(tmpdir(), 'scholar-standins-')));
    const script = [
      '#!/usr/bin/env bash',
      'tool=$' + '{0##*/}',
      `printf '%s\\n' "$tool $*" >>'${standIns.#record}'`,
      'case "$tool $*" in',
      answers,
      'esac',
    ].join('\n');
    await writeFile(standIns.#record, '');
    for (const tool of tools) {
      const path = join(standIns.folder, tool);
      await writeFile(path, script);
      await chmod(path, 0o755);
    }
    const basics = Object.fromEntries(BASICS.map((tool) => [tool, tool]));
    for (const [tool, program] of Object.entries({ ...basics, ...real })) {
      const { stdout } = await run('bash', ['-c', `command -v ${program}`]);
      await symlink(stdout.trim(), join(standIns.folder, tool));
    }
    await symlink(process.execPath, join(standIns.folder, 'node'));
    return standIns;
  }

  /** Runs a script with nothing but the stand-ins and the basics on its PATH. */
  async run(script: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
    const options = {
      env: { PATH: this.folder, HOME: this.folder, TMPDIR: this.folder, ...env },
      maxBuffer: 16 * 1024 * 1024,
    };
    const ended = await run(script, args, options).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
    const record = await readFile(this.#record, 'utf8');
    const temporary = new RegExp(`${this.folder}/scholar-image-\\w+`, 'g');
    return {
      code: ended.code,
      stdout: ended.stdout,
      stderr: ended.stderr,
      calls: record.trimEnd().replace(temporary, 'TMP').split('\n'),
    };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
