import { authenticated, createCanaryTokenOf } from '@scholar/runtime/auth';
import { createRetention } from '@scholar/runtime/background';
import { createReadCatalogue } from '@scholar/runtime/catalogue';
import type { BuiltService, ServiceDeps } from '@scholar/runtime/service';
import { createAnswerFrom } from './answers/answer-from.ts';
import { answerRoute } from './answers/answer-route.ts';
import { createAnswer } from './answers/answer-service.ts';
import { toPassages } from './catalogue/to-passages.ts';
import { loadGuide } from './guide/load-guide.ts';
import { createAskModel } from './llm/ask-model.ts';
import type { SAGE_METRICS } from './metrics.ts';
import { createPassageSync } from './passages/passage-sync.ts';
import { createRetrieve } from './retrieval/retrieve.ts';
import type { sageSettings } from './settings.ts';

export type SageDeps = ServiceDeps<typeof sageSettings, typeof SAGE_METRICS>;

/** Puts scholarship_sage together: answers in front, the passages in the background. */
export function createSage(deps: SageDeps): BuiltService {
  const { settings } = deps;
  return {
    app(app) {
      answerRoute(app, {
        authenticated: authenticated(deps),
        canaryTokenOf: createCanaryTokenOf(deps),
        answer: createAnswers(deps),
      });
    },
    background: [
      ...createSyncs(deps),
      createRetention({ ...deps, table: 'answers_log', retentionMs: settings.ANSWERS_LOG_RETENTION }),
    ],
    findings: () => (settings.A2_URL ? [] : ['A2_URL is not set: nothing is known about the catalogue']),
  };
}

function createAnswers(deps: SageDeps) {
  const { settings, metrics } = deps;
  const answerFrom = createAnswerFrom({
    retrieve: createRetrieve(deps.pool),
    askModel:
      settings.LLM_URL === undefined
        ? undefined
        : createAskModel({
            fetchJson: deps.fetchJson,
            url: settings.LLM_URL,
            apiKey: deps.secret('LLM_API_KEY'),
            model: settings.LLM_MODEL,
            timeoutMs: settings.LLM_TIMEOUT,
          }),
    log: deps.log,
    onFailure: (of) =>
      metrics.counter(of === 'llm' ? 'sage_llm_failures_total' : 'sage_retrieval_failures_total').inc(),
  });
  return createAnswer({
    ...deps,
    answerFrom,
    onAnswer: ({ provider, supported }) =>
      metrics.counter('sage_answers_total').inc({ provider, supported: String(supported) }),
  });
}

/** The guide once, the catalogue again and again. */
function createSyncs(deps: SageDeps) {
  const { settings, metrics } = deps;
  const readCatalogue = createReadCatalogue({ ...deps, a2Url: settings.A2_URL });
  const count = (of: string) => (result: string) => metrics.counter('sage_sync_total').inc({ of, result });
  return [
    createPassageSync({
      ...deps,
      what: 'the guide',
      kind: 'guide',
      read: () => loadGuide(),
      onResult: count('guide'),
    }),
    createPassageSync({
      ...deps,
      what: 'the catalogue',
      kind: 'scholarship',
      read: async (signal) => toPassages(await readCatalogue(signal)),
      intervalMs: settings.CATALOGUE_REFRESH,
      onResult: count('catalogue'),
    }),
  ];
}
