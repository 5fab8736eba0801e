import { randomUUID } from 'node:crypto';
import { HEADER } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import { createHttpStub, type StubAnswer, type StubRequest } from '@scholar/runtime/testing';
import { ask, jsonOf } from '../../../gather/http-client.ts';
import { type GuardReport, judgeGuards } from '../judge-guards.ts';
import { probeGuards } from '../probe-guards.ts';
import type { RunningA8 } from './start-a8.ts';

/** The app in whose name the guards are tried. */
export const GUARDED = 'scholarship_api';

export type Answerer = (request: StubRequest, index: number) => Promise<StubAnswer>;

/** A8 with something in front of it that answers in its place, or changes what is sent. */
export async function triedAt(
  a8: RunningA8,
  answer: Answerer,
  options: { key?: string; canaryKey?: string; readTraces?: RunningA8['hub']['traces'] } = {},
): Promise<{ report: GuardReport; sent: StubRequest[] }> {
  const { readTraces = (of) => a8.hub.traces(of), ...given } = options;
  const sent: StubRequest[] = [];
  const front = await createHttpStub((request) => answer(request, sent.push(request) - 1));
  const sender = {
    hubUrl: front.url,
    label: GUARDED,
    unknownKey: 'k'.repeat(43),
    newId: randomUUID,
  } as const;
  const keys = { key: a8.key, canaryKey: a8.canaryKey, ...given };
  try {
    const seen = await probeGuards(
      { target: { readTraces }, ask, clock: systemClock },
      { ...sender, ...keys, nowMs: Date.now() },
    );
    return { report: judgeGuards(seen), sent };
  } finally {
    await front.close();
  }
}

/** Sends a request on to the real A8, changed where a test says so. */
export async function passOnTo(
  a8: RunningA8,
  request: StubRequest,
  change: { path?: string; headers?: Record<string, string> } = {},
): Promise<StubAnswer> {
  const names = [...Object.values(HEADER)].filter((name) => request.headers[name] !== undefined);
  const headers = Object.fromEntries(names.map((name) => [name, String(request.headers[name])]));
  const reply = await ask({
    url: `${a8.url}${change.path ?? request.path}`,
    method: 'POST',
    headers: { ...headers, ...change.headers },
    body: request.body,
  });
  return {
    status: reply.status,
    headers: { 'content-type': String(reply.headers['content-type']) },
    body: jsonOf(reply),
  };
}
