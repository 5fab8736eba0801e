import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage } from '../harness/build-image.ts';
import { IMAGE } from '../harness/environment.ts';

/** Name of the migration that a made-up release brings to A8 and to one service. */
export const NEXT_MIGRATION = '9999_next_release';

const MIGRATIONS: Record<string, string> = {
  auto_com_center: 'ALTER TABLE events ADD COLUMN next_release text;',
  auto_page_maker: 'CREATE TABLE next_release (id bigint PRIMARY KEY);',
};

export interface NextRelease {
  version: string;
  /** How far its outbox format is ahead of the image under test. */
  format: number;
  /** How far the oldest format whose reader understands what it writes is ahead. */
  oldestReader: number;
}

/**
 * Makes the image of a release that does not exist yet: the image under test with another version, an expand-only
 * migration in A8 and in one service, and another outbox format, which still reads the present one. The cluster has it
 * afterwards.
 * @returns its name.
 */
export async function makeRelease(release: NextRelease): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'scholar-next-'));
  try {
    await writeFile(join(folder, 'edit.mjs'), editOf(release));
    for (const [service, sql] of Object.entries(MIGRATIONS)) {
      await mkdir(join(folder, 'services', service, 'migrations'), { recursive: true });
      await writeFile(join(folder, 'services', service, 'migrations', `${NEXT_MIGRATION}.sql`), `${sql}\n`);
    }
    await writeFile(join(folder, 'Dockerfile'), DOCKERFILE);
    return await buildImage({ image: `${IMAGE}-${release.version}`, folder, base: IMAGE });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const DOCKERFILE = `ARG BASE
FROM \${BASE}
USER 0
COPY services /app/services
COPY edit.mjs /tmp/edit.mjs
RUN node /tmp/edit.mjs && rm /tmp/edit.mjs
USER 10001:10001
`;

/** A program that changes the compiled files in the image; it fails where there is nothing to change. */
function editOf({ version, format, oldestReader }: NextRelease): string {
  return `
import { readFileSync, writeFileSync } from 'node:fs';
const edit = (path, pattern, make) => {
  const text = readFileSync(path, 'utf8');
  if (!pattern.test(text)) throw new Error(path + ' has no ' + pattern);
  writeFileSync(path, text.replace(pattern, make));
};
const ahead = (by) => (_, name, number) => name + ' = ' + (Number(number) + by);
edit('/app/runtime/dist/running/version.js', /VERSION = '[^']*'/, "VERSION = '${version}'");
edit('/app/sidecar/dist/outbox/format.js', /(FORMAT_VERSION) = (\\d+)/, ahead(${format}));
edit('/app/sidecar/dist/outbox/format.js', /(OLDEST_READER) = (\\d+)/, ahead(${oldestReader}));
// It is a build of its own, not the present one with programs that somebody exchanged.
const { contentDigest, STAMP_FILE } = await import('/app/runtime/dist/build/index.js');
const stamp = { version: '${version}', commit: null, committed_at: null, digest: contentDigest('/app') };
writeFileSync('/app/' + STAMP_FILE, JSON.stringify(stamp));
`;
}
