import { z } from 'zod';

/** Who acts. */
export type Principal = {
  /** A user id, an app label for a service, or `canary`. */
  subject: string;
  kind: 'user' | 'service' | 'canary';
  roles: readonly string[];
  /** The x-app-label of a service. */
  label?: string;
  /** Of a user: whether the address was proven when the token was made. */
  emailVerified?: boolean;
};

/** The actor of a probe: it may do what a canary may do, and nothing else. */
export const CANARY_PRINCIPAL: Principal = { subject: 'canary', kind: 'canary', roles: ['canary'] };

/** The actor_id of events that nobody signed in caused. */
export const ANONYMOUS = 'anonymous';

/** The actor_id of work that a service did on its own account. */
export const SYSTEM = 'system';

/** For whom work is done: a user or a canary acts for itself, a service for the student it names, else for nobody. */
export function actorOf(principal: Principal | undefined, studentId: string | undefined): string {
  return principal && principal.kind !== 'service' ? principal.subject : (studentId ?? SYSTEM);
}

// A token cannot make a canary: only a signed x-scholar-canary header does.
const claimsSchema = z.object({
  sub: z.string().min(1).max(200),
  kind: z.enum(['user', 'service']),
  roles: z.array(z.string().max(64)).max(32),
  label: z.string().max(64).optional(),
  email_verified: z.boolean().optional(),
});

/** The claims of an access token beside iss, aud, iat, exp and jti. */
export type TokenClaims = z.infer<typeof claimsSchema>;

/** The principal that verified claims speak of; undefined when they are not of our shape. */
export function principalFromClaims(claims: unknown): Principal | undefined {
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success) return undefined;
  const { sub, kind, roles, label, email_verified: emailVerified } = parsed.data;
  return {
    ...{ subject: sub, kind, roles },
    ...(label === undefined ? {} : { label }),
    ...(emailVerified === undefined ? {} : { emailVerified }),
  };
}
