import { once } from 'node:events';
import { connect } from 'node:net';

export type Answer = { status: number; headers: string; body: string };

export type Heard = {
  answers: Answer[];
  /** Bytes that are no answer of HTTP. */
  rest: string;
  /** The other side closed; false when it was still open after `patienceMs`. */
  closed: boolean;
};

export type Talk = { port: number; pieces: readonly Buffer[]; end: 'fin' | 'reset'; patienceMs: number };

const UNANSWERED_MS = 250;

/**
 * Writes raw bytes in pieces, ends its side after the first answer (or none for a moment) and reads until the other side has closed too. With `reset` it goes away at
 * once, whatever is under way.
 */
export function talk({ port, pieces, end, patienceMs }: Talk): Promise<Heard> {
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    // Half-open, as our side ends first: the answer comes after our end.
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const finish = (closed: boolean): void => {
      clearTimeout(patience);
      socket.destroy();
      resolve({ ...readAnswers(Buffer.concat(received).toString('latin1')), closed });
    };
    const patience = setTimeout(() => finish(false), patienceMs);
    const answered = once(socket, 'data').catch(() => undefined);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => finish(true));
    socket.on('end', () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      // A live tail has no end of its own.
      if (chunk.includes('text/event-stream')) finish(true);
    });
    socket.once('connect', async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        await new Promise((written) => socket.write(piece, written));
      }
      if (end === 'reset') {
        socket.resetAndDestroy();
        return;
      }
      // Node's server gives up what is under way when a client ends its side. A request that is not whole has no answer.
      await Promise.race([answered, new Promise((wake) => setTimeout(wake, UNANSWERED_MS).unref())]);
      socket.end();
    });
  });
}

const HEAD = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/;

/** Takes a stream of answers apart by their framing (RFC 9112, section 6). */
export function readAnswers(text: string): { answers: Answer[]; rest: string } {
  const answers: Answer[] = [];
  let rest = text;
  for (;;) {
    const [head, status = '', headers = ''] = HEAD.exec(rest) ?? [];
    if (head === undefined) return { answers, rest };
    rest = rest.slice(head.length);
    const length = Number(/^content-length: (\d+)\r$/im.exec(headers)?.[1] ?? 0);
    const size = /^transfer-encoding: chunked\r$/im.test(headers) ? chunkedSize(rest) : length;
    answers.push({ status: Number(status), headers, body: rest.slice(0, size) });
    rest = rest.slice(size);
  }
}

function chunkedSize(text: string): number {
  const end = /(?:^|\r\n)0\r\n\r\n/.exec(text);
  return end === null ? text.length : end.index + end[0].length;
}
