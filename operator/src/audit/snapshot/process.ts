import type { BuildStamp } from '@scholar/contract';

export interface ProcessView {
  state: 'running' | 'starting' | 'stopped' | 'crashing' | 'unknown';
  restarts: number;
  /** Why it ended the last time, e.g. "signal SIGKILL". */
  lastExit: string | null;
  /** The last lines of its log; only gathered for a process that does not run. */
  lastLines: string[];
}

/** How one process is wanted to run: plain settings by value, secrets by fingerprint (12 hex). */
export interface DesiredProcessView {
  settings: Record<string, string>;
  /** undefined = the desired secret itself is missing. */
  secrets: Record<string, string | undefined>;
  /** Keys that the target itself knows to be configured otherwise; all there is to go by when a process does not answer. */
  deviating: string[];
}

/** One HTTP question and what came of it. */
export interface ProbeView {
  url: string;
  /** HTTP status; null = no answer. */
  status: number | null;
  /** The failing checks of /ready, or the reason of no answer. */
  detail: string;
}

/** What a process should have been built and configured from, against what its replicas were. */
export interface BuildView {
  /** Of the release that is wanted; undefined = the target cannot tell. */
  version: string | undefined;
  /** Image and checksum of the settings in the present pod template; undefined where there are no pods. */
  image: string | undefined;
  settings: string | undefined;
  /** What everything is to be built from; undefined in a cluster, where only the others of the release can tell. */
  wanted?: BuildStamp | undefined;
  /** True while its pods are being exchanged: what differs then is on its way, and not a finding. */
  moving: boolean;
  replicas: ReplicaView[];
}

export interface ReplicaView {
  /** Its pod; on a machine the name of the process. */
  pod: string;
  /** True for the one whose answers are those of the process in this snapshot. */
  speaks: boolean;
  /** When the pod was made, or the process was started; undefined = nobody tells. */
  madeAt: string | undefined;
  image: string;
  /** As the container runtime tells it, with the digest; empty = nothing was pulled yet. */
  imageId: string;
  /** Checksum of the settings in the template that the pod was made from. */
  settings: string | undefined;
  /** What the process itself calculated at its start; undefined = it did not answer. */
  configHash: string | undefined;
  /** What it was built from; undefined = it did not answer, or its release does not tell. */
  build: BuildStamp | undefined;
  /** As `build`. */
  config: ConfigView | undefined;
}

/** The settings that an environment gave to a process, against those that it would be given now. */
export interface ConfigView {
  /** Hashes of 12 hex; equal exactly when the settings are. */
  told: string;
  wanted: string;
  /** Names of the settings that differ. */
  differing: string[];
}
