import { expect, test } from 'vitest'
import type { KubeObject } from '../api/index.ts'
import { flowControlDefaults } from './flow-control-defaults.ts'

test('every flow is valid and leads to a level that is there', () => {
  const defaults = flowControlDefaults('2026-01-01T00:00:00Z')
  const levels = new Set(defaults.filter(({ kind }) => kind.kind !== 'FlowSchema').map(({ name }) => name))
  expect([defaults.length, levels.size]).toEqual([21, 8])
  for (const { kind, name, annotations, fields } of defaults) {
    const { apiVersion, strategy } = kind
    const object = { apiVersion, kind: kind.kind, metadata: { name, annotations }, ...fields } as KubeObject
    expect(strategy.validate!(strategy.defaults!(object))).toEqual([])
    const { spec } = fields as { spec: { priorityLevelConfiguration?: { name: string } } }
    const level = spec.priorityLevelConfiguration?.name
    if (level !== undefined) expect(levels).toContain(level)
  }
})
