/** Who crashes or recovers: `node node-2`, `node-2`, `etcd`, `kube-scheduler`. */
import { expectWords, type VerbCall } from './verb.ts'

/** The name of a node or a component. Throws UserError. */
export function targetOf(call: VerbCall, usage: string): string {
  const [first = '', second] = expectWords(call, usage, 1, 2)
  if (second === undefined) return first
  if (first === 'node') return second
  return expectWords(call, usage, 1)[0]!
}
