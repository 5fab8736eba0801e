import { HUB_LABEL } from '@scholar/contract';
import { everyProcess } from '../every-process.ts';
import type { Check, Judged } from '../judged.ts';
import { type ProcessRole, processName, type ServedLabel } from '../remedy.ts';

/** Canary tokens, service tokens and Stripe's signatures live for minutes; this is far below and far above a slow answer. */
const APART_MS = 5_000;

/** Make sure that all processes have one time: each is compared with A8, whose clock dates the rows, and A8 with the auditor. */
export const clockSkew: Check = (snapshot) => {
  const hub = snapshot.hub.clockAheadMs;
  return everyProcess(snapshot).flatMap(({ label, role, clockAheadMs }) => {
    if (clockAheadMs === undefined) return [];
    const isHub = label === HUB_LABEL;
    const apart = isHub || hub === undefined ? clockAheadMs : clockAheadMs - hub;
    if (Math.abs(apart) <= APART_MS) return [];
    return [judged({ label, role, apart, than: isHub || hub === undefined ? 'this machine' : 'A8' })];
  });
};

interface Apart {
  label: ServedLabel;
  role: ProcessRole;
  apart: number;
  than: string;
}

function judged({ label, role, apart, than }: Apart): Judged {
  const name = processName({ label, role });
  const by = `${(Math.abs(apart) / 1_000).toFixed(1)} s ${apart > 0 ? 'ahead of' : 'behind'} that of ${than}`;
  const summary = `The clock of ${name} is ${by}: times in its events are wrong, and tokens end too early or too late.`;
  const evidence = [`/running of ${name}: now, less the middle of the question`];
  const advice =
    'see to the time service of the node (chrony, systemd-timesyncd); nothing has to be restarted';
  return { code: 'clock_skew', label, severity: 'major', summary, evidence, remedies: [], advice };
}
