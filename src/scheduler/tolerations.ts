/** Telling pods' tolerations apart cheaply, for plugins that sign pods by them. */
import type { Toleration } from 'kubernetes-types/core/v1.js'

const signatures = new WeakMap<readonly Toleration[], string>()

/** Tells lists of tolerations apart; worked out once for a list that is shared. */
export function signTolerations(tolerations: readonly Toleration[] | undefined): string {
  if (!tolerations) return ''
  let signature = signatures.get(tolerations)
  if (signature === undefined) {
    signature = JSON.stringify(tolerations)
    if (Object.isFrozen(tolerations)) signatures.set(tolerations, signature)
  }
  return signature
}
