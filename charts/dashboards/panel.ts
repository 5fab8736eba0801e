import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { DATASOURCE } from './variables.ts';

export interface Query {
  expr: string;
  /** Of a series; holds labels as `{{app}}`. */
  legend: string;
}

interface Common {
  title: string;
  /** What is shown, and what good looks like: for somebody who sees it for the first time. */
  what: string;
  /** As Grafana names units: s, bytes, percentunit, reqps, short … */
  unit: string;
  /** Of 24 columns. */
  width?: number;
  height?: number;
}

/** A line of the goal, and whether it is bad to be above or below it. */
export interface Goal {
  at: number;
  bad: 'above' | 'below';
}

export interface Lines extends Common {
  queries: readonly Query[];
  goal?: Goal;
  max?: number;
  /** Of lines that stand for something, by their legend. */
  colors?: Readonly<Record<string, string>>;
}

export interface Figures extends Common {
  query: Query;
  goal?: Goal;
  /** Words and colours for values that stand for something. */
  words?: Readonly<Record<string, { text: string; color: string }>>;
}

export interface Matrix extends Common {
  expr: string;
  /** Labels: of its values are made the rows, and of the other's the columns. */
  rows: string;
  columns: string;
}

type Panel = dashboard.PanelBuilder | timeseries.PanelBuilder | stat.PanelBuilder | table.PanelBuilder;

const GREEN = 'green';
const RED = 'red';

/** Values over time. */
export function lines({ queries, goal, max, colors = {}, ...of }: Lines): timeseries.PanelBuilder {
  const panel = new timeseries.PanelBuilder()
    .min(0)
    .lineWidth(1)
    .fillOpacity(8)
    .showPoints(common.VisibilityMode.Never)
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    )
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true),
    );
  if (max !== undefined) panel.max(max);
  for (const [name, fixedColor] of Object.entries(colors))
    panel.overrideByName(name, [{ id: 'color', value: { mode: 'fixed', fixedColor } }]);
  if (goal !== undefined) {
    panel
      .thresholds(thresholds(goal))
      .thresholdsStyle(
        new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
      );
  }
  queries.forEach((query, index) => {
    panel.withTarget(target(query, index).range());
  });
  return dressed(panel, { width: 12, height: 8, ...of });
}

/** What is true now, as large figures: one for each series. */
export function figures({ query, goal, words, ...of }: Figures): stat.PanelBuilder {
  const panel = new stat.PanelBuilder()
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .graphMode(common.BigValueGraphMode.None)
    .colorMode(words === undefined ? common.BigValueColorMode.Value : common.BigValueColorMode.Background)
    .textMode(common.BigValueTextMode.Auto)
    .thresholds(thresholds(goal))
    .withTarget(target(query, 0).instant());
  if (words !== undefined) {
    const options = Object.fromEntries(
      Object.entries(words).map(([value, { text, color }], index) => [value, { text, color, index }]),
    );
    panel.mappings([{ type: dashboard.MappingType.ValueToText, options }]);
  }
  return dressed(panel, { width: 6, height: 4, ...of });
}

/** What is true now, by two labels. */
export function matrix({ expr, rows, columns, ...of }: Matrix): table.PanelBuilder {
  const panel = new table.PanelBuilder()
    .withTarget(target({ expr, legend: '' }, 0).instant().format(prometheus.PromQueryFormat.Table))
    .withTransformation({
      id: 'groupingToMatrix',
      options: { columnField: columns, rowField: rows, valueField: 'Value', emptyValue: 'null' },
    });
  return dressed(panel, { width: 12, height: 8, ...of });
}

function target({ expr, legend }: Query, index: number): prometheus.DataqueryBuilder {
  const made = new prometheus.DataqueryBuilder().expr(expr).refId(String.fromCharCode(65 + index));
  return legend === '' ? made : made.legendFormat(legend);
}

function thresholds(goal: Goal | undefined): dashboard.ThresholdsConfigBuilder {
  const [low, high] = goal?.bad === 'below' ? [RED, GREEN] : [GREEN, RED];
  const steps =
    goal === undefined
      ? [{ value: null, color: 'blue' }]
      : [
          { value: null, color: low },
          { value: goal.at, color: high },
        ];
  return new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(steps);
}

function dressed<P extends Exclude<Panel, dashboard.PanelBuilder>>(
  panel: P,
  { title, what, unit, width, height }: Common & { width: number; height: number },
): P {
  panel.title(title).description(what).unit(unit).datasource(DATASOURCE).span(width).height(height);
  return panel;
}
