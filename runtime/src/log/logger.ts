import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { REDACTED_PATHS, scrubLine } from './redaction.ts';
import { serializeError } from './serialize-error.ts';

export type Logger = PinoLogger;
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * A JSON logger, one object per line, that cannot print a secret or an e-mail by accident (redaction.ts).
 * Level is a budget: ERROR stays at zero in a healthy process; what heals itself is WARN at most.
 * @param options.destination where lines go; stdout by default. Tests pass a stream.
 */
export function createLogger(options: {
  label: string;
  role: string;
  level?: LogLevel | undefined;
  destination?: DestinationStream | undefined;
}): Logger {
  const { label, role, level = 'info', destination } = options;
  return pino(
    {
      level,
      base: { label, role, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (name) => ({ level: name }) },
      redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
      serializers: { err: serializeError, error: serializeError },
      hooks: { streamWrite: scrubLine },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

/** A logger that says nothing. For tests. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}
