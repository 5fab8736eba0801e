/** Metrics that no process of ours declares, by who has them. Nothing else may be named in a dashboard. */
export const FOREIGN_METRICS: Readonly<Record<string, readonly string[]>> = {
  'k6, or our runner': [
    'k6_http_req_duration_p95',
    'k6_http_req_duration_p99',
    'k6_http_reqs_total',
    'k6_dropped_iterations_total',
    'k6_lost_events_total',
  ],
  'kube-state-metrics': [
    'kube_pod_container_resource_limits',
    'kube_pod_container_status_restarts_total',
    'kube_pod_status_ready',
  ],
  cadvisor: [
    'container_cpu_usage_seconds_total',
    'container_cpu_cfs_throttled_periods_total',
    'container_cpu_cfs_periods_total',
    'container_memory_working_set_bytes',
  ],
  'the kubelet': ['kubelet_volume_stats_used_bytes', 'kubelet_volume_stats_capacity_bytes'],
  'the metrics library, of each process': [
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'process_start_time_seconds',
    'nodejs_eventloop_lag_p99_seconds',
  ],
};
