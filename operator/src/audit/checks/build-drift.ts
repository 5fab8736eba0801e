import { type BuildStamp, HUB_LABEL } from '@scholar/contract';
import { everyProcess, processSubject, type SeenProcess } from '../every-process.ts';
import type { Check, Judged } from '../judged.ts';
import { type ProcessRole, processName, type ServedLabel } from '../remedy.ts';
import type { BuildView, ReplicaView } from '../snapshot.ts';
import { compareBuilds, describeBuild, newestBuild } from './build-order.ts';

/**
 * Workloads of a release are rolled one after the other, so another build beside the newest is a finding only when no
 * pod of it was made within this time.
 */
const REST_MS = 5 * 60_000;

/** One process, and what it is made of. */
interface Made {
  /** As the subject of a sentence, and within one. */
  subject: string;
  name: string;
  label: ServedLabel;
  /** undefined for the operator, which no remedy of its own restarts. */
  role: ProcessRole | undefined;
  view: BuildView;
  replica: ReplicaView;
  build: BuildStamp;
}

/**
 * Make sure that every process runs what was built, and all of a release the same: the files that its image was made with,
 * the build of the checkout on a machine, that of its app in the same pod, and the newest of the others.
 */
export const buildDrift: Check = (snapshot) => {
  const all = [...everyProcess(snapshot).flatMap(ofProcess), ...madeOf(OPERATOR, snapshot.operator)];
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

type Who = Pick<Made, 'subject' | 'name' | 'label' | 'role'>;

/** Its findings stand with A8, which is what it looks after. */
const OPERATOR: Who = { subject: 'The operator', name: 'the operator', label: HUB_LABEL, role: undefined };
const RESTART_OPERATOR = 'restart it: `kubectl rollout restart deployment/scholar-operator`';

function ofProcess(seen: SeenProcess): Made[] {
  const { label, role, build } = seen;
  return madeOf({ subject: processSubject(seen), name: processName(seen), label, role }, build);
}

function madeOf(who: Who, view: BuildView | undefined): Made[] {
  return (view?.replicas ?? []).flatMap((replica) =>
    view === undefined || replica.build === undefined
      ? []
      : [{ ...who, view, replica, build: replica.build }],
  );
}

/** A restart, by ourselves or by hand. */
function restart({ label, role }: Who): Pick<Judged, 'remedies' | 'advice'> {
  return role === undefined
    ? { remedies: [], advice: RESTART_OPERATOR }
    : { remedies: [{ kind: 'restart', label, role }] };
}

function altered(made: Made): Judged[] {
  const { subject, label, replica, build } = made;
  if (build.built_digest === undefined) return [];
  const summary = `${subject} runs programs that are not those of its image: a file was exchanged after the build.`;
  const evidence = [
    `${replica.pod}: content ${build.digest.slice(0, 12)}, built ${build.built_digest.slice(0, 12)}, image ${replica.imageId || 'not told'}`,
  ];
  return [{ code: 'build_altered', label, severity: 'critical', summary, evidence, ...restart(made) }];
}

function otherThanCheckout(made: Made): Judged[] {
  const { subject, label, view, replica, build } = made;
  const { wanted } = view;
  if (wanted === undefined || wanted.digest === build.digest) return [];
  const summary = `${subject} runs another build than the checkout of this command has: it was started before the last build.`;
  const evidence = [`${replica.pod}: ${describeBuild(build)}`, `checkout: ${describeBuild(wanted)}`];
  return [{ code: 'build_differs', label, severity: 'major', summary, evidence, ...restart(made) }];
}

/** A pod is made at once from one template, so here nothing is under way. */
function besideItsApp(forwarder: Made, all: readonly Made[]): { judged: Judged; pods: string[] }[] {
  const { label, role, view, replica, build } = forwarder;
  if (role !== 'forwarder' || view.wanted !== undefined) return [];
  const app = all.find(
    (each) => each.role === 'app' && each.label === label && each.replica.pod === replica.pod,
  );
  if (app === undefined || app.build.digest === build.digest) return [];
  const order = compareBuilds(build, app.build);
  const [old, other] = order > 0 ? [app, forwarder] : [forwarder, app];
  const summary = `${old.subject} runs ${order === 0 ? 'another' : 'an older'} build than ${other.name} in the same pod: ${describeBuild(old.build)}, not ${describeBuild(other.build)}.`;
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
  if (newest === undefined || made.some(({ view }) => view.moving)) return [];
  const current = made.filter(({ build }) => build.digest === newest.digest);
  if (current.some(({ replica }) => atMs - Date.parse(replica.madeAt ?? '') < REST_MS)) return [];
  const images = new Set(current.map(({ replica }) => replica.image));
  const old = made.filter(
    ({ view, replica, build }) => build.digest !== newest.digest && replica.image === view.image,
  );
  // App and forwarder of one label share their pods, so they are told in one finding.
  const together = Map.groupBy(old, ({ label, role }) => (role === undefined ? OPERATOR.name : label));
  return [...together.values()].flatMap((all) => {
    const [first] = all;
    return first === undefined
      ? []
      : [behind({ first, all, newest, sameName: images.has(first.replica.image) })];
  });
}

function behind({ first, all, newest, sameName }: Behind): Judged {
  const { label, role } = first;
  const older = compareBuilds(first.build, newest) < 0 ? 'an older' : 'another';
  const summary = `${first.subject} runs ${older} build than the rest of the release: ${describeBuild(first.build)}, not ${describeBuild(newest)}.`;
  const evidence = all.map(evidenceOf);
  const found = { code: 'build_differs' as const, label, summary, evidence };
  // One that its own template wants may be meant so; it is told and nothing fails.
  if (!sameName)
    return {
      ...found,
      severity: 'info',
      remedies: [],
      advice: `if that is not meant, leave out the image of ${first.name} in the values, so that it gets the one of all`,
    };
  return {
    ...found,
    severity: 'major',
    remedies: role === undefined ? [] : [{ kind: 'restart', label, role }],
    advice: role === undefined ? `${RESTART_OPERATOR}; ${BY_DIGEST}` : BY_DIGEST,
  };
}

const BY_DIGEST =
  'the tag was moved: a node that has pulled it keeps the old image with imagePullPolicy IfNotPresent, so name the image by its digest (image.digest)';

interface Behind {
  first: Made;
  all: readonly Made[];
  newest: BuildStamp;
  /** Its image has the name that the newest build has, too. */
  sameName: boolean;
}

function evidenceOf({ name, replica, build }: Made): string {
  return `${name} in ${replica.pod}: ${describeBuild(build)}, image ${replica.image} ${replica.imageId}`;
}
