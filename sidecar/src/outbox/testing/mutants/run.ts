/** `make torture`'s part: every mutant, and an honest copy that must survive. Exits 1 when the model looked away. */
import { MUTANTS } from './mutants.ts';
import { tryMutant } from './try-mutant.ts';

/** For each at most; the slowest needs half a minute of an idle core. */
const seconds = Number(process.argv[2] ?? 60);
/** Only those whose name contains it. */
const wanted = process.argv[3] ?? '';
const say = (line: string): void => void process.stdout.write(`${line}\n`);
let missed = 0;
const honest = await tryMutant(undefined, { seconds: Math.min(seconds, 10), seed: 1 });
if (honest.outcome !== 'survived') missed += 1;
say(
  `${honest.outcome === 'survived' ? 'ok      ' : 'WRONG   '} no mistake at all: ${JSON.stringify(honest)}`,
);
const chosen = MUTANTS.filter(({ name }) => name.includes(wanted));
for (const mutant of chosen) {
  const trial = await tryMutant(mutant, { seconds, seed: mutant.seed ?? 1 });
  if (trial.outcome === 'found')
    say(`found    ${mutant.name} (${trial.seconds.toFixed(1)} s)\n         ${trial.how}`);
  else {
    missed += 1;
    say(`MISSED   ${mutant.name}: ${JSON.stringify(trial)}`);
  }
}
say(`${chosen.length + 1 - missed} of ${chosen.length + 1} as expected`);
process.exitCode = missed > 0 ? 1 : 0;
