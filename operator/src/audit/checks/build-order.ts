import type { BuildStamp } from '@scholar/contract';

/** Pure. @returns below 0 where `a` is the older build, 0 where nothing tells which one is. */
export function compareBuilds(a: BuildStamp, b: BuildStamp): number {
  return compareVersions(a.version, b.version) || committed(a) - committed(b);
}

/** Pure: the newest of several builds; where nothing tells their order the one that most of them are, then by digest. */
export function newestBuild(all: readonly BuildStamp[]): BuildStamp | undefined {
  const count = (of: BuildStamp) => all.filter(({ digest }) => digest === of.digest).length;
  return [...all].sort(
    (a, b) => compareBuilds(b, a) || count(b) - count(a) || (a.digest < b.digest ? -1 : 1),
  )[0];
}

/** Pure: a build in words, by which a person finds the commit. */
export function describeBuild({ version, commit, digest }: BuildStamp): string {
  const from = commit === null ? '' : `commit ${commit.slice(0, 12)}, `;
  return `${version} (${from}content ${digest.slice(0, 12)})`;
}

/** Where one does not tell when its commit was made, the order of both is open. */
function committed({ committed_at }: BuildStamp): number {
  const at = committed_at === null ? Number.NaN : Date.parse(committed_at);
  return Number.isNaN(at) ? 0 : at;
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
