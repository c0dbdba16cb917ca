/**
 * Puts the bootstrap policy, and what else a server has from the first, into etcd. Mirrors the rbac/bootstrap-roles
 * hook and its like; it differs in writing all that is
 * missing at once, in one transaction a hundred objects.
 */
import { type KubeObject, newUid } from '../../../api/index.ts'
import { type Routine, sleep } from '../../../sim/index.ts'
import type { Core } from '../../core.ts'
import { prefixOf, registryKey } from '../../keys.ts'
import { bootstrapPolicy, type PolicyObject } from './policy.ts'

/** etcd takes no more operations in a transaction (`--max-txn-ops`). */
const BATCH = 128
const RETRY_MS = 1000

/** To be run once the caches are filled. `others` are what is seeded beside the policy. */
export function* seedPolicy(core: Core, others: readonly PolicyObject[] = []): Routine<void> {
  const uids = core.scope.sim.random('apiserver/bootstrap-policy')
  const missing = [...bootstrapPolicy(), ...others].filter(
    ({ kind, namespace, name }) => !core.cacher.known(kind)?.get(namespace, name),
  )
  for (let start = 0; start < missing.length; start += BATCH) {
    const objects = missing.slice(start, start + BATCH).map(object => ({
      key: registryKey(prefixOf(object.kind), object.namespace, object.name),
      object: stored(object, newUid(uids), core.context.timestamp),
    }))
    for (;;) {
      const outcome = yield* core.store.createAll(objects)
      if (outcome.ok || !outcome.refused) break
      yield* sleep(RETRY_MS)
    }
  }
}

function stored(
  { kind, namespace, name, labels, annotations, generation, fields }: PolicyObject,
  uid: string,
  now: string,
) {
  const metadata: KubeObject['metadata'] = {
    name,
    ...(namespace && { namespace }),
    uid,
    resourceVersion: '',
    creationTimestamp: now,
    ...(generation !== undefined && { generation }),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
  }
  return { apiVersion: kind.apiVersion, kind: kind.kind, metadata, ...fields } as KubeObject
}
