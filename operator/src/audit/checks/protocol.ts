import { PROTOCOL, type Running } from '@scholar/contract';
import { processSubject } from '../every-process.ts';
import type { Check, Judged } from '../judged.ts';
import type { ProcessRole } from '../remedy.ts';
import type { AppSnapshot } from '../snapshot.ts';

/** Make sure that every running process speaks contract v3.5.1 under its own label. */
export const protocol: Check = ({ apps }) =>
  apps.flatMap((app) => [
    ...judge(app, 'app', app.running),
    ...judge(app, 'forwarder', app.forwarder.running),
  ]);

function judge({ label }: AppSnapshot, role: ProcessRole, running: Running | undefined): Judged[] {
  if (running === undefined) return [];
  const name = processSubject({ label, role });
  const judged: Judged[] = [];
  const remedies = [{ kind: 'restart' as const, label, role }];
  if (running.protocol !== PROTOCOL) {
    const evidence = [`/running: protocol ${running.protocol}, version ${running.version}`];
    const summary = `${name} speaks ${running.protocol}, the contract is ${PROTOCOL}.`;
    judged.push({
      code: 'protocol_drift',
      label,
      severity: 'critical',
      summary,
      evidence,
      remedies,
      advice: 'install the release of this contract',
    });
  }
  if (running.label !== label) {
    const evidence = [`/running: label ${running.label}`];
    const summary = `Where ${name} should answer, ${running.label} does.`;
    const reset = [{ kind: 'reset_setting' as const, label, role, key: 'APP_LABEL', restart: true }];
    judged.push({
      code: 'label_drift',
      label,
      severity: 'critical',
      summary,
      evidence,
      remedies: role === 'forwarder' ? reset : remedies,
    });
  }
  return judged;
}
