import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The commit that a checkout is at, from the files of .git (gitrepository-layout), so that no process has to be started
 * for it. Says nothing of changes that are not committed. @returns null where it cannot be told.
 */
export function gitCommit(root: string): string | null {
  const folder = gitFolder(root);
  if (folder === undefined) return null;
  const head = read(join(folder, 'HEAD')) ?? '';
  const name = /^ref: (\S+)$/u.exec(head)?.[1];
  if (name === undefined) return commitIn(head);
  // A worktree has its own HEAD; its branches are in the folder that it names.
  const shared = join(folder, read(join(folder, 'commondir')) ?? '.');
  return commitIn(read(join(shared, name))) ?? packed(read(join(shared, 'packed-refs')), name);
}

function gitFolder(root: string): string | undefined {
  const pointer = read(join(root, '.git'));
  if (pointer === undefined) return join(root, '.git');
  return /^gitdir: (.+)$/u.exec(pointer)?.[1];
}

function packed(refs: string | undefined, name: string): string | null {
  const line = refs?.split('\n').find((each) => each.endsWith(` ${name}`));
  return commitIn(line?.split(' ', 1)[0]);
}

function commitIn(text: string | undefined): string | null {
  return /^[0-9a-f]{40,64}$/u.exec(text ?? '')?.[0] ?? null;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
