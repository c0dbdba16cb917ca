/** Verbs of kubectl that are not modelled: they say so, whatever their flags. */
import type { RefusedCommand } from '../context.ts'

const VERBS: readonly string[] = [
  'attach',
  'autoscale',
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
  { name: 'auth', refusal: 'kubectl auth is not modelled: everybody may do everything' },
  { name: 'explain', refusal: 'kubectl explain is not modelled' },
  // What the real one says to a cluster without a metrics server, as this one is.
  { name: 'top', refusal: 'Metrics API not available' },
]
