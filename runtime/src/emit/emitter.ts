import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type Answer, eventHeaders, formatTraceparent, parseTraceparent } from '@scholar/contract';
import got from 'got';
import { type Clock, systemClock } from '../clock/index.ts';
import type { SecretSource } from '../config/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { beginSpan, messageAttributes, silentTracer, type Tracer } from '../tracing/index.ts';
import {
  destination,
  type EmitFacts,
  type EmitMode,
  type EventNames,
  withLegacyName,
} from './destination.ts';
import { type Emission, EmitRefused, type Emitter, EmitUnavailable } from './emission.ts';
import { judgeForwarder, judgeHub, SLOW_RETRY_MS } from './judge.ts';
import type { EMIT_METRICS } from './metrics.ts';

export type EmitterOptions = {
  mode: EmitMode;
  eventNames: EventNames;
  /** Base URL of the forwarder's intake. */
  forwarderUrl: string | undefined;
  /** Base URL of A8 and its key, read at each attempt; used by `direct` alone. */
  a8Url: string | undefined;
  a8Key: Pick<SecretSource, 'current'>;
  log: { info(fields: object, message: string): void };
  metrics: Metrics<typeof EMIT_METRICS>;
  clock?: Clock;
  tracer?: Tracer;
  /** Bound of one attempt, ms. Default 10,000. */
  timeoutMs?: number;
};

export type HttpEmitter = Emitter & {
  /** For `/running`: where events really go now. */
  facts(): EmitFacts;
  /** Closes the kept connections. */
  close(): void;
};

/** Makes the one way by which a service's events leave it. Retrying is the outbox relay's business, not its. */
export function createEmitter(options: EmitterOptions): HttpEmitter {
  const facts = destination(options);
  const send = options.mode === 'console' ? createConsole(options) : createSender(options, facts);
  const total = options.metrics.counter('emit_total');
  const seconds = options.metrics.histogram('emit_seconds');
  return {
    facts: () => ({ ...facts }),
    close: send.close,
    async emit(emission, signal) {
      const done = seconds.startTimer();
      const attempt = beginAttempt(emission, options);
      let outcome = 'accepted';
      try {
        await send.emit({ ...emission, traceparent: attempt.traceparent }, signal);
      } catch (error) {
        outcome = error instanceof EmitRefused ? 'refused' : 'unavailable';
        throw error;
      } finally {
        total.inc({ outcome });
        attempt.end(outcome);
        done();
      }
    },
  };
}

/** Each attempt is a place of its own in the trace, below the one at which the event was recorded. */
function beginAttempt(
  { eventId, traceparent }: Emission,
  { mode, clock = systemClock, tracer = silentTracer }: EmitterOptions,
): { traceparent: string; end: (outcome: string) => void } {
  const parent = parseTraceparent(traceparent);
  const context = beginSpan(parent);
  const [startMs, sinceMs] = [clock.now(), clock.monotonic()];
  const destination = mode === 'forwarder' ? 'forwarder' : 'a8';
  return {
    traceparent: formatTraceparent(context),
    end(outcome) {
      // What the log was told was sent to nobody.
      if (!tracer.recording || mode === 'console') return;
      tracer.record({
        name: `send ${destination}`,
        kind: 'client',
        ...{ context, parent, startMs },
        durationMs: clock.monotonic() - sinceMs,
        attributes: messageAttributes({ operation: 'send', destination, eventId }),
        error: outcome === 'accepted' ? undefined : outcome,
      });
    },
  };
}

type Sender = { emit: Emitter['emit']; close(): void };

/** The brief's broken production: the log instead of A8. Says which event, never what is in it. */
function createConsole(options: EmitterOptions): Sender {
  const counter = options.metrics.counter('emit_console_total');
  return {
    async emit({ eventId, label, event }) {
      const { event_type } = event as { event_type?: string };
      counter.inc();
      options.log.info({ event_id: eventId, label, event_type }, 'event written to the console only');
    },
    close: () => {},
  };
}

function createSender(options: EmitterOptions, facts: EmitFacts): Sender {
  const { clock = systemClock, timeoutMs = 10_000 } = options;
  const agent = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const client = got.extend({
    agent,
    method: 'POST',
    retry: { limit: 0 },
    timeout: { connect: 2_000, request: timeoutMs },
    throwHttpErrors: false,
    followRedirect: false,
    responseType: 'text',
  });
  const judge = options.mode === 'forwarder' ? judgeForwarder : judgeHub;
  return {
    async emit(emission, signal) {
      const { endpoint } = facts;
      if (endpoint === null) throw notConfigured(options.mode);
      const key = facts.sends_authorization ? options.a8Key.current() : undefined;
      if (facts.sends_authorization && key === undefined) throw noKey();
      const body = options.eventNames === 'legacy' ? withLegacyName(emission.event) : emission.event;
      const headers = headersOf(emission, key);
      const request = { headers, body: JSON.stringify(body), ...(signal ? { signal } : {}) };
      const answer = await attempt(() => client(endpoint, request));
      const failure = judge(answer, emission.eventId, clock.now());
      if (failure) throw failure;
    },
    close() {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

function headersOf(emission: Emission, key: string | undefined): Record<string, string> {
  const { label, eventId, canary, traceparent } = emission;
  return eventHeaders({ label, eventId, canary, traceparent, key });
}

type HttpResponse = {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
};

async function attempt(request: () => PromiseLike<HttpResponse>): Promise<Answer> {
  try {
    const { statusCode, headers, body } = await request();
    return {
      status: statusCode,
      contentType: text(headers['content-type']),
      retryAfter: text(headers['retry-after']),
      body,
    };
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? 'unknown error';
    throw new EmitUnavailable(`the receiver of events cannot be reached (${code})`, { cause });
  }
}

function text(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}

function notConfigured(mode: EmitMode): EmitUnavailable {
  const name = mode === 'forwarder' ? 'FORWARDER_URL' : 'A8_URL';
  return new EmitUnavailable(`${name} is not set: events are kept until it is`, {
    retryAfterMs: SLOW_RETRY_MS,
  });
}

function noKey(): EmitUnavailable {
  return new EmitUnavailable('A8_KEY is not set: events are kept until it is', {
    retryAfterMs: SLOW_RETRY_MS,
  });
}
