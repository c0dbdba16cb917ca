/** Deletes bootstrap tokens when they expire. Mirrors `pkg/controller/bootstrap`'s TokenCleaner. */
import { type Secret, Secrets } from '../../api/index.ts'
import { type Controller, DONE, type Outcome, type View } from '../../client/index.ts'
import { bootstrapField, isBootstrapToken } from '../shared/bootstrap-tokens.ts'

export const tokenCleaner: Controller<Secret> = {
  name: 'token-cleaner',
  eventSource: 'token-cleaner',
  kind: Secrets,
  isRelevant: isBootstrapToken,
  watches: [],
  indexes: [],
  workers: 1,
  reconcile(secret: Secret | undefined, view: View): Outcome {
    if (!secret || !isBootstrapToken(secret)) return DONE
    const expiration = bootstrapField(secret, 'expiration')
    if (expiration === '') return DONE
    // One that is no time counts as past, as upstream.
    const leftMs = Date.parse(expiration) - view.nowMs
    if (leftMs > 0) return { intents: [], requeueAfterMs: leftMs }
    const options = { preconditions: { uid: secret.metadata.uid } }
    return { intents: [{ do: 'delete', kind: Secrets, object: secret, options }] }
  },
}
