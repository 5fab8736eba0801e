import { type Filling, filled } from '../../charts/dashboards/filled.ts';
import type { PanelJson } from '../../charts/dashboards/read-boards.ts';
import type { LabelledSeries, Prometheus } from './prometheus.ts';

export interface Asked {
  panel: PanelJson;
  targets: { expr: string; legend: string; series: LabelledSeries[] }[];
}

export interface Window {
  /** Unix seconds. */
  from: number;
  to: number;
  stepS: number;
}

/** Runs every expression of a panel as Grafana would. @throws Error when Prometheus refuses one */
export async function askPanel(
  prometheus: Prometheus,
  panel: PanelJson,
  { window, filling }: { window: Window; filling: Filling },
): Promise<Asked> {
  const targets = await Promise.all(
    (panel.targets ?? []).map(async ({ expr, legendFormat = '', instant = false }) => {
      const query = filled(expr, filling);
      const series = instant
        ? (await prometheus.instant(query, window.to)).map(({ labels, value }) => ({
            labels,
            points: [[window.to, value]] as const,
          }))
        : await prometheus.range(query, window);
      return { expr, legend: legendFormat, series };
    }),
  );
  return { panel, targets };
}

/** Expressions that returned nothing, or nothing that is a number. */
export function withoutData({ targets }: Asked): string[] {
  return targets
    .filter(({ series }) => !series.some(({ points }) => points.some(([, value]) => Number.isFinite(value))))
    .map(({ expr }) => expr);
}

/** As Grafana fills a legend; what it has no label for stays empty. */
export const named = (legend: string, labels: Readonly<Record<string, string>>): string =>
  legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '').trim();
