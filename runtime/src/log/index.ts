export { describeError } from './describe-error.ts';
export { createLogger, LOG_LEVELS, type Logger, type LogLevel, silentLogger } from './logger.ts';
export { type Mention, onceAMinute } from './once-a-minute.ts';
