import { refuseStrayCanary } from '@scholar/runtime/auth';
import { type Express, HttpProblem, type RequestHandler, validated } from '@scholar/runtime/http';
import { z } from 'zod';
import type { VaultSource } from '../email/vault-source.ts';
import { emailSchema } from '../http/credentials-schema.ts';
import { notConfigured } from '../http/problems.ts';
import { type KeyRotation, ROTATIONS } from '../keys/key-rotation.ts';
import type { Staff } from './staff.ts';

const rotationSchema = z.strictObject({
  how: z.enum(ROTATIONS, { error: ROTATIONS.join(', ') }).default('announced'),
});
const staffSchema = z.strictObject({ email: emailSchema });

/**
 * For operators, by the operations key. POST /operations/signing-keys {how?}: 200 {kid, signs_from}.
 * POST /operations/staff {email}: 201, or 200 for an account that was there, {user_id, created}; 409 while it is being
 * erased; 503 without mail.
 * DELETE /operations/staff/:user_id: 204, 404.
 */
export function operationsRoutes(
  app: Express,
  deps: {
    onlyOperators: RequestHandler;
    rotation: Pick<KeyRotation, 'rotate'>;
    vault: VaultSource;
    staff: Staff;
    mailWorks: () => boolean;
    /** What is wrong with the settings of mail. */
    mailFindings: () => string[];
  },
): void {
  const { onlyOperators, rotation, staff } = deps;

  app.post('/operations/signing-keys', onlyOperators, async (request, response) => {
    const { how } = validated(rotationSchema, request.body ?? {});
    const { kid, signsFrom } = await rotation.rotate(how);
    response.json({ kid, signs_from: signsFrom.toISOString() });
  });

  app.post('/operations/staff', onlyOperators, async (request, response) => {
    const { email } = validated(staffSchema, request.body);
    refuseStrayCanary(email, undefined);
    if (!deps.mailWorks())
      throw notConfigured('SMTP_URL', 'nobody can be sent the link to a password', deps.mailFindings());
    const { userId, created } = await staff.admit(deps.vault(), email);
    response.status(created ? 201 : 200).json({ user_id: userId, created });
  });

  app.delete('/operations/staff/:user_id', onlyOperators, async (request, response) => {
    const userId = z.uuid().safeParse(request.params['user_id']).data;
    if (userId === undefined || !(await staff.dismiss(userId)))
      throw new HttpProblem({
        status: 404,
        code: 'not_found',
        detail: 'Nobody of the staff has this user id.',
      });
    response.status(204).end();
  });
}
