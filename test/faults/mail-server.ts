import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A real SMTP server on loopback that takes every mail and counts those to each address. */
export async function startMailServer(): Promise<{
  url: string;
  received: (address: string) => number;
  close: () => Promise<void>;
}> {
  const mails = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, { envelope }, done) {
      stream.resume().once('end', () => {
        for (const { address } of envelope.rcptTo) mails.set(address, (mails.get(address) ?? 0) + 1);
        done();
      });
    },
  });
  // A client that is cut off in the middle is what these tests are about.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received: (address) => mails.get(address) ?? 0,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
