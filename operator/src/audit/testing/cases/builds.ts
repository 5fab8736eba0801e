import type { BuildStamp } from '@scholar/contract';
import type { BuildView, ReplicaView, Snapshot } from '../../snapshot.ts';
import type { AuditCase } from '../audit-case.ts';
import { appOf, healthyCluster, STAMP } from '../healthy-snapshot.ts';

const of = healthyCluster;

const OLDER: BuildStamp = {
  ...STAMP,
  commit: '0'.repeat(40),
  committed_at: '2026-11-19T12:00:00.000Z',
  digest: '0'.repeat(64),
};
const UNKNOWN: BuildStamp = { ...OLDER, commit: null, committed_at: STAMP.committed_at };

function replicaOf(build: BuildView | undefined): ReplicaView {
  const replica = build?.replicas[0];
  if (replica === undefined) throw new Error('nothing runs');
  return replica;
}

function viewsOf(snapshot: Snapshot): (BuildView | undefined)[] {
  const { apps, hub, sandbox } = snapshot;
  return [hub.build, sandbox?.build, ...apps.flatMap(({ build, forwarder }) => [build, forwarder.build])];
}

/** Both containers of an app's pod run this build. */
function podRuns(snapshot: Snapshot, build: BuildStamp): BuildView[] {
  const { build: app, forwarder } = appOf(snapshot, 'scholarship_api');
  return [app, forwarder.build].flatMap((view) => {
    replicaOf(view).build = build;
    return view === undefined ? [] : [view];
  });
}

function differs(snapshot: Snapshot, names: string[], change: Partial<ReplicaView> = {}): void {
  const replica = replicaOf(appOf(snapshot, 'scholarship_api').build);
  Object.assign(replica, {
    config: { told: 'aaaaaaaaaaaa', wanted: 'bbbbbbbbbbbb', differing: names },
    ...change,
  });
}

/** What a process is made of, and what it was started with. */
export const BUILD_CASES: readonly AuditCase[] = [
  {
    says: 'on a machine a process that was started before the last build is named',
    change: (s) => {
      replicaOf(appOf(s, 'scholarship_api').build).build = OLDER;
    },
    finds: ['A2 build_differs'],
  },
  {
    says: 'a forwarder of another build than the checkout is named beside an app that is right',
    change: (s) => {
      replicaOf(appOf(s, 'scholarship_api').forwarder.build).build = OLDER;
    },
    finds: ['A2 build_differs'],
  },
  {
    says: 'everything is named when everything is old',
    change: (s) => {
      for (const view of viewsOf(s)) if (view?.replicas[0] !== undefined) view.replicas[0].build = OLDER;
    },
    finds: [
      ...['A1', 'A1', 'A2', 'A2', 'A2', 'A3', 'A3', 'A4', 'A4', 'A5', 'A5', 'A6', 'A6', 'A7', 'A7', 'A8'],
    ].map((app) => `${app} build_differs`),
  },
  {
    says: 'a moved tag that only some pods have pulled: the app with the older build is named',
    of,
    change: (s) => podRuns(s, OLDER),
    finds: ['A2 build_differs'],
  },
  {
    says: 'where nothing tells which is older, the one that is alone is named',
    of,
    change: (s) => podRuns(s, UNKNOWN),
    finds: ['A2 build_differs'],
  },
  {
    says: 'A8 with an older build than all others is named',
    of,
    change: (s) => {
      replicaOf(s.hub.build).build = OLDER;
    },
    finds: ['A8 build_differs'],
  },
  {
    says: 'an operator that is older than what it looks after is named with A8',
    of,
    change: (s) => {
      replicaOf(s.operator).build = OLDER;
    },
    finds: ['A8 build_differs'],
  },
  {
    says: 'a namespace without an operator has none to be older',
    of,
    change: (s) => {
      s.operator = undefined;
    },
    finds: [],
  },
  {
    says: 'while a release is rolled, workload by workload, nobody is behind',
    of,
    change: (s) => {
      podRuns(s, OLDER);
      replicaOf(s.hub.build).madeAt = '2026-11-24T11:58:00.000Z';
    },
    finds: [],
  },
  {
    says: 'while the pods of one workload are exchanged, nobody is behind',
    of,
    change: (s) => podRuns(s, OLDER).map((view) => Object.assign(view, { moving: true })),
    finds: [],
  },
  {
    says: 'an app whose own template names another image is told and fails nothing',
    of,
    change: (s) => {
      for (const view of podRuns(s, OLDER)) {
        Object.assign(view, { image: 'scholar:pinned', version: undefined });
        replicaOf(view).image = 'scholar:pinned';
      }
    },
    finds: ['A2 build_differs'],
  },
  {
    says: 'a forwarder of another build than its app is named at once, also in a pod that is new',
    of,
    change: (s) => {
      const { forwarder } = appOf(s, 'scholarship_api');
      Object.assign(replicaOf(forwarder.build), { build: OLDER, madeAt: '2026-11-24T11:59:59.000Z' });
    },
    finds: ['A2 build_differs'],
  },
  {
    says: 'a process whose files were exchanged is named',
    of,
    change: (s) => {
      replicaOf(appOf(s, 'scholarship_api').build).build = { ...OLDER, built_digest: STAMP.digest };
    },
    finds: ['A2 build_altered'],
  },
  {
    says: 'a process that does not tell its build yet is not judged',
    of,
    change: (s) => {
      replicaOf(appOf(s, 'scholarship_api').build).build = undefined;
    },
    finds: [],
  },
  {
    says: 'a pod that is left of an older image has one finding',
    of,
    change: (s) => {
      for (const view of podRuns(s, OLDER)) replicaOf(view).image = 'scholar:0.0.9';
    },
    finds: ['A2 image_differs', 'A2 image_differs'],
  },
  {
    says: 'a setting that only its hash shows to be another is named',
    of,
    change: (s) => differs(s, ['SHUTDOWN_TIMEOUT_MS']),
    finds: ['A2 config_differs'],
  },
  {
    says: 'so it is on a machine',
    change: (s) => differs(s, ['SHUTDOWN_TIMEOUT_MS']),
    finds: ['A2 config_differs'],
  },
  {
    says: 'what another check can see and name is told once',
    of,
    change: (s) => {
      const app = appOf(s, 'scholarship_api');
      Object.assign(app.running?.settings ?? {}, { PORT: { set: true, source: 'env', value: '1' } });
      differs(s, ['PORT', 'EMIT_MODE']);
    },
    finds: ['A2 setting_drift'],
  },
  {
    says: 'a replica that speaks for nobody is judged for every setting',
    of,
    change: (s) => differs(s, ['EMIT_MODE'], { speaks: false }),
    finds: ['A2 config_differs'],
  },
  {
    says: 'while pods are exchanged, older settings are on their way out',
    of,
    change: (s) => {
      differs(s, ['SHUTDOWN_TIMEOUT_MS'], { settings: 'settings-0' });
      Object.assign(appOf(s, 'scholarship_api').build ?? {}, { moving: true });
    },
    finds: [],
  },
  {
    says: 'two drifts of one app are two findings',
    of,
    change: (s) => {
      podRuns(s, OLDER);
      differs(s, ['SHUTDOWN_TIMEOUT_MS']);
    },
    finds: ['A2 build_differs', 'A2 config_differs'],
  },
];
