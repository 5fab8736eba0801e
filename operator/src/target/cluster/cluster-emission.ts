import type { AppLabel } from '@scholar/contract';
import { CouldNotLook } from '../../could-not-look.ts';
import type { Emission } from '../target.ts';
import { type DesiredSource, givenValue } from './desired-view.ts';
import type { Reach } from './reach.ts';
import { serviceAddress } from './service-address.ts';

export interface EmissionSource {
  start: DesiredSource;
  reach: Pick<Reach, 'service'>;
  hubUrl: string;
  namespace: string;
}

/** The key with which an app's events are sent, as its forwarder reads it; undefined where it is given none. */
export function emitKey(start: DesiredSource, label: AppLabel): string | undefined {
  const key = givenValue(start, { label, role: 'forwarder' }, 'A8_KEY')?.trim();
  return key === '' ? undefined : key;
}

/**
 * The app's own key, as its forwarder is given it, and a port-forward to A8.
 * @throws CouldNotLook when the forwarder is given none that can be read, or A8 is spoken to by HTTPS.
 */
export async function clusterEmission(source: EmissionSource, label: AppLabel): Promise<Emission> {
  const { start, reach, hubUrl, namespace } = source;
  const key = emitKey(start, label);
  if (key === undefined)
    throw new CouldNotLook(
      `The A8_KEY of ${label} cannot be had: its forwarder is given none in this namespace, or its Secret may not be read.`,
    );
  const address = serviceAddress(hubUrl, namespace);
  if (address === undefined) return { hubUrl, key };
  const { port } = await reach.service(address);
  return { hubUrl: `http://127.0.0.1:${port}`, key };
}
