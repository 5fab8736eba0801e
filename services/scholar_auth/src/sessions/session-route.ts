import { type Express, logOf, validated } from '@scholar/runtime/http';
import { refreshTokenSchema } from '../http/credentials-schema.ts';
import { invalidRefreshToken } from '../http/problems.ts';
import type { RefreshVerdict } from './judge-refresh.ts';
import type { SessionService } from './session-service.ts';

/** POST /refresh: 200 the next token pair, 401 `invalid_refresh_token`. POST /logout: 204, whatever the token was. */
export function sessionRoutes(
  app: Express,
  { sessions, onRefresh }: { sessions: SessionService; onRefresh: (outcome: RefreshVerdict) => void },
): void {
  app.post('/refresh', async (request, response) => {
    const { refresh_token: token } = validated(refreshTokenSchema, request.body);
    const outcome = await sessions.refresh(token);
    onRefresh(outcome.ok ? 'rotate' : outcome.why);
    if (!outcome.ok) {
      if (outcome.why === 'reused') logOf(response).info('a refresh token came twice; its session was ended');
      throw invalidRefreshToken();
    }
    response.set('cache-control', 'no-store').json(outcome.tokens);
  });

  app.post('/logout', async (request, response) => {
    const { refresh_token: token } = validated(refreshTokenSchema, request.body);
    await sessions.close(token);
    response.status(204).end();
  });
}
