import { z } from 'zod';

/** `POST /operations/heartbeats`: whoever verifies is alive and looks again every `period_s` seconds. */
export const heartbeatSchema = z.strictObject({
  at: z.iso.datetime({ offset: true }),
  target: z.string().min(1),
  period_s: z.number().positive(),
  version: z.string(),
});

export type Heartbeat = z.infer<typeof heartbeatSchema>;
