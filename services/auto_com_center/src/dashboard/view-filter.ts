import {
  APP_LABELS,
  APPS,
  EVENT_TYPES,
  type EventType,
  PROBLEM_CODES,
  type ProblemCode,
} from '@scholar/contract';
import { field, html, type SafeHtml } from '@scholar/runtime/http';
import { z } from 'zod';
import { cursorText } from '../read/event-filter.ts';

const HOUR_MS = 3_600_000;

/** How far back a page looks: every question to the database is bounded by one of these. */
export const WITHIN = {
  '1h': { ms: HOUR_MS, text: 'the last hour' },
  '6h': { ms: 6 * HOUR_MS, text: 'the last 6 hours' },
  '24h': { ms: 24 * HOUR_MS, text: 'the last 24 hours' },
  '7d': { ms: 7 * 24 * HOUR_MS, text: 'the last 7 days' },
} as const;

export type Within = keyof typeof WITHIN;

const SIMULATED = { exclude: false, include: null, only: true } as const;

const optionalId = z
  .string()
  .regex(/^\d{1,18}$/)
  .optional();

/** What a form of HQ may ask for. A control that was left open arrives as an empty text and counts as absent. */
export const viewFilterSchema = z.preprocess(
  (query) => Object.fromEntries(Object.entries(query ?? {}).filter(([, value]) => value !== '')),
  z.object({
    app: z.enum(APP_LABELS).optional(),
    type: z.enum(EVENT_TYPES as [EventType, ...EventType[]]).optional(),
    code: z.enum(PROBLEM_CODES as [ProblemCode, ...ProblemCode[]]).optional(),
    simulated: z.enum(['exclude', 'include', 'only']).default('exclude'),
    show: z.enum(['both', 'stored', 'refused']).default('both'),
    within: z.enum(['1h', '6h', '24h', '7d']).optional(),
    /** The places at which a tail was paused. */
    at: cursorText.optional(),
    refused_at: optionalId,
    /** The next page of refusals. */
    before: optionalId,
    format: z.enum(['csv', 'json']).default('csv'),
  }),
);

export type ViewFilter = z.output<typeof viewFilterSchema>;

/** Only such (true), none such (false), or both (null). */
export function simulatedOf({ simulated }: Pick<ViewFilter, 'simulated'>): boolean | null {
  return SIMULATED[simulated];
}

/** An address of ours with what is to be asked; what is undefined is left out. */
export function address(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  const text = new URLSearchParams(Object.fromEntries(given)).toString();
  return text === '' ? path : `${path}?${text}`;
}

const CHOICES = {
  app: () => [
    any('every app'),
    ...APP_LABELS.map((value) => ({ value, text: `${APPS[value].number} ${value}` })),
  ],
  type: () => [any('every type'), ...EVENT_TYPES.map((value) => ({ value, text: value }))],
  code: () => [any('every reason'), ...PROBLEM_CODES.map((value) => ({ value, text: value }))],
  show: () => [
    { value: 'both', text: 'stored and refused' },
    { value: 'stored', text: 'stored only' },
    { value: 'refused', text: 'refused only' },
  ],
  simulated: () => [
    { value: 'exclude', text: 'left out' },
    { value: 'include', text: 'shown too' },
    { value: 'only', text: 'alone' },
  ],
  within: () => Object.entries(WITHIN).map(([value, { text }]) => ({ value, text })),
} as const;

const LABELS = {
  app: 'App',
  type: 'Type',
  code: 'Reason',
  show: 'Outcome',
  simulated: 'Simulated',
  within: 'Within',
} as const;

export type FilterControl = keyof typeof CHOICES;

/** The form over a list: works without scripts, and its address can be shared. */
export function filterForm(path: string, controls: readonly FilterControl[], shown: ViewFilter): SafeHtml {
  const fields = controls.map((name) =>
    field({ name, label: LABELS[name], options: CHOICES[name](), value: shown[name] ?? '' }),
  );
  return html`<form class="filter" method="get" action="${path}" role="search" aria-label="Filter">${fields}
<button type="submit">Show</button></form>`;
}

function any(text: string) {
  return { value: '', text };
}
