/** `kubectl get replicationcontrollers` */
import { defineKind } from '../../define-kind.ts'
import { formatLabels } from '../../selector.ts'
import { replicationControllerColumns } from './columns.ts'
import { replicationControllerStrategy } from './strategy.ts'
import type { ReplicationController } from './types.ts'

export const ReplicationControllers = defineKind<ReplicationController>({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  singular: 'replicationcontroller',
  shortNames: ['rc'],
  categories: ['all'],
  isNamespaced: true,
  hasStatus: true,
  schema: 'io.k8s.api.core.v1.ReplicationController',
  selectableFields: { 'status.replicas': controller => `${controller.status.replicas ?? 0}` },
  scale: {
    specReplicas: controller => controller.spec.replicas ?? 0,
    withSpecReplicas: (controller, replicas) => ({ ...controller, spec: { ...controller.spec, replicas } }),
    statusReplicas: controller => controller.status.replicas ?? 0,
    selector: controller => (controller.spec.selector ? formatLabels(controller.spec.selector) : ''),
  },
  columns: replicationControllerColumns,
  strategy: replicationControllerStrategy,
})
