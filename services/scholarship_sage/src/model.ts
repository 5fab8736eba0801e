import type { Component } from '@scholar/runtime/lifecycle';
import { createWordAnswer, type WordAnswer } from './answers/word-answer.ts';
import type { SageDeps } from './app.ts';
import { type Budget, createBudget } from './budget/budget.ts';
import { createBudgetLook } from './budget/budget-upkeep.ts';
import { costOf } from './budget/prices.ts';
import { createAskModel } from './llm/ask-model.ts';
import type { ModelFailure } from './llm/model-failure.ts';

export type Model = {
  wordAnswer: WordAnswer;
  look: Component;
  findings: () => string[];
};

/** The model that words answers, its budget and what is counted of it; undefined where LLM_URL is not set. */
export function createModel(deps: SageDeps): Model | undefined {
  const { settings, metrics, log } = deps;
  if (settings.LLM_URL === undefined) return undefined;
  const prices = { input: settings.LLM_PRICE_INPUT, output: settings.LLM_PRICE_OUTPUT };
  const budget = createBudget({
    ...deps,
    prices,
    limits: {
      user: { tokens: settings.LLM_USER_TOKENS, units: settings.LLM_USER_UNITS },
      service: { tokens: settings.LLM_TOKENS, units: settings.LLM_UNITS },
    },
    onSpent: (of) => metrics.counter('sage_budget_spent_total').inc({ of }),
  });
  metrics.collect(() => metrics.gauge('sage_budget_used_ratio').set(budget.state().usedRatio));
  const outage = createOutageNote(log);
  const wordAnswer = createWordAnswer({
    askModel: createAskModel({
      fetchJson: deps.fetchJson,
      url: settings.LLM_URL,
      apiKey: deps.secret('LLM_API_KEY'),
      model: settings.LLM_MODEL,
      streams: settings.LLM_STREAM,
      patienceMs: settings.LLM_TIMEOUT,
    }),
    reserve: budget.reserve,
    onFailure(failure) {
      metrics.counter('sage_llm_failures_total').inc({ why: failure.why });
      outage.noticed(failure);
    },
    onRefusal: (rule) => metrics.counter('sage_llm_refusals_total').inc({ rule }),
    onUsage(usage) {
      if (usage.output > 0) outage.over();
      metrics.counter('sage_llm_tokens_total').inc({ direction: 'input' }, usage.input);
      metrics.counter('sage_llm_tokens_total').inc({ direction: 'output' }, usage.output);
      metrics.counter('sage_llm_units_total').inc(costOf(usage, prices).units);
    },
  });
  return { wordAnswer, look: createBudgetLook({ ...deps, budget }), findings: () => findingsOf(budget) };
}

function findingsOf(budget: Budget): string[] {
  const { spent } = budget.state();
  const sentence =
    "today's budget of the model (LLM_TOKENS, LLM_UNITS) is spent: until midnight UTC answers are put together without it";
  return spent ? [sentence] : [];
}

/** Mentions once that the model gives no answers; its message holds nothing of the question. */
function createOutageNote(log: SageDeps['log']) {
  let away = false;
  return {
    noticed({ why, message }: ModelFailure): void {
      if (!away) log.warn({ why, detail: message }, 'LLM_URL gives no answers; they are made without it');
      away = true;
    },
    over(): void {
      if (away) log.info('LLM_URL answers again');
      away = false;
    },
  };
}
