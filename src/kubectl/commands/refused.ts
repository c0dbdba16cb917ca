/** Verbs of kubectl that are not modelled: they say so, whatever their flags. */
import type { RefusedCommand } from '../context.ts'

const VERBS: readonly string[] = [
  'attach',
  'auth reconcile',
  'certificate',
  'completion',
  'cp',
  'debug',
  'diff',
  'edit',
  'kustomize',
  'plugin',
  'port-forward',
  'proxy',
  'replace',
  'set env',
  'set resources',
  'set selector',
  'set serviceaccount',
  'set subject',
]

export const REFUSED: readonly RefusedCommand[] = [
  ...VERBS.map(name => ({ name, refusal: `kubectl ${name} is not modelled` })),
  { name: 'explain', refusal: 'kubectl explain is not modelled' },
]
