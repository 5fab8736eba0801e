import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ANSWER_HEADERS } from './answer-headers.ts';

/**
 * What Node's parser or its time limits refuse never becomes a request, so there is no response object to answer with.
 * The client gets a problem document on the bare socket all the same, and then the end of the connection.
 */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, code, detail } = BROKEN[error.code ?? ''] ?? MALFORMED;
  const title = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify({ type: `urn:scholar:problem:${code}`, title, status, code, detail });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nconnection: close\r\ncontent-type: application/problem+json\r\n${FIXED}` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  // Cut later, so that the answer is not lost to a reset; a client that never closes its side must not keep the socket.
  const cut = setTimeout(() => socket.destroy(), CUT_AFTER_MS);
  socket.once('close', () => clearTimeout(cut));
}

const CUT_AFTER_MS = 1_000;

const FIXED = Object.entries(ANSWER_HEADERS)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');

type Broken = { status: number; code: string; detail: string };

const MALFORMED: Broken = {
  status: 400,
  code: 'malformed_request',
  detail: 'This is no HTTP request; build it with an HTTP library, not by joining text.',
};

const BROKEN: Readonly<Record<string, Broken>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'request_timeout',
    detail: 'The request took too long to arrive; send its headers within 5 s and its body within 15 s.',
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'headers_too_large',
    detail: 'The header fields are larger than 16 KiB together; send only those that the contract names.',
  },
};
