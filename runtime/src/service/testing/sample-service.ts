/** A service as small as can be, to run as a process. Argument: its folder of migrations. */
import { defineService, runService } from '../index.ts';

await runService(
  defineService({
    label: 'scholar_auth',
    migrations: process.argv[2] ?? '',
    build: (deps) => ({
      app(app) {
        app.post('/visits', async (_request, response) => {
          const recorded = await deps.withTransaction((tx) =>
            deps.record(tx, { eventType: 'PageView', actorId: 'system', source: '/visits' }),
          );
          response.status(201).json(recorded);
        });
      },
    }),
  }),
);
