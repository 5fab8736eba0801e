/** What the load process (client/main.ts) is asked to do, as its only argument, in JSON. */
export type Job = {
  target: Target;
  /** Requests in flight: connections for HTTP, publishes for NATS. */
  concurrency: number;
  /** Open model: so many requests a second, each timed from the moment at which it was due. Else closed: as fast as answers come. */
  perSecond?: number;
  /** Open model: look for what is due in every turn of the event loop, which takes a whole core, or once a millisecond. */
  pace?: Pace;
  warmMs: number;
  measureMs: number;
  /** Stop after so many acknowledged events, or after `measureMs`, whichever comes first. */
  events?: number;
  /** Take deliveries on this port, as A8 or as an OTLP backend would. */
  sinkPort?: number;
  /** Closed model: send nothing while so many acknowledged events are undelivered. */
  maxUndelivered?: number;
  /** The processes under test: their CPU, bytes and memory are read at both ends of the window. */
  pids: readonly number[];
  /** The first process of a PostgreSQL: its CPU and that of all its children is read as well. */
  family?: number;
  /** The block device of the folder under test, "major:minor". */
  device?: string;
  /** Killed with -9 at the end of the window, under load. */
  killPid?: number;
  /** Acknowledged ids are written here, one a line. */
  acknowledgedFile: string;
  /** For each event of the window, when it was due: its id and milliseconds since 1970, one event a line. */
  dueFile?: string;
  /** Delivered ids are written here. */
  deliveredFile?: string;
};

export type Pace = 'spin' | 'timer';

/**
 * `event`: an application to its forwarder, answered with 202. `hub`: a forwarder to A8, answered with 201. `webhook`: Stripe to
 * A6, answered with 200.
 */
export type Protocol = 'event' | 'hub' | 'otlp' | 'nats' | 'webhook';
export type Target = {
  protocol: Protocol;
  /** Connections are spread over them; with several, each belongs to the next of the seven apps. */
  ports: readonly number[];
  /** So many of the seven apps send, each over its own connections. Default: one, or as many as there are ports. */
  senders?: number;
  /** For `hub`: a key that may write under every label. For `webhook`: the signing secret; each sender is a provider. */
  key?: string;
  /** For `hub`: the place in a trace that forwarders put on what they send; without it, none. */
  traceparent?: string;
  /** The folder from which the client of NATS is loaded. */
  modules?: string;
};

/** Times in milliseconds; everything an event is over the events of the window. */
export type Measured = {
  /** Over the whole life of the load, warm-up included. */
  acknowledged: number;
  delivered: number;
  windowMs: number;
  perSecond: number;
  deliveredPerSecond: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
  meanMs: number;
  /** CPU of the processes under test, in microseconds a second of the window. */
  cpuUsPerSecond: number;
  /** CPU of the family, in microseconds a second of the window; 0 without one. */
  familyUsPerSecond: number;
  /** Open model: events of the window that found no free connection when they were due. */
  waited: number;
  /** Bytes that the processes under test caused to be written (proc_pid_io(5), write_bytes), a second. */
  writtenPerSecond: number;
  /** Bytes that the device wrote, whoever asked for them: the journal of the file system is in it, and so are others. A second. */
  devicePerSecond: number;
  pssBytes: number;
  /** Share of the machine that neither we nor interrupts used. */
  foreignCpu: number;
  clientCpuUsPerSecond: number;
};
