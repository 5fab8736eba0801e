import { z } from 'zod';
import type { LikeA8 } from './job.ts';

const deployment = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        imagePullSecrets: z.array(z.object({ name: z.string() })).optional(),
        containers: z.array(z.object({ name: z.string(), image: z.string() })),
        volumes: z
          .array(z.object({ name: z.string(), secret: z.object({ secretName: z.string() }).optional() }))
          .optional(),
      }),
    }),
  }),
});

/** What a load has to know of the A8 that it is for. @param text its Deployment as JSON. @throws Error when it is none of ours. Pure. */
export function likeA8(text: string): LikeA8 {
  const {
    imagePullSecrets = [],
    containers,
    volumes = [],
  } = deployment.parse(JSON.parse(text)).spec.template.spec;
  const image = containers.find(({ name }) => name === 'app')?.image;
  if (image === undefined) throw new Error('the Deployment auto-com-center has no container app');
  const secret = (of: string) => volumes.find(({ name }) => name === of)?.secret?.secretName;
  return {
    ...{ image, pullSecrets: imagePullSecrets },
    databaseSecret: secret('app') ?? 'auto-com-center-app',
    caSecret: secret('database-ca'),
  };
}
