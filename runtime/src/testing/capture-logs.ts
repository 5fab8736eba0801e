import { createLogger, type Logger } from '../log/index.ts';

export type CapturedLogs = {
  log: Logger;
  /** Every line so far, parsed. */
  lines(): Array<{ level: string; msg: string } & Record<string, unknown>>;
  /** Every line so far, as text: to look for what must not be in there. */
  text(): string;
};

/** A real logger, redaction included, that writes into memory. */
export function captureLogs(label = 'test'): CapturedLogs {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  return {
    log: createLogger({ label, role: 'test', level: 'trace', destination }),
    lines: () => written.map((line) => JSON.parse(line)),
    text: () => written.join(''),
  };
}
