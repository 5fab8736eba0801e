/** `make torture`'s part: lives of an outbox for so many seconds, from a seed. Prints how many; exits 3 with the life that broke a promise. */
import { exploreLives } from './explore.ts';

const [seconds = 10, seed = 1, lives = 1_000_000] = process.argv.slice(2).map(Number);
try {
  const ran = await exploreLives({ lives, seed, timeMs: seconds * 1000 });
  process.stdout.write(`${ran}\n`);
} catch (error) {
  const { message, cause } = error as Error;
  process.stderr.write(`${cause instanceof Error ? `${cause.stack}\n` : ''}${message}\n`);
  process.exitCode = 3;
}
