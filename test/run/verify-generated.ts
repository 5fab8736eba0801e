import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `make verify`: runs the generators in a copy of the tracked files and compares; the checkout itself is not touched. */
const root = join(import.meta.dirname, '..', '..');
const copy = mkdtempSync(join(tmpdir(), 'scholar-generated-'));
try {
  for (const file of trackedFiles()) cpSync(join(root, file), join(copy, file), { recursive: true });
  symlinkWorkspaces();
  run('npm', ['run', '--silent', 'generate'], copy);
  const differing = trackedFiles().filter((file) => differs(file));
  const added = run(
    'git',
    ['-c', 'core.quotePath=false', 'ls-files', '--others', '--exclude-standard'],
    root,
    true,
  );
  if (differing.length > 0) {
    console.error(
      `Generated files are not up to date:\n${differing.map((file) => `  ${file}`).join('\n')}\nRun \`make generate\` and commit.`,
    );
    process.exitCode = 1;
  } else {
    console.log(
      `Generated files are up to date${added === '' ? '' : ' (untracked files were not looked at)'}.`,
    );
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function trackedFiles(): string[] {
  return run('git', ['-c', 'core.quotePath=false', 'ls-files'], root, true)
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(root, file)));
}

/** The copy uses the installed dependencies, but its own packages: their links are relative to node_modules. */
function symlinkWorkspaces(): void {
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
}

function differs(file: string): boolean {
  return spawnSync('cmp', ['-s', join(root, file), join(copy, file)]).status !== 0;
}

function run(command: string, args: string[], cwd: string, quiet = false): string {
  const { status, stdout } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed with ${status}`);
  if (!quiet && stdout !== '') process.stdout.write(stdout);
  return stdout.trim();
}
