import { createHttpStub, type StubAnswer } from './http-stub.ts';

/** A span as it came in, with the process that it is of. */
export type ReceivedSpan = {
  process: string;
  name: string;
  /** As in OTLP: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  startMs: number;
  endMs: number;
  attributes: Record<string, unknown>;
  error: boolean;
};

export type OtlpReceiver = {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  url: string;
  spans(): ReceivedSpan[];
  close(): Promise<void>;
};

type Attribute = { key: string; value: Record<string, unknown> };
type Document = {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: {
        name: string;
        kind: number;
        traceId: string;
        spanId: string;
        parentSpanId?: string;
        startTimeUnixNano: string;
        endTimeUnixNano: string;
        attributes: Attribute[];
        status: { code?: number };
      }[];
    }[];
  }[];
};

/** A collector of a test: takes OTLP/HTTP JSON at /v1/traces, decodes it, and answers as told (200 unless). */
export async function createOtlpReceiver(
  answer: () => StubAnswer | Promise<StubAnswer> = () => ({ status: 200, body: { partialSuccess: {} } }),
): Promise<OtlpReceiver> {
  const stub = await createHttpStub(answer);
  return {
    url: stub.url,
    spans: () =>
      stub.requests
        .filter(({ method, path }) => method === 'POST' && path === '/v1/traces')
        .flatMap(({ body }) => decode(JSON.parse(body) as Document)),
    close: () => stub.close(),
  };
}

function decode({ resourceSpans }: Document): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const process = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...{ process, name: span.name, kind: span.kind, traceId: span.traceId, spanId: span.spanId },
        parentSpanId: span.parentSpanId,
        startMs: Number(BigInt(span.startTimeUnixNano) / 1_000n) / 1_000,
        endMs: Number(BigInt(span.endTimeUnixNano) / 1_000n) / 1_000,
        attributes: valuesOf(span.attributes),
        error: span.status.code === 2,
      })),
    );
  });
}

function valuesOf(attributes: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
