import { everyProcess, processSubject, type SeenProcess } from '../every-process.ts';
import type { Check, Judged } from '../judged.ts';
import { processName } from '../remedy.ts';

/** Make sure that every process runs the wanted release: the image of its template, one digest for one tag, its version. */
export const imageDrift: Check = (snapshot) =>
  everyProcess(snapshot)
    // While pods are exchanged there are two of everything.
    .filter(({ build }) => build?.moving !== true)
    .flatMap((seen) => [...images(seen), ...digests(seen), ...version(seen)]);

function images({ label, role, build }: SeenProcess): Judged[] {
  const other = (build?.replicas ?? []).filter(({ image }) => image !== '' && image !== build?.image);
  if (build?.image === undefined || other.length === 0) return [];
  const name = processName({ label, role });
  const summary = `${other.length} of ${build.replicas.length} pods run ${name} from another image than the one that is wanted.`;
  const evidence = [
    `wanted ${build.image}`,
    ...other.map(({ pod, image, imageId }) => `${pod}: ${image} ${imageId}`),
  ];
  return [
    {
      code: 'image_differs',
      label,
      severity: 'major',
      summary,
      evidence,
      remedies: [{ kind: 'restart', label, role }],
    },
  ];
}

/** A tag that was pushed again: the same name, another content. */
function digests({ label, role, build }: SeenProcess): Judged[] {
  const pulled = (build?.replicas ?? []).filter(
    ({ image, imageId }) => image === build?.image && imageId !== '',
  );
  if (new Set(pulled.map(({ imageId }) => imageId)).size < 2) return [];
  const name = processName({ label, role });
  const summary = `Pods of ${name} run different images under one tag: the tag was moved between their starts.`;
  const evidence = pulled.map(({ pod, imageId }) => `${pod}: ${imageId}`);
  const advice = 'name the image by its digest (image.digest), so that every start gets the same one';
  return [
    {
      code: 'image_tag_moved',
      label,
      severity: 'major',
      summary,
      evidence,
      remedies: [{ kind: 'restart', label, role }],
      advice,
    },
  ];
}

function version({ label, role, build, running }: SeenProcess): Judged[] {
  if (running === undefined || build?.version === undefined || running.version === build.version) return [];
  const name = processName({ label, role });
  const summary = `${processSubject({ label, role })} runs release ${running.version}; wanted is ${build.version}.`;
  const evidence = [`/running of ${name}: version ${running.version}, started ${running.started_at}`];
  return [
    {
      code: 'version_differs',
      label,
      severity: 'major',
      summary,
      evidence,
      remedies: [{ kind: 'restart', label, role }],
    },
  ];
}
