import { HUB_LABEL } from '@scholar/contract';
import type { ProcessRole, ServedLabel } from '../../../audit/remedy.ts';
import { POD_PORT } from '../names.ts';

export interface ProcessId {
  label: ServedLabel;
  role: ProcessRole;
}

const ANY_ADDRESS = '0.0.0.0';
const LOOPBACK = '127.0.0.1';

/**
 * Pure: settings that have one right value in a pod of the charts, whatever the values of the release say: how events
 * leave (architecture, sections 4 and 5), and the ports and addresses that Services and probes expect. Everything else
 * is its owner's to choose, and no repair knows what it should be.
 */
export function fixedSettings({ label, role }: ProcessId, hubUrl: string): Record<string, string> {
  if (role === 'forwarder')
    return {
      APP_LABEL: label,
      A8_URL: hubUrl,
      INTAKE_HOST: LOOPBACK,
      INTAKE_PORT: String(POD_PORT.intake),
      OPS_HOST: ANY_ADDRESS,
      OPS_PORT: String(POD_PORT.forwarderOps),
    };
  const listens = {
    HOST: ANY_ADDRESS,
    PORT: String(POD_PORT.public),
    OPS_HOST: ANY_ADDRESS,
    OPS_PORT: String(POD_PORT.ops),
  };
  if (label === HUB_LABEL) return listens;
  if (label === 'stripe_sandbox') return {};
  return {
    ...listens,
    A8_URL: hubUrl,
    EMIT_MODE: 'forwarder',
    EVENT_NAMES: 'v3.5.1',
    FORWARDER_URL: `http://${LOOPBACK}:${POD_PORT.intake}`,
  };
}

/**
 * Pure: the value, where app and forwarder can both be given it: the two read one `<app>-repair`, so that a setting
 * which each needs at another value cannot be carried by it.
 */
export function carriedSetting(id: ProcessId, key: string, hubUrl: string): string | undefined {
  const value = fixedSettings(id, hubUrl)[key];
  if (id.label === HUB_LABEL || value === undefined) return value;
  const role = id.role === 'app' ? 'forwarder' : 'app';
  const other = fixedSettings({ label: id.label, role }, hubUrl)[key];
  return other === undefined || other === value ? value : undefined;
}
