import { z } from 'zod';
import { type FormState, HONEYPOT } from '../pages/lead-form.ts';
import type { FormTokenVerdict } from './form-token.ts';
import { type LeadInput, leadSchema } from './lead-schema.ts';

export type FormJudgement =
  | { kind: 'take'; lead: LeadInput; nonce: string }
  /** Show the form again with these words. */
  | { kind: 'refuse'; state: FormState; page: string | undefined };

const WORDS: Record<Exclude<FormTokenVerdict['kind'], 'valid'>, string> = {
  too_fast: 'That was faster than a person types. Please look at your entries and send the form again.',
  expired: 'This form has been open for more than a day. Your entries are kept: please send it again.',
  forged: 'This form was not made by this page. Your entries are kept: please send it again.',
};
const HONEYPOT_WORDS =
  'A field that people do not see was filled in, perhaps by your browser. Your entries are kept: please send again.';

/** Judges a form as it came in: its token, the field that must stay empty, then each value. Pure. */
export function judgeForm(
  body: unknown,
  judgeToken: (token: string | undefined) => FormTokenVerdict,
): FormJudgement {
  const fields = z.record(z.string(), z.unknown()).catch({}).parse(body);
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === 'string' ? value : undefined;
  };
  const parsed = leadSchema.safeParse(fields);
  const token = judgeToken(text('form_token'));
  const errors: FormState['errors'] = {};
  if (!parsed.success) Object.assign(errors, errorsOf(parsed.error));
  else if (text(HONEYPOT)) errors.form = HONEYPOT_WORDS;
  else if (token.kind !== 'valid') errors.form = WORDS[token.kind];
  else return { kind: 'take', lead: parsed.data, nonce: token.nonce };
  const values = { email: text('email') ?? '', name: text('name') ?? '' };
  return { kind: 'refuse', state: { values, errors }, page: text('page') };
}

function errorsOf(error: z.ZodError): FormState['errors'] {
  const errors: FormState['errors'] = {};
  for (const { path, message } of error.issues) {
    const field = path[0];
    // Page and scholarship are hidden fields: the visitor cannot correct them, so the form speaks as a whole.
    if (field === 'email' || field === 'name') errors[field] ??= message;
    else errors.form ??= WORDS.forged;
  }
  return errors;
}
