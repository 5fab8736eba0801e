/** The kinds that the operator reads, so that nothing outside this folder imports the client. */
export type {
  V1Container,
  V1ContainerStatus,
  V1EnvFromSource,
  V1EnvVar,
  V1LabelSelector,
  V1Pod,
  V1PodSpec,
  V1PodTemplateSpec,
  V1Service,
  V1Volume,
  V1VolumeProjection,
} from '@kubernetes/client-node';
