import type { EvalQuestion } from './questions.ts';

/** A question, and the sources of its answer, best first; none: "I do not know". */
export type EvalResult = EvalQuestion & { given: readonly string[] };

export type EvalFigures = {
  /** Of the questions that have an answer: how many have one of its sources among the first three given. */
  recallAt3: { hit: number; of: number };
  /** The same, with the source in the first place. */
  first: { hit: number; of: number };
  /** Of the answers "I do not know": how many are right, because there is none. */
  unknownPrecision: { hit: number; of: number };
  /** Of the questions without an answer: how many are answered with "I do not know". */
  unknownRecall: { hit: number; of: number };
  /** Questions that went wrong in any of these ways. */
  wrong: EvalResult[];
};

export function figuresOf(results: readonly EvalResult[]): EvalFigures {
  const answerable = results.filter(({ sources }) => sources.length > 0);
  const unanswerable = results.filter(({ sources }) => sources.length === 0);
  const unknown = results.filter(({ given }) => given.length === 0);
  const count = (of: readonly EvalResult[], isHit: (result: EvalResult) => boolean) => ({
    hit: of.filter(isHit).length,
    of: of.length,
  });
  const found = ({ sources, given }: EvalResult) => given.slice(0, 3).some((id) => sources.includes(id));
  return {
    recallAt3: count(answerable, found),
    first: count(answerable, ({ sources, given }) => sources.includes(given[0] ?? '')),
    unknownPrecision: count(unknown, ({ sources }) => sources.length === 0),
    unknownRecall: count(unanswerable, ({ given }) => given.length === 0),
    wrong: results.filter((result) => (result.sources.length > 0 ? !found(result) : result.given.length > 0)),
  };
}

const BEGIN = '<!-- sage-eval: written by `make sage-eval` -->';
const END = '<!-- sage-eval: end -->';

/** The README with its section of figures made anew. */
export function withFigures(readme: string, figures: EvalFigures): string {
  const [before, after] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`the README has no ${BEGIN} … ${END}`);
  return `${readme.slice(0, before)}${BEGIN}\n${section(figures)}${readme.slice(after)}`;
}

function section({ recallAt3, first, unknownPrecision, unknownRecall, wrong }: EvalFigures): string {
  const share = ({ hit, of }: { hit: number; of: number }) => `${(hit / of).toFixed(2)} (${hit} of ${of})`;
  const lines = wrong.map(({ question, given, sources }) => {
    const got = given.length === 0 ? '"I do not know"' : given.map((id) => `\`${id}\``).join(', ');
    const wanted = sources.length === 0 ? '"I do not know"' : sources.map((id) => `\`${id}\``).join(' or ');
    return `- ${question} Wanted ${wanted}; given ${got}.`;
  });
  return `
| figure                                                                                  | value             |
| --------------------------------------------------------------------------------------- | ----------------- |
| recall@3: a right source among the first three, of questions that have an answer         | ${share(recallAt3)} |
| a right source in the first place                                                       | ${share(first)} |
| precision of "I do not know": right, of all times that it is said                        | ${share(unknownPrecision)} |
| recall of "I do not know": said, of all questions without an answer                      | ${share(unknownRecall)} |

${lines.length === 0 ? 'None goes wrong.' : `What goes wrong:\n\n${lines.join('\n')}`}

`;
}
