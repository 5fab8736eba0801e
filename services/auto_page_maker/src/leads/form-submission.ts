import type { z } from 'zod';
import { type FormState, HONEYPOT } from '../pages/lead-form.ts';
import type { FormTokenVerdict } from './form-token.ts';
import { type LeadInput, leadSchema } from './lead-schema.ts';

/** The fields of a form as text; what came twice or nested counts as absent. */
export type FormFields = Partial<Record<string, string>>;

export type FormJudgement =
  | { kind: 'take'; lead: LeadInput; nonce: string }
  /** Show the form again with these words. */
  | { kind: 'refuse'; reason: RefusalReason; state: FormState };

export type RefusalReason = 'values' | 'honeypot' | 'too_many' | Exclude<FormTokenVerdict['kind'], 'valid'>;

const WORDS: Record<Exclude<RefusalReason, 'values'>, string> = {
  honeypot:
    'A field that people do not see was filled in, perhaps by your browser. Please send the form again.',
  too_fast: 'That was faster than a person types. Please look at your entries and send the form again.',
  too_many:
    'Many forms came from your network within the last hour. Your entries are kept: please send the form again later.',
  expired: 'This form has been open for too long. Your entries are kept: please send it again.',
  forged: 'This form was not made by this page. Your entries are kept: please send it again.',
};

export function readFields(body: unknown): FormFields {
  if (typeof body !== 'object' || body === null) return {};
  const texts = Object.entries(body).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

/** Judges a form as it came in: each value first, because that is what a person can correct; then the robot checks. */
export function judgeForm(fields: FormFields, token: FormTokenVerdict): FormJudgement {
  const parsed = leadSchema.safeParse(fields);
  if (!parsed.success) return refuse('values', fields, errorsOf(parsed.error));
  if (fields[HONEYPOT]) return refuse('honeypot', fields);
  if (token.kind !== 'valid') return refuse(token.kind, fields);
  return { kind: 'take', lead: parsed.data, nonce: token.nonce };
}

/** The form again after too many of its network. */
export function tooMany(fields: FormFields): FormState {
  return { values: valuesOf(fields), errors: { form: WORDS.too_many } };
}

/** The form again after what was right could not be stored: our database is away. */
export function notStored(fields: FormFields): FormState {
  const form =
    'This could not be stored just now. Your entries are kept: please send the form again in a moment. It counts once.';
  return { values: valuesOf(fields), errors: { form } };
}

function valuesOf(fields: FormFields): FormState['values'] {
  return { email: fields['email'] ?? '', name: fields['name'] ?? '' };
}

function refuse(reason: RefusalReason, fields: FormFields, errors?: FormState['errors']): FormJudgement {
  const shown = errors ?? (reason === 'values' ? {} : { form: WORDS[reason] });
  return { kind: 'refuse', reason, state: { values: valuesOf(fields), errors: shown } };
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
