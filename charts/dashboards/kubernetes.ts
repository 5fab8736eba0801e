import { board } from './board.ts';
import { lines } from './panel.ts';
import { rate } from './promql.ts';
import { HERE, namespace } from './variables.ts';

const CONTAINERS = `${HERE}, container!="", container!="POD"`;
/** Every process of ours says which it is; others of the namespace do not. */
const OURS = `${HERE}, app!=""`;
const NEEDS_CADVISOR = 'Needs the metrics of cadvisor (the kubelet has them).';
const NEEDS_STATE = 'Needs kube-state-metrics.';
const NEEDS_KUBELET = 'Needs the volume metrics of the kubelet.';

export const kubernetes = () =>
  board({
    uid: 'scholar-kubernetes',
    title: 'scholar / Kubernetes resources',
    what: 'What the pods use. The first rows need kube-state-metrics, cadvisor and the kubelet to be scraped; the last one needs our own processes only.',
    variables: [namespace('process_start_time_seconds')],
    rows: [
      {
        title: 'Pods',
        panels: [
          lines({
            title: 'CPU',
            what: `Cores used by each container. Good: far below its limit. ${NEEDS_CADVISOR}`,
            unit: 'none',
            queries: [
              {
                expr: `sum by (pod, container) (${rate('container_cpu_usage_seconds_total', CONTAINERS)})`,
                legend: '{{pod}} {{container}}',
              },
            ],
          }),
          lines({
            title: 'Time held back',
            what: `Share of the periods in which a container used up its limit and had to wait: latency that no profile shows. Good: near 0. ${NEEDS_CADVISOR}`,
            unit: 'percentunit',
            queries: [
              {
                expr: `sum by (pod, container) (${rate('container_cpu_cfs_throttled_periods_total', CONTAINERS)}) / sum by (pod, container) (${rate('container_cpu_cfs_periods_total', CONTAINERS)})`,
                legend: '{{pod}} {{container}}',
              },
            ],
          }),
          lines({
            title: 'Memory, of the limit',
            what: `Working set by the limit of the container. Good: flat, and below 80 %; at 100 % it is killed. ${NEEDS_CADVISOR} ${NEEDS_STATE}`,
            unit: 'percentunit',
            goal: { at: 0.8, bad: 'above' },
            queries: [
              {
                expr: `max by (pod, container) (container_memory_working_set_bytes{${CONTAINERS}}) / max by (pod, container) (kube_pod_container_resource_limits{${HERE}, resource="memory"})`,
                legend: '{{pod}} {{container}}',
              },
            ],
          }),
          lines({
            title: 'Memory',
            what: `Working set of each container. Good: flat. ${NEEDS_CADVISOR}`,
            unit: 'bytes',
            queries: [
              {
                expr: `max by (pod, container) (container_memory_working_set_bytes{${CONTAINERS}})`,
                legend: '{{pod}} {{container}}',
              },
            ],
          }),
          lines({
            title: 'Restarts',
            what: `Containers that began anew. Good: 0; events survive it. ${NEEDS_STATE}`,
            unit: 'none',
            width: 8,
            queries: [
              {
                expr: `sum by (pod, container) (increase(kube_pod_container_status_restarts_total{${HERE}}[$__rate_interval]))`,
                legend: '{{pod}} {{container}}',
              },
            ],
          }),
          lines({
            title: 'Not ready',
            what: `Pods that are not ready. Good: 0. ${NEEDS_STATE}`,
            unit: 'none',
            width: 8,
            queries: [
              { expr: `sum by (pod) (kube_pod_status_ready{${HERE}, condition="false"})`, legend: '{{pod}}' },
            ],
          }),
          lines({
            title: 'Volumes, of their size',
            what: `Outboxes and the database. Good: below the line of four fifths. ${NEEDS_KUBELET}`,
            unit: 'percentunit',
            goal: { at: 0.8, bad: 'above' },
            width: 8,
            queries: [
              {
                expr: `max by (persistentvolumeclaim) (kubelet_volume_stats_used_bytes{${HERE}}) / max by (persistentvolumeclaim) (kubelet_volume_stats_capacity_bytes{${HERE}})`,
                legend: '{{persistentvolumeclaim}}',
              },
            ],
          }),
        ],
      },
      {
        title: 'Processes, by their own word',
        panels: [
          lines({
            title: 'CPU of processes',
            what: 'Cores used by each of our processes. Good: near 0 when it is quiet.',
            unit: 'none',
            width: 8,
            queries: [
              { expr: `sum by (app) (${rate('process_cpu_seconds_total', OURS)})`, legend: '{{app}}' },
            ],
          }),
          lines({
            title: 'Memory of processes',
            what: 'Resident memory, an application and its forwarder together. Good: flat.',
            unit: 'bytes',
            width: 8,
            queries: [{ expr: `sum by (app) (process_resident_memory_bytes{${OURS}})`, legend: '{{app}}' }],
          }),
          lines({
            title: 'Delay of the event loop, P99',
            what: 'How late a process gets to what is due. Good: below 50 ms; what is above is added to every answer.',
            unit: 's',
            width: 8,
            queries: [
              { expr: `max by (app) (nodejs_eventloop_lag_p99_seconds{${OURS}})`, legend: '{{app}}' },
            ],
          }),
        ],
      },
    ],
  });
