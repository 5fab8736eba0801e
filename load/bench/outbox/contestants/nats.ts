import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@scholar/runtime/testing';
import { loadNats, NATS_STREAM, NATS_SUBJECT } from '../../client/channel.ts';
import { startServer } from '../../launch.ts';
import type { Contestant, StartOptions } from './contestant.ts';

const BATCH = 500;

/** NATS JetStream, one replica, file storage, `sync_interval: always`: the acknowledgement follows the sync. */
export function nats(binary: string, modules: string): Contestant {
  const launch = async ({ folder, traceFile }: StartOptions) => {
    const port = await freePort();
    const store = join(folder, 'jetstream');
    mkdirSync(store, { recursive: true });
    const config = join(folder, 'nats.conf');
    writeFileSync(
      config,
      `listen: "127.0.0.1:${port}"\njetstream { store_dir: ${JSON.stringify(store)}, sync_interval: always }\n`,
    );
    const env = { GOMAXPROCS: '1' };
    return startServer({ command: { file: binary, args: ['-c', config], env }, port, traceFile });
  };
  return {
    name: 'nats',
    title: 'NATS JetStream, sync_interval: always',
    protocol: 'nats',
    durability: 'D3',
    modules,
    async start(options) {
      const running = await launch(options);
      const { transport, jetstream } = loadNats(modules);
      const connection = await transport.connect({ port: running.port, reconnect: false });
      const manager = await jetstream.jetstreamManager(connection);
      const storage = { storage: 'file', retention: 'limits', num_replicas: 1, allow_direct: true };
      await manager.streams.add({ name: NATS_STREAM, subjects: [NATS_SUBJECT], ...storage });
      await connection.close();
      return running;
    },
    async storedIds(folder) {
      const running = await launch({ folder });
      const { transport, jetstream } = loadNats(modules);
      const connection = await transport.connect({ port: running.port, reconnect: false });
      try {
        const manager = await jetstream.jetstreamManager(connection);
        const { first_seq: first, last_seq: last } = (await manager.streams.info(NATS_STREAM)).state;
        const ids = new Set<string>();
        for (let seq = first; seq <= last; seq += BATCH)
          for await (const message of await manager.direct.getBatch(NATS_STREAM, { seq, batch: BATCH }))
            ids.add(message.string().slice(0, 36));
        return ids;
      } finally {
        await connection.close();
        await running.kill();
      }
    },
  };
}
