import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildStamp } from '@scholar/contract';
import { contentDigest } from './content-digest.ts';
import { gitCommit } from './git-commit.ts';

/** Written into the image by k8s/images/stamp.mjs; a checkout has none. */
export const STAMP_FILE = 'build.json';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/u, '');

let ofThisProcess: BuildStamp | undefined;

/** What this process is made of. Looked at once, because a process stays what it was when it started. */
export function buildStamp(): BuildStamp {
  ofThisProcess ??= readBuildStamp(ROOT);
  return ofThisProcess;
}

/**
 * Reads what lies on the disk now: version and commit as the build of the image wrote them down, or as the checkout says;
 * the digest from the files themselves, so that an image whose programs were exchanged does not pass for what was built.
 */
export function readBuildStamp(root: string = ROOT): BuildStamp {
  const digest = contentDigest(root);
  const written = json(join(root, STAMP_FILE));
  if (written === undefined) {
    const version = text(json(join(root, 'package.json'))?.['version']) ?? 'unknown';
    return { version, commit: gitCommit(root), committed_at: null, digest };
  }
  const built = text(written['digest']);
  return {
    version: text(written['version']) ?? 'unknown',
    commit: text(written['commit']) ?? null,
    committed_at: text(written['committed_at']) ?? null,
    digest,
    ...(built === undefined || built === digest ? {} : { built_digest: built }),
  };
}

function json(path: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
