/** `kubectl get customresourcedefinitions` */
import { defineKind } from '../../define-kind.ts'
import { customResourceDefinitionColumns } from './columns.ts'
import { customResourceDefinitionStrategy } from './strategy.ts'
import type { CustomResourceDefinition } from './types.ts'

export const CustomResourceDefinitions = defineKind<CustomResourceDefinition>({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  isNamespaced: false,
  hasStatus: true,
  schema: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition',
  columnsAreComplete: true,
  columns: customResourceDefinitionColumns,
  strategy: customResourceDefinitionStrategy,
})
