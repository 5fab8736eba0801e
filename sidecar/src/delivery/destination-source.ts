import type { SecretSource } from '@scholar/runtime/config';
import { type Destination, resolveDestination } from './destination.ts';

/** Where events go right now; both halves may change while the process runs. */
export interface DestinationSource {
  current(): Destination;
  onChange(listener: () => void): void;
  close(): void;
}

/** Follows the key and the URL of A8 (files are re-read every 5 s by their source). */
export function followDestination(sources: { url: SecretSource; key: SecretSource }): DestinationSource {
  const { url, key } = sources;
  const listeners: (() => void)[] = [];
  let current = resolveDestination(url.current(), key.current());
  const update = () => {
    current = resolveDestination(url.current(), key.current());
    for (const listener of listeners) listener();
  };
  const stops = [url.onChange(update), key.onChange(update)];
  return {
    current: () => current,
    onChange: (listener) => void listeners.push(listener),
    close() {
      for (const stop of stops) stop();
      url.close();
      key.close();
    },
  };
}
