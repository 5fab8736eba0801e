import type { ServedLabel } from '../remedy.ts';

/** Where a forwarder stands beside its app; only a cluster has the choice. */
export interface SidecarView {
  template: SidecarKind;
  /** Of the pod that runs; undefined = there is none. */
  pod: SidecarKind | undefined;
  /** What its outbox lies on: `container` is the layer that goes with each restart. undefined = no pod to look at. */
  volume: 'claim' | 'emptyDir' | 'container' | 'other' | undefined;
  /** Seconds that the app ran before it; 0 when it was first, null where one of them was restarted since. */
  lateSeconds: number | null;
}

export type SidecarKind = 'native' | 'container' | 'absent';

/** What a Service of a cluster leads to. */
export interface ServiceView {
  name: string;
  /** Running pods that it selects. */
  selected: string[];
  /** Those of them that are no pods of the app. */
  strangers: string[];
  /** Ready pods of the app: with none of these the Service is not to blame. */
  readyPods: string[];
}

/** A claim that a scale-down left: its replica is gone, so nobody sends what lies on it. */
export interface LeftClaimView {
  namespace: string;
  claim: string;
  /** The pod that would mount it. */
  pod: string;
  createdAt: string;
  /** True while the pod of a drain that was killed keeps the StatefulSet from making the replica. */
  standing: boolean;
  /** How many pods the app is meant to have; of one with none nothing can be proven. */
  replicas: number;
  /** Since the workload was last changed; undefined = nobody has looked into it since. */
  drained: DrainSeen | undefined;
}

/** What a drain saw on a claim. */
export interface DrainSeen {
  at: string;
  /** Acknowledged events that no A8 had confirmed when it began. */
  found: number;
  /** Those that it had not delivered when it ended. */
  left: number;
  /** Dead letters and damaged records: they stay on the claim, and are a person's. */
  dead: number;
  quarantined: number;
  /** Why it left some; empty when it did not. */
  why: string;
}

/** A SealedSecret as its controller reports of it. */
export interface SealedSecretView {
  name: string;
  label: ServedLabel;
  /** undefined = its controller has not said anything yet. */
  synced: boolean | undefined;
  message: string;
  /** False while the controller speaks of an older generation than the present one. */
  current: boolean;
}
