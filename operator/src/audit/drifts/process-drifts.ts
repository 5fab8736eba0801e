import { type Drift, NOTHING_CHANGED, RESTART_ROLLBACK } from './drift.ts';

/** Whether what should run does, and answers those who call it. */
export const PROCESS_DRIFTS = {
  app_stopped: {
    title: 'A service does not run',
    severity: ['critical'],
    symptom:
      'Nothing of the service runs. Its users get no answer. Its forwarder still delivers what it has.',
    evidence:
      'The supervisor, or the workload and its pods, say that there is no process. The finding shows the last lines of its log and why it ended.',
    remedy: 'It is started with its desired settings. Known deviations of its settings are taken back first.',
    rollback: 'Stop it again: `scholar down`, or scale the workload to 0. What it stored stays.',
  },
  app_crashing: {
    title: 'A service dies again and again',
    severity: ['critical'],
    symptom:
      'The service starts, dies and is started again, with growing pauses. Users see errors most of the time.',
    evidence:
      'The count of restarts and the last exit code or signal; the last log lines usually name the reason.',
    remedy:
      'Settings that deviate are taken back, then it is restarted. If it still dies, the reason is in its log: an unreachable port, a full disk, too little memory.',
    rollback: RESTART_ROLLBACK,
  },
  app_starting: {
    title: 'A service was started and does not answer yet',
    severity: ['major'],
    symptom:
      'The process is there and /health gives no answer. In a cluster the pod may wait for a node or an image.',
    evidence: 'State of the process or container, with what the scheduler or the image pull say.',
    remedy: 'Wait a moment and audit again. A restart is the remedy for one that hangs in its start.',
    rollback: RESTART_ROLLBACK,
  },
  forwarder_stopped: {
    title: 'A forwarder does not run',
    severity: ['critical'],
    symptom: 'Events of the app wait in the app itself. Users notice nothing; A8 hears nothing of this app.',
    evidence: 'The supervisor, or the pod, has no such process or container.',
    remedy:
      'It is started. It reads its outbox, delivers what is owed, and then takes what the app has kept.',
    rollback: RESTART_ROLLBACK,
  },
  forwarder_crashing: {
    title: 'A forwarder dies again and again',
    severity: ['critical'],
    symptom: 'Events of the app wait, in the app and on the disk of the forwarder. Nothing is lost.',
    evidence:
      'The count of restarts and its last log lines. The usual reasons: the outbox folder cannot be written, or another process holds its lock.',
    remedy: 'Settings that deviate are taken back, then it is restarted.',
    rollback: RESTART_ROLLBACK,
  },
  forwarder_starting: {
    title: 'A forwarder was started and does not answer yet',
    severity: ['major'],
    symptom: 'It may be reading a large outbox. Its app waits for it.',
    evidence: 'The process is there and /health of its ops port gives no answer.',
    remedy: 'Wait a moment and audit again. A restart is the remedy for one that hangs.',
    rollback: RESTART_ROLLBACK,
  },
  forwarder_unreachable: {
    title: 'A forwarder runs and does not answer /status',
    severity: ['critical'],
    symptom:
      'Nobody can tell what it owes. It may be stopped (SIGSTOP), out of memory, or cut off by a network policy.',
    evidence: 'The process counts as running, and GET /status of its ops port brings nothing.',
    remedy: 'It is restarted. Its outbox is read again; no event is lost by that.',
    rollback: RESTART_ROLLBACK,
  },
  database_down: {
    title: 'PostgreSQL does not run',
    severity: ['critical'],
    symptom:
      'A8 answers 503, services are not ready. Forwarders keep what they have and go on taking events.',
    evidence:
      'The supervisor, or the workload of the database, says so. Only known where the database belongs to the system.',
    remedy:
      'It is started by itself. When it does not come up, its log says why: a full disk, a broken data folder, another server on its port. Nothing here touches its data.',
    rollback: NOTHING_CHANGED,
  },
  ghost_ship: {
    title: 'It counts as running and does not serve',
    severity: ['critical'],
    symptom:
      'The process or the pod is there, perhaps even Ready, and its users get 404, an error or no answer.',
    evidence: 'GET /health on the public door, as users reach it, is not 200. The finding shows the answer.',
    remedy:
      'The service is restarted. If the door still answers wrongly, something else answers there: see service_reaches_other.',
    rollback: RESTART_ROLLBACK,
  },
  not_ready: {
    title: 'It is alive and not ready',
    severity: ['critical'],
    symptom:
      'The service answers, and says itself that it cannot work. In a cluster its Service sends nobody there.',
    evidence: 'GET /ready is not 200; the finding names the failing check.',
    remedy:
      'The service is restarted. If the named check is the database or the disk, that is what has to be mended.',
    rollback: RESTART_ROLLBACK,
  },
  process_finding: {
    title: 'A process says what is wrong with itself',
    severity: ['major'],
    symptom: 'The process runs with a fault that only it can see: parked events, a file that it cannot read.',
    evidence: 'The list `findings` of its /running, word by word.',
    remedy: 'Do what the sentence says. The process notices by itself or at its next start.',
    rollback: NOTHING_CHANGED,
  },
  clock_skew: {
    title: 'A clock is wrong',
    severity: ['major'],
    symptom:
      'Events carry wrong times. Canary tokens, service tokens and Stripe signatures may be refused, because they end too early.',
    evidence:
      'The time that the process tells in /running, less the middle of the question. Services are compared with A8, A8 with whoever audits; more than 5 seconds is a finding.',
    remedy:
      'Mend the time service of the node (chrony, systemd-timesyncd). No process has to be restarted. Times of stored events stay as they are.',
    rollback: NOTHING_CHANGED,
  },
} as const satisfies Record<string, Drift>;
