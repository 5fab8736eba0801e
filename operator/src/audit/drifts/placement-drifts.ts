import type { Drift } from './drift.ts';

const ROLL = 'The pods are made anew, one after the other, from the present template.';
const ROLL_BACK =
  '`kubectl rollout undo` brings the former template back; `helm rollback` the former release.';
const SERVICE_BACK = '`helm rollback` brings the former Service back. Nothing that was stored depends on it.';

/** What only a cluster can get wrong, and which release runs. */
export const PLACEMENT_DRIFTS = {
  service_reaches_other: {
    title: 'A Service leads to pods of something else',
    severity: ['critical'],
    symptom: 'Some requests, or all, meet another program: 404, strange answers, events under a wrong label.',
    evidence:
      'The pods that the selector of the Service matches, against the pods that the workload of the app controls.',
    remedy:
      'Correct the selector, or the labels of the other pods. Both belong to the chart: install it anew.',
    rollback: SERVICE_BACK,
  },
  service_reaches_nothing: {
    title: 'A Service leads nowhere',
    severity: ['critical'],
    symptom: 'The pods are Ready and nobody can reach them by the name of the app.',
    evidence: 'The selector of the Service matches no running pod while the app has ready ones.',
    remedy: 'Correct the selector. It belongs to the chart: install it anew.',
    rollback: SERVICE_BACK,
  },
  sidecar_absent: {
    title: 'An app runs without its forwarder',
    severity: ['critical'],
    symptom: 'Events stay in the outbox of the app. A8 hears nothing of it.',
    evidence: 'The pod, or its template, has no container called forwarder.',
    remedy:
      'Where the template has it, the pod is made anew. Where it lacks it, install the app by the chart `service`. What has waited is then delivered.',
    rollback: ROLL_BACK,
  },
  sidecar_not_native: {
    title: 'The forwarder is no native sidecar',
    severity: ['major'],
    symptom:
      'It may end before its app at a stop, and begin after it at a start. The last events of a pod then wait until the next one runs.',
    evidence:
      'It stands under containers; a native sidecar stands under initContainers with restartPolicy Always (Kubernetes 1.29 and later).',
    remedy: 'Install the app by the chart `service`.',
    rollback: ROLL_BACK,
  },
  sidecar_late: {
    title: 'The forwarder began after its app',
    severity: ['minor'],
    symptom: 'Events of the first seconds waited in the app.',
    evidence: 'The start times of both containers, where neither was restarted.',
    remedy: 'Install the app by the chart `service`: its forwarder is ready before the app begins.',
    rollback: ROLL_BACK,
  },
  outbox_ephemeral: {
    title: 'Owed events lie on a disk that goes with the pod',
    severity: ['critical'],
    symptom: 'Acknowledged events will be lost when the pod is deleted, evicted or moved.',
    evidence: 'The volume under OUTBOX_DIR is an emptyDir, or there is none, and /status tells a backlog.',
    remedy:
      'Leave the pod alone until the backlog is gone: see that A8 answers, `scholar outbox drain --app LABEL`. Then set outbox.persistence.enabled=true.',
    rollback: 'Let the outbox drain, then set outbox.persistence.enabled=false again.',
  },
  outbox_left_behind: {
    title: 'A scale-down left a claim with acknowledged events',
    severity: ['major'],
    symptom:
      'A replica is gone, its claim (outbox-APP-N) is still there, and nobody sends what its forwarder had acknowledged. Those events are no rows.',
    evidence:
      'A bound claim of a number that the StatefulSet does not have any more, which no pod mounts: its name, its age, and what the last drain saw on it. How many events wait there is known from the first drain on. Or, after a scale-up: the pod of a drain that was killed, which keeps its replica from being made.',
    remedy:
      'A pod with the name of the missing replica mounts the claim and runs the forwarder of the app, with its settings, its key and its security context, until nothing is undelivered; then it is removed. Its name keeps the StatefulSet from making that replica meanwhile, and a replica that is there keeps the drain from beginning; a scale-up ends it. The proof is that every id which it found is a row. Dead letters and damaged records are left: scale the app up again to look at them (`kubectl scale`), `scholar audit` then names them, and scale it down.',
    rollback:
      'What was sent is stored, and nothing on the claim was deleted, so there is nothing to take back.',
  },
  outbox_left_empty: {
    title: 'A claim that a scale-down left is empty',
    severity: ['info'],
    symptom: 'It costs its disk and nothing else. No repair ever deletes a claim.',
    evidence:
      'A drain saw nothing undelivered, no dead letter and no damage, and the workload was not changed since. After a change of the workload the claim is looked into again, because a pod may have used it.',
    remedy: 'Delete it, if the app is not to be scaled up again: the finding has the command.',
    rollback: 'A deleted claim does not come back; a new replica gets a new one.',
  },
  image_differs: {
    title: 'Pods run another image than the wanted one',
    severity: ['major'],
    symptom: 'A rollout has not finished, or stands still. Users meet two releases.',
    evidence: 'The image of the pods against that of the present template, with the digest that was pulled.',
    remedy: ROLL,
    rollback: ROLL_BACK,
  },
  image_tag_moved: {
    title: 'One tag, two images',
    severity: ['major'],
    symptom: 'Pods of one app run different programs though they name the same image.',
    evidence: 'The digests that the container runtime tells for one tag.',
    remedy: `${ROLL} Name the image by its digest, so that it cannot happen again.`,
    rollback: 'Name the former digest in image.digest and install the chart.',
  },
  version_differs: {
    title: 'A process runs another release than the wanted one',
    severity: ['major'],
    symptom: 'It was not restarted after an upgrade, or its image holds something else than its tag says.',
    evidence:
      'The version in /running against the release of the command on a machine, or against the tag of the image in a cluster where the tag is a version.',
    remedy: 'The process is restarted. If it says the same again, the image is not what its tag says.',
    rollback: 'Install the former release again (docs/ROLLBACK.md).',
  },
  build_differs: {
    title: 'A process runs another build than the others',
    severity: ['major', 'info'],
    symptom:
      'Two programs under one release: a bug that was mended is still there, or an event is written in an older way.',
    evidence:
      'The build that each process tells in /running (version, commit, a digest over its files as they are), against the checkout of the command on a machine. In a cluster against its app in the same pod, and against the newest of all others once nothing has been rolled for five minutes; beside it the digest that the container runtime tells. `info` is for an app whose own template names another image: that may be meant.',
    remedy: `The process is started anew. ${ROLL} Where a tag was moved, a node that has it keeps the old image (imagePullPolicy IfNotPresent): name the image by its digest.`,
    rollback:
      'Name the former digest in image.digest and install the chart; on a machine check out the former commit and build it.',
  },
  build_altered: {
    title: 'A process runs programs that are not those of its image',
    severity: ['critical'],
    symptom: 'What runs was never built: somebody copied a file into the container, or mounted one over it.',
    evidence:
      'The digest over the files that the process has calculated at its start, against the one that the build of the image has written into it (/app/build.json).',
    remedy:
      'The pod is made anew, with the files of the image. Where a mount covers them, take it out of the template. Find out who changed them.',
    rollback: ROLL_BACK,
  },
  settings_outdated: {
    title: 'Pods were made from older settings',
    severity: ['major'],
    symptom:
      'A change of the settings has not reached these pods: environment is read only when a container starts.',
    evidence: 'The annotation checksum/settings of the pods against that of the present template.',
    remedy: ROLL,
    rollback: ROLL_BACK,
  },
  config_differs: {
    title: 'A process was started with other settings than it would be given now',
    severity: ['major', 'minor'],
    symptom:
      'A change has not reached it, or somebody has changed its environment: it works by rules that are written nowhere.',
    evidence:
      'A hash over the settings that its environment gave, which the process tells in /running (config), against the same calculated from the pod template with its ConfigMaps, or from the desired state. Each setting has a hash of its own, so the names of those that differ are known and no value is shown. Secrets are compared by fingerprint, and files are read again; both have findings of their own.',
    remedy: `The process is started anew, with the present settings. ${ROLL}`,
    rollback: ROLL_BACK,
  },
  config_hash_differs: {
    title: 'Replicas run with different configurations',
    severity: ['major'],
    symptom: 'Which configuration a request meets is chance.',
    evidence:
      'The config_hash that each replica tells in /running: a hash over all its settings, secrets by fingerprint.',
    remedy: ROLL,
    rollback: ROLL_BACK,
  },
} as const satisfies Record<string, Drift>;
