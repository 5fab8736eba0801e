/**
 * `make fuzz`: what `make test` does for seconds, for as long as you like. Prints its seed first; exits 1 with the shrunk
 * counter-example when A8 broke a promise. The same SEED sends the same bytes again.
 */
import { processEnv } from '@scholar/runtime/config';
import { fuzz } from './fuzzed-hub.ts';

const env = processEnv();
const seed = Number(env['SEED'] ?? Date.now() % 2 ** 31);
const seconds = Number(env['FUZZ_SECONDS'] ?? 300);
process.stdout.write(`fuzz: SEED=${seed} FUZZ_SECONDS=${seconds}\n`);
try {
  const { conversations, statuses } = await fuzz({ seed, seconds });
  process.stdout.write(`ok: ${conversations} conversations, answers by status ${JSON.stringify(statuses)}\n`);
} catch (error) {
  process.stdout.write(`broken: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
