/** One server-sent event; `event` is `message` where the sender named none. */
export type SseMessage = { event: string; data: string };

/** The sender sent more than was agreed to. */
export class TooMuch extends Error {
  readonly code = 'TOO_MUCH';
}

/**
 * The messages of a stream, by the rules of HTML's living standard, section 9.2.6. A message that the end of the stream
 * cuts off is dropped, as there.
 * @param options.maxBytes of the whole stream.
 * @throws TooMuch, and what the source rejects with.
 */
export async function* readMessages(
  source: AsyncIterable<Uint8Array>,
  { maxBytes }: { maxBytes: number },
): AsyncGenerator<SseMessage> {
  const message = createAssembler();
  for await (const line of linesOf(source, maxBytes)) {
    const complete = message.take(line);
    if (complete) yield complete;
  }
}

/** Complete lines only, each without its end: LF, CR LF or CR. */
async function* linesOf(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let rest = '';
  let skipsLineFeed = false;
  for await (const chunk of source) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new TooMuch(`more than ${maxBytes} bytes came`);
    let text = rest + decoder.decode(chunk, { stream: true });
    // The other half of a CR LF that two chunks had between them.
    if (skipsLineFeed && text.startsWith('\n')) text = text.slice(1);
    if (text !== '') skipsLineFeed = text.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function createAssembler(): { take(line: string): SseMessage | undefined } {
  let event = '';
  let data: string[] = [];
  return {
    take(line) {
      if (line === '') {
        const message = data.length > 0 ? { event: event || 'message', data: data.join('\n') } : undefined;
        event = '';
        data = [];
        return message;
      }
      const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (field === 'event') event = value;
      if (field === 'data') data.push(value);
      return undefined;
    },
  };
}
