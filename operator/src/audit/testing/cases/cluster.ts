import type { AppLabel } from '@scholar/contract';
import type { BuildView, ForwarderView, SidecarView, Snapshot } from '../../snapshot.ts';
import type { AuditCase } from '../audit-case.ts';
import { appOf, healthyCluster, told } from '../healthy-snapshot.ts';

const of = healthyCluster;

function sidecar(snapshot: Snapshot, change: Partial<SidecarView>): ForwarderView {
  const { forwarder } = appOf(snapshot, 'scholar_auth');
  if (forwarder.sidecar !== undefined) Object.assign(forwarder.sidecar, change);
  return forwarder;
}

/** Adds a second pod to an app and returns what it was made from. */
function secondPod(snapshot: Snapshot, label: AppLabel) {
  const build = appOf(snapshot, label).build as BuildView;
  const [first] = build.replicas;
  if (first === undefined) throw new Error('no first pod');
  const second = { ...first, pod: 'second' };
  build.replicas.push(second);
  return { first, second };
}

const stopped = { state: 'stopped' as const, restarts: 0, lastExit: 'no such container', lastLines: [] };

/** What only a cluster can get wrong. */
export const CLUSTER_CASES: readonly AuditCase[] = [
  { says: 'nothing is found in a healthy cluster', of, change: () => undefined, finds: [] },
  {
    says: 'a pod that Kubernetes calls Ready while its door answers 404 is a ghost ship',
    of,
    change: (s) => {
      appOf(s, 'provider_register').health.status = 404;
    },
    finds: ['A6 ghost_ship'],
  },
  {
    says: 'a template without a forwarder is an absent sidecar, and no forwarder that stands still',
    of,
    change: (s) =>
      Object.assign(sidecar(s, { template: 'absent', pod: 'absent' }), {
        process: stopped,
        running: undefined,
        status: undefined,
      }),
    finds: ['A1 sidecar_absent'],
  },
  {
    says: 'a pod that was made without the forwarder of its template is named too',
    of,
    change: (s) =>
      Object.assign(sidecar(s, { pod: 'absent' }), {
        process: stopped,
        running: undefined,
        status: undefined,
      }),
    finds: ['A1 sidecar_absent'],
  },
  {
    says: 'a forwarder among the ordinary containers is no native sidecar',
    of,
    change: (s) => sidecar(s, { template: 'container', pod: 'container' }),
    finds: ['A1 sidecar_not_native'],
  },
  {
    says: 'a forwarder that began long after its app was late',
    of,
    change: (s) => sidecar(s, { lateSeconds: 31 }),
    finds: ['A1 sidecar_late'],
  },
  {
    says: 'one that was restarted since is not judged by its start',
    of,
    change: (s) => sidecar(s, { lateSeconds: null }),
    finds: [],
  },
  {
    says: 'an emptyDir with nothing on it costs nothing',
    of,
    change: (s) => sidecar(s, { volume: 'emptyDir' }),
    finds: [],
  },
  {
    says: 'a backlog on an emptyDir is lost with its pod, and is named at once',
    of,
    change: (s) => Object.assign(sidecar(s, { volume: 'emptyDir' }).status ?? {}, { depth: 3 }),
    finds: ['A1 outbox_ephemeral'],
  },
  {
    says: 'a backlog without any volume is lost with the next restart',
    of,
    change: (s) => Object.assign(sidecar(s, { volume: 'container' }).status ?? {}, { depth: 3 }),
    finds: ['A1 outbox_ephemeral'],
  },
  {
    says: 'a Service that selects pods of somebody else is named with them',
    of,
    change: (s) => appOf(s, 'provider_register').service?.strangers.push('another-app-0'),
    finds: ['A6 service_reaches_other'],
  },
  {
    says: "so is that of A8, where events would end in somebody else's hands",
    of,
    change: (s) => s.hub.service?.strangers.push('another-a8-0'),
    finds: ['A8 service_reaches_other'],
  },
  {
    says: 'a Service that selects nothing while its app is ready is named',
    of,
    change: (s) => Object.assign(appOf(s, 'provider_register').service ?? {}, { selected: [] }),
    finds: ['A6 service_reaches_nothing'],
  },
  {
    says: 'a Service without pods is not to blame where there are none',
    of,
    change: (s) =>
      Object.assign(appOf(s, 'provider_register').service ?? {}, { selected: [], readyPods: [] }),
    finds: [],
  },
  {
    says: 'a pod of another image than that of its template is named',
    of,
    change: (s) => {
      secondPod(s, 'student_pilot').second.image = 'scholar:0.0.9';
    },
    finds: ['A5 image_differs'],
  },
  {
    says: 'two digests under one tag are named',
    of,
    change: (s) => {
      secondPod(s, 'student_pilot').second.imageId = 'sha256:2';
    },
    finds: ['A5 image_tag_moved'],
  },
  {
    says: 'an image that is not pulled yet has no digest to differ by',
    of,
    change: (s) => {
      secondPod(s, 'student_pilot').second.imageId = '';
    },
    finds: [],
  },
  {
    says: 'a process of another release than its tag says is named',
    of,
    change: (s) => {
      told(appOf(s, 'student_pilot').running).version = '0.0.9';
    },
    finds: ['A5 version_differs'],
  },
  {
    says: 'where nobody can tell the wanted release, none is judged',
    of,
    change: (s) => {
      told(appOf(s, 'student_pilot').running).version = '0.0.9';
      Object.assign(appOf(s, 'student_pilot').build ?? {}, { version: undefined });
    },
    finds: [],
  },
  {
    says: 'a pod that was made before the settings were changed is named',
    of,
    change: (s) => {
      secondPod(s, 'student_pilot').second.settings = 'settings-0';
    },
    finds: ['A5 settings_outdated'],
  },
  {
    says: 'replicas that tell different configurations are named',
    of,
    change: (s) => {
      const { first, second } = secondPod(s, 'student_pilot');
      [first.configHash, second.configHash] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'];
    },
    finds: ['A5 config_hash_differs'],
  },
  {
    says: 'a replica that does not answer has no configuration to differ by',
    of,
    change: (s) => {
      secondPod(s, 'student_pilot').first.configHash = 'aaaaaaaaaaaa';
    },
    finds: [],
  },
  ...(
    [
      [
        'that its controller could not open',
        { synced: false, message: 'no key could decrypt secret (A8_KEY)' },
      ],
      ['that no controller has taken up', { synced: undefined }],
      ['whose present version is not taken up yet', { current: false }],
    ] as const
  ).map(
    ([which, change]): AuditCase => ({
      says: `a SealedSecret ${which} is named`,
      of,
      change: (s) =>
        s.sealed?.push({
          name: 'scholar-auth-a8',
          label: 'scholar_auth',
          synced: true,
          message: '',
          current: true,
          ...change,
        }),
      finds: ['A1 sealed_secret_unsynced'],
    }),
  ),
  {
    says: 'a SealedSecret in sync is no finding',
    of,
    change: (s) =>
      s.sealed?.push({ name: 'n', label: 'scholar_auth', synced: true, message: '', current: true }),
    finds: [],
  },
];
