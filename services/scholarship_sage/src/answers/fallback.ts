/** Why an answer was put together from its passages although there is a model. */
export type Fallback =
  | 'budget_user'
  | 'budget_service'
  | 'model_failed'
  | 'answer_refused'
  | 'sources_withheld';

const FROM_SOURCES = 'This answer is put together from its sources.';

/** What people are told of it. */
export const NOTES: Readonly<Record<Fallback, string>> = {
  budget_user: `You have asked so much today that answers are no longer put into words for you until tomorrow (UTC). ${FROM_SOURCES}`,
  budget_service: `Answers are no longer put into words today: what that may cost in a day is spent. ${FROM_SOURCES}`,
  model_failed: `Answers cannot be put into words just now. ${FROM_SOURCES}`,
  answer_refused: FROM_SOURCES,
  sources_withheld: FROM_SOURCES,
};
