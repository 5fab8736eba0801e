import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Metric, Tags } from './registry.ts';

export interface Points {
  onSample(metric: Pick<Metric, 'name' | 'type' | 'contains'>, value: number, tags: Tags): void;
  /** Resolves when everything is in the file. @throws Error when it could not be written */
  close(): Promise<void>;
}

/** Every sample as a line of JSON, as k6 writes them by `--out json=FILE` (k6's documentation, "JSON output"). @param now ms since the epoch */
export function writePoints(file: string, now: () => number): Points {
  const stream = createWriteStream(file);
  const done = finished(stream);
  done.catch(() => undefined);
  const declared = new Set<string>();
  const line = (type: string, metric: string, data: unknown): void => {
    stream.write(`${JSON.stringify({ type, data, metric })}\n`);
  };
  return {
    onSample: ({ name, type, contains }, value, tags) => {
      if (!declared.has(name)) line('Metric', name, { name, type, contains });
      declared.add(name);
      line('Point', name, { time: new Date(now()).toISOString(), value, tags });
    },
    close: () => {
      stream.end();
      return done;
    },
  };
}

/** FILE of `json=FILE`. @throws Error for another kind of output: this runner has none */
export function pointsFile(out: string): string {
  const file = /^json=(.+)$/su.exec(out)?.[1];
  if (file === undefined) throw new Error(`--out ${out}: this runner writes json=FILE alone`);
  return file;
}
