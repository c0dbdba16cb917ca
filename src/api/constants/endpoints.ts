/** The numbers and names of the endpointslice and endpoints controllers. */
export const ENDPOINTS = Object.freeze({
  /** `--max-endpoints-per-slice`. */
  maxEndpointsPerSlice: 100,
  /** Addresses one core/v1 Endpoints object holds at most; the rest is cut off. */
  maxAddresses: 1000,
  /** Set on an Endpoints object to `truncated` when addresses were cut off. */
  overCapacityAnnotation: 'endpoints.kubernetes.io/over-capacity',
  /** When the oldest change behind this version happened. */
  lastChangeAnnotation: 'endpoints.kubernetes.io/last-change-trigger-time',
  headlessLabel: 'service.kubernetes.io/headless',
  /** Says that Kubernetes, not a person, made an Endpoints object. */
  endpointsManagedByLabel: 'endpoints.kubernetes.io/managed-by',
  sliceManager: 'endpointslice-controller.k8s.io',
  endpointsManager: 'endpoint-controller',
  /** `--concurrent-endpoint-syncs`, `--concurrent-service-endpoint-syncs`. */
  workers: 5,
  /** The endpointslice controller's own back-off. */
  sliceRetryBaseMs: 1000,
  sliceRetryMaxMs: 1_000_000,
})
