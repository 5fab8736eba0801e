import { type Examined, type Looked, unseen } from './examined.ts';

/** As the audit's finding clock_skew: tokens and signatures live for minutes. */
const APART_MS = 5_000;
/** From here on it is worth a look before it is worth an alarm. */
const NOTICED_MS = 2_000;
/** The Date of HTTP has whole seconds. */
const DATE_STEP_MS = 1_000;

const TODO = 'see to the time service (chrony, systemd-timesyncd) of the machine that is wrong';

/** Pure: how far a clock that tells its time is from ours. */
export function clockLine(name: string, ahead: Looked<number>): Examined {
  if (ahead.value === undefined) return unseen(name, ahead.reason);
  const apart = Math.abs(ahead.value);
  const detail = `${(apart / 1_000).toFixed(1)} s ${ahead.value >= 0 ? 'ahead of' : 'behind'} this machine`;
  if (apart <= NOTICED_MS) return { name, state: 'ok', detail };
  return { name, state: apart <= APART_MS ? 'warn' : 'fail', detail, todo: TODO };
}

/** Pure: the API server's clock less ours in ms, by a Date header; the second that it does not tell counts for us. */
export function serverAheadMs({
  date,
  askedAt,
}: {
  date: Date | undefined;
  askedAt: number;
}): Looked<number> {
  if (date === undefined) return { reason: 'the API server sends no Date' };
  const least = date.getTime() - askedAt;
  if (least > 0) return { value: least };
  return { value: Math.min(0, least + DATE_STEP_MS) };
}

/** Pure: a clock behind the time at which its programs were built is wrong, whatever else there is to compare it with. */
export function afterBuild(nowMs: number, builtAtMs: number | undefined): Examined {
  const name = 'clock';
  if (builtAtMs === undefined) return unseen(name, 'nothing is built to compare it with', 'run `make build`');
  const behind = builtAtMs - nowMs;
  const detail = new Date(nowMs).toISOString();
  if (behind <= APART_MS) return { name, state: 'ok', detail };
  const by = `${(behind / 60_000).toFixed(1)} min`;
  return { name, state: 'fail', detail: `${detail}, ${by} before the build was made`, todo: TODO };
}
