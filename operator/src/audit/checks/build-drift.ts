import type { BuildStamp } from '@scholar/contract';
import { everyProcess, processSubject, type SeenProcess } from '../every-process.ts';
import type { Check, Judged } from '../judged.ts';
import { processName } from '../remedy.ts';
import type { ReplicaView } from '../snapshot.ts';
import { compareBuilds, describeBuild, newestBuild } from './build-order.ts';

/**
 * Workloads of a release are rolled one after the other, so another build beside the newest is a finding only when no
 * pod of it was made within this time.
 */
const REST_MS = 5 * 60_000;

/** One process, and what it is made of. */
interface Made {
  seen: SeenProcess;
  replica: ReplicaView;
  build: BuildStamp;
}

/**
 * Make sure that every process runs what was built, and all of a release the same: the files that its image was made with,
 * the build of the checkout on a machine, that of its app in the same pod, and the newest of the others.
 */
export const buildDrift: Check = (snapshot) => {
  const all = everyProcess(snapshot).flatMap((seen) => madeOf(seen));
  const sound = all.filter(({ build }) => build.built_digest === undefined);
  const beside = sound.flatMap((made) => besideItsApp(made, sound));
  const told = new Set(beside.flatMap(({ pods }) => pods));
  const others = sound.filter(({ replica }) => !told.has(replica.pod));
  return [
    ...all.flatMap(altered),
    ...sound.flatMap(otherThanCheckout),
    ...beside.map(({ judged }) => judged),
    ...(snapshot.target === 'cluster' ? inTheRelease(others, Date.parse(snapshot.at)) : []),
  ];
};

function madeOf(seen: SeenProcess): Made[] {
  return (seen.build?.replicas ?? []).flatMap((replica) =>
    replica.build === undefined ? [] : [{ seen, replica, build: replica.build }],
  );
}

function altered({ seen, replica, build }: Made): Judged[] {
  if (build.built_digest === undefined) return [];
  const { label, role } = seen;
  const summary = `${processSubject(seen)} runs programs that are not those of its image: a file was exchanged after the build.`;
  const evidence = [
    `${replica.pod}: content ${build.digest.slice(0, 12)}, built ${build.built_digest.slice(0, 12)}, image ${replica.imageId || 'not told'}`,
  ];
  const remedies = [{ kind: 'restart' as const, label, role }];
  return [{ code: 'build_altered', label, severity: 'critical', summary, evidence, remedies }];
}

function otherThanCheckout({ seen, replica, build }: Made): Judged[] {
  const wanted = seen.build?.wanted;
  if (wanted === undefined || wanted.digest === build.digest) return [];
  const { label, role } = seen;
  const summary = `${processSubject(seen)} runs another build than the checkout of this command has: it was started before the last build.`;
  const evidence = [`${replica.pod}: ${describeBuild(build)}`, `checkout: ${describeBuild(wanted)}`];
  const remedies = [{ kind: 'restart' as const, label, role }];
  return [{ code: 'build_differs', label, severity: 'major', summary, evidence, remedies }];
}

/** A pod is made at once from one template, so here nothing is under way. */
function besideItsApp(forwarder: Made, all: readonly Made[]): { judged: Judged; pods: string[] }[] {
  const { seen, replica, build } = forwarder;
  if (seen.role !== 'forwarder' || seen.build?.wanted !== undefined) return [];
  const app = all.find(
    (each) => each.seen.role === 'app' && each.seen.label === seen.label && each.replica.pod === replica.pod,
  );
  if (app === undefined || app.build.digest === build.digest) return [];
  const order = compareBuilds(build, app.build);
  const [old, other] = order > 0 ? [app, forwarder] : [forwarder, app];
  const { label } = seen;
  const summary = `${processSubject(old.seen)} runs ${order === 0 ? 'another' : 'an older'} build than ${processName(other.seen)} in the same pod: ${describeBuild(old.build)}, not ${describeBuild(other.build)}.`;
  const judged: Judged = {
    code: 'build_differs',
    label,
    severity: 'major',
    summary,
    evidence: [old, other].map(evidenceOf),
    remedies: [],
    advice: `give app and forwarder of ${label} one image (image.tag or image.digest of the chart), then install the chart`,
  };
  return [{ judged, pods: [replica.pod] }];
}

/** Pods of another image than their template, and those of a moved tag, have findings of their own. */
function inTheRelease(made: readonly Made[], atMs: number): Judged[] {
  const newest = newestBuild(made.map(({ build }) => build));
  if (newest === undefined || made.some(({ seen }) => seen.build?.moving === true)) return [];
  const current = made.filter(({ build }) => build.digest === newest.digest);
  if (current.some(({ replica }) => atMs - Date.parse(replica.madeAt ?? '') < REST_MS)) return [];
  const images = new Set(current.map(({ replica }) => replica.image));
  const old = made.filter(
    ({ seen, replica, build }) => build.digest !== newest.digest && replica.image === seen.build?.image,
  );
  const labels = [...new Set(old.map(({ seen }) => seen.label))];
  return labels.flatMap((label) => {
    const ofLabel = old.filter(({ seen }) => seen.label === label);
    const [first] = ofLabel;
    if (first === undefined) return [];
    return [behind({ first, all: ofLabel, newest, sameName: images.has(first.replica.image) })];
  });
}

function behind({ first, all, newest, sameName }: Behind): Judged {
  const { label, role } = first.seen;
  const older = compareBuilds(first.build, newest) < 0 ? 'an older' : 'another';
  const summary = `${label} runs ${older} build than the rest of the release: ${describeBuild(first.build)}, not ${describeBuild(newest)}.`;
  const evidence = all.map(evidenceOf);
  const found = { code: 'build_differs' as const, label, summary, evidence };
  // One that its own template wants may be meant so; it is told and nothing fails.
  if (!sameName)
    return {
      ...found,
      severity: 'info',
      remedies: [],
      advice: `if that is not meant, leave out the image of ${label} in the values, so that it gets the one of all`,
    };
  return {
    ...found,
    severity: 'major',
    remedies: [{ kind: 'restart', label, role }],
    advice:
      'the tag was moved: a node that has pulled it keeps the old image with imagePullPolicy IfNotPresent, so name the image by its digest (image.digest)',
  };
}

interface Behind {
  first: Made;
  all: readonly Made[];
  newest: BuildStamp;
  /** Its image has the name that the newest build has, too. */
  sameName: boolean;
}

function evidenceOf({ seen, replica, build }: Made): string {
  return `${processName(seen)} in ${replica.pod}: ${describeBuild(build)}, image ${replica.image} ${replica.imageId}`;
}
