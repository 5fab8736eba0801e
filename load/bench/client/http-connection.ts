import { connect, type Socket } from 'node:net';

/**
 * One kept HTTP/1.1 connection with one request in flight. Written by hand, because a client library costs as much CPU
 * as the server that is measured: then the client would be what is measured.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #answered: ((answer: { status: number; body: string }) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;
  #text = '';
  #ended: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.#read(chunk));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('the connection was closed')));
  }

  static open(port: number): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new HttpConnection(socket)));
    });
  }

  /** @throws Error when the connection ends before the answer. */
  send(request: string): Promise<{ status: number; body: string }> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      this.#socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    this.#text += chunk;
    let answer: ReturnType<typeof parseAnswer>;
    try {
      answer = parseAnswer(this.#text);
    } catch (error) {
      this.#end(error as Error);
      this.#socket.destroy();
      return;
    }
    if (answer === undefined) return;
    this.#text = '';
    const answered = this.#answered;
    this.#answered = undefined;
    this.#failed = undefined;
    answered?.(answer);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#failed?.(this.#ended);
    this.#failed = undefined;
  }
}

/** Pure. The answer once all of it is there. @throws Error for an answer without a length: none of the measured servers sends one. */
export function parseAnswer(text: string): { status: number; body: string } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end))?.[1];
  if (length === undefined) throw new Error(`an answer without content-length: ${text.slice(0, 200)}`);
  if (text.length < end + 4 + Number(length)) return undefined;
  return { status: Number(text.slice(9, 12)), body: text.slice(end + 4) };
}
