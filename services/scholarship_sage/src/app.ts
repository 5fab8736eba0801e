import { authenticated, createCanaryTokenOf } from '@scholar/runtime/auth';
import { createRetention } from '@scholar/runtime/background';
import { createReadCatalogue } from '@scholar/runtime/catalogue';
import type { BuiltService, ServiceDeps } from '@scholar/runtime/service';
import { createAnswerFrom } from './answers/answer-from.ts';
import { answerRoute } from './answers/answer-route.ts';
import { createAnswer } from './answers/answer-service.ts';
import { createSpendingRetention } from './budget/budget-upkeep.ts';
import { toPassages } from './catalogue/to-passages.ts';
import { loadGuide } from './guide/load-guide.ts';
import type { SAGE_METRICS } from './metrics.ts';
import { createModel, type Model } from './model.ts';
import { createPassageSync } from './passages/passage-sync.ts';
import { personalData } from './personal-data.ts';
import { createRetrieve } from './retrieval/retrieve.ts';
import type { sageSettings } from './settings.ts';

export type SageDeps = ServiceDeps<typeof sageSettings, typeof SAGE_METRICS>;

/** Puts scholarship_sage together: answers in front, the passages and the budget of the model in the background. */
export function createSage(deps: SageDeps): BuiltService {
  const { settings } = deps;
  const model = createModel(deps);
  return {
    app(app) {
      answerRoute(app, {
        authenticated: authenticated(deps),
        canaryTokenOf: createCanaryTokenOf(deps),
        answer: createAnswers(deps, model),
        withinMs: { whole: settings.LLM_TIMEOUT, streamed: settings.LLM_STREAM_TIMEOUT },
        onStream: (result) => deps.metrics.counter('sage_streams_total').inc({ result }),
      });
    },
    personalData,
    background: [
      ...createSyncs(deps),
      ...(model ? [model.look] : []),
      createSpendingRetention(deps),
      createRetention({ ...deps, table: 'answers_log', retentionMs: settings.ANSWERS_LOG_RETENTION }),
    ],
    findings: () => [
      ...(settings.A2_URL ? [] : ['A2_URL is not set: nothing is known about the catalogue']),
      ...(model?.findings() ?? []),
    ],
  };
}

function createAnswers(deps: SageDeps, model: Model | undefined) {
  const { metrics } = deps;
  const answerFrom = createAnswerFrom({
    retrieve: createRetrieve(deps.pool),
    wordAnswer: model?.wordAnswer,
    log: deps.log,
    onSearchFailure: () => metrics.counter('sage_retrieval_failures_total').inc(),
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
