import { readPromql, type Selector } from '../../promql/read-promql.ts';
import {
  type BoardJson,
  type PanelJson,
  shownPanels,
  type TargetJson,
  type VariableJson,
} from '../read-boards.ts';

/** What is wrong with a dashboard by one rule; empty: nothing. */
export type Rule = (board: BoardJson) => string[];

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own syntax
const DATASOURCE = '${datasource}';
const UNITS = new Set(['none', 's', 'bytes', 'percentunit', 'ops']);
/** Grafana's VariableRefresh: when the time range changes. */
const ON_TIME_RANGE = 2;

/**
 * Rules of Grafana's dashboard-linter, under its names, written anew for what is generated here. Where it asks for the labels job and
 * instance we ask for namespace: an installation is a namespace, and app says which process.
 */
export const RULES: Readonly<Record<string, Rule>> = {
  'template-datasource-rule': ({ templating }) =>
    templating?.list[0]?.type === 'datasource' && templating.list[0].name === 'datasource'
      ? []
      : ['the first variable is not the data source'],
  'template-job-rule': (board) => {
    const variable = variables(board).find(({ name }) => name === 'namespace');
    if (variable === undefined) return ['there is no variable for the namespace'];
    return variable.multi && variable.includeAll && variable.allValue === '.*'
      ? []
      : ['of namespaces not many and all can be chosen'];
  },
  'template-label-promql-rule': (board) =>
    queried(board).flatMap(({ name, query }) => {
      const [, selector = ''] = /^label_values\((.+), \w+\)$/.exec(String(query)) ?? [];
      return problemOf(selector).map((problem) => `${name}: ${problem}`);
    }),
  'template-on-time-change-reload-rule': (board) =>
    queried(board)
      .filter(({ refresh }) => refresh !== ON_TIME_RANGE)
      .map(({ name }) => `${name} is not read again when the time range changes`),
  'panel-datasource-rule': (board) => [
    ...shownPanels(board)
      .filter(({ datasource, targets = [] }) =>
        [datasource, ...targets.flatMap((each) => each.datasource ?? [])].some(
          (of) => of?.uid !== DATASOURCE,
        ),
      )
      .map(({ title }) => `${title} has a data source of its own`),
    ...queried(board)
      .filter(({ datasource }) => datasource?.uid !== DATASOURCE)
      .map(({ name }) => `${name} has a data source of its own`),
  ],
  'panel-title-description-rule': (board) =>
    shownPanels(board)
      .filter(({ title = '', description = '' }) => title === '' || !/\bGood: \S/.test(description))
      .map(({ title }) => `${title} does not say what it shows and what good looks like`),
  'panel-units-rule': (board) =>
    shownPanels(board)
      .filter(({ fieldConfig }) => !UNITS.has(fieldConfig?.defaults.unit ?? ''))
      .map(({ title }) => `${title} has no unit`),
  'target-promql-rule': (board) =>
    targets(board).flatMap(({ panel, target }) =>
      problemOf(target.expr).map((problem) => `${panel.title}: ${problem}`),
    ),
  'target-rate-interval-rule': (board) =>
    selectors(board)
      .filter(({ selector: { of, window } }) =>
        window === undefined ? false : !windowsOf(of).includes(window),
      )
      .map(({ panel, selector }) => `${panel.title}: ${selector.of} over ${selector.window}`),
  'target-job-rule': (board) =>
    selectors(board)
      // A load generator stands outside of every namespace.
      .filter(({ selector: { metric } }) => !metric.startsWith('k6_'))
      .filter(({ selector: { matchers } }) => matchers['namespace'] !== '=~$namespace')
      .map(({ panel, selector }) => `${panel.title}: ${selector.metric} of every namespace`),
  'target-counter-agg-rule': (board) =>
    selectors(board)
      .filter(({ selector: { metric, of } }) => COUNTER.test(metric) && windowsOf(of).length === 0)
      .map(({ panel, selector }) => `${panel.title}: ${selector.metric} only grows; take its rate`),
  'uneditable-dashboard': ({ editable }) =>
    editable === false ? [] : ['what is edited in Grafana is lost with the next release'],
  'stable-uid': ({ uid }) =>
    /^scholar-[a-z0-9-]{2,30}$/.test(uid ?? '') ? [] : ['there is no uid that stays'],
};

const COUNTER = /_(total|bucket|sum|count)$/;

/** Where every scrape has to count it is Grafana's interval; a total is of the time that is shown. */
function windowsOf(name: string): string[] {
  if (name === 'increase') return ['$__rate_interval', '$__range'];
  return name === 'rate' ? ['$__rate_interval'] : [];
}

const variables = ({ templating }: BoardJson): VariableJson[] => templating?.list ?? [];

const queried = (board: BoardJson): VariableJson[] => variables(board).filter(({ type }) => type === 'query');

function targets(board: BoardJson): { panel: PanelJson; target: TargetJson }[] {
  return shownPanels(board).flatMap((panel) => (panel.targets ?? []).map((target) => ({ panel, target })));
}

/** Of an expression that is none there are none: another rule says so. */
function selectors(board: BoardJson): { panel: PanelJson; selector: Selector }[] {
  return targets(board)
    .filter(({ target }) => problemOf(target.expr).length === 0)
    .flatMap(({ panel, target }) => readPromql(target.expr).map((selector) => ({ panel, selector })));
}

function problemOf(expr: string): string[] {
  try {
    return readPromql(expr).length === 0 ? [`it selects nothing: ${expr}`] : [];
  } catch (error) {
    return [(error as Error).message];
  }
}
