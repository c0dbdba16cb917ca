/** POST on a collection. Mirrors `handlers.createHandler` and `registry.Store.Create`. */
import { API_SERVER, generateName, type KubeObject, newUid } from '../api/index.ts'
import type { ApiResult } from '../client/index.ts'
import { type Routine, sleep } from '../sim/index.ts'
import { type Attributes, isRefusal, type Refusal } from './admission/plugin.ts'
import { attributesOf, forbiddenStatus } from './authorization/authorizer.ts'
import { checkAddress, objectIn } from './body.ts'
import { answer, type Call, type Core, refusal, refuse, statuses } from './core.ts'
import { registryKey } from './keys.ts'
import { firstGeneration, newMetadata, owned, withMetadata } from './metadata.ts'
import type { WriteOutcome } from './store.ts'
import { checkNew } from './validation.ts'
import type { WatchCache } from './watch-cache.ts'

export function createObject(core: Core, call: Call, cache: WatchCache): Routine<ApiResult> {
  const { kind } = call.request
  const given = objectIn(call)
  checkAddress(call, given)
  const object = (kind.strategy.defaults?.(given) ?? given) as KubeObject
  return storeNew(core, call, cache, object)
}

/** Where a PUT or an apply finds nothing: who asks must be allowed to create as well. Mirrors `withAuthorization`. */
export function storeAbsent(
  core: Core,
  call: Call,
  cache: WatchCache,
  object: KubeObject,
): Routine<ApiResult> {
  const { user, request } = call
  const attributes = { ...attributesOf(request), verb: 'create' }
  const { verdict, reason } = core.access.authorizer.decide(user, attributes)
  if (verdict !== 'allow') refuse(forbiddenStatus(user, attributes, reason))
  return storeNew(core, call, cache, { ...object, metadata: { ...object.metadata, name: request.name } })
}

/** Admits, completes, validates and stores an object that has its defaults. */
function* storeNew(core: Core, call: Call, cache: WatchCache, given: KubeObject): Routine<ApiResult> {
  const { request } = call
  const { kind, namespace } = request
  const object = core.tracking.created(call, given)
  const attributes: Attributes = {
    operation: 'CREATE',
    kind,
    subresource: '',
    namespace,
    name: given.metadata.name || request.name,
    urlName: request.verb === 'create' ? '' : request.name,
    user: call.user,
    old: undefined,
    isDryRun: request.options.dryRun === true,
    warnings: call.warnings,
  }
  const verdict = core.admission.admit(object, attributes)
  let admitted = isRefusal(verdict) ? yield* admitLater(core, object, attributes, verdict) : verdict
  const isWaiting = core.admission.waits(attributes)
  if (isWaiting) admitted = yield* core.admission.admitWaiting(admitted, attributes, core)
  const isGenerated = !attributes.name && !!given.metadata.generateName
  for (let attempt = 1; ; attempt++) {
    const name = isGenerated ? generateName(given.metadata.generateName!, core.names) : attributes.name
    const prepared = prepare(core, call, admitted, name, attributes)
    if (isWaiting && attempt === 1) yield* judgeWaiting(core, prepared, undefined, attributes)
    if (request.options.dryRun) {
      kind.strategy.afterFailure?.(prepared, undefined, core.context)
      if (cache.get(namespace, name)) return refusal(statuses.alreadyExists(kind, name), call.warnings)
      return answer(call, 201, prepared)
    }
    const { ttlSeconds } = kind
    const shared = ttlSeconds === undefined ? 0 : core.leases.shared(ttlSeconds)
    const lease: number = shared ?? (yield* core.leases.lease(ttlSeconds!))
    const key = registryKey(cache.prefix, namespace, name)
    const stored = kind.conversion ? yield* core.conversions.stored(kind, prepared) : prepared
    const outcome: WriteOutcome = yield core.store.create(key, stored, lease)
    if (outcome.ok) {
      const made = kind.conversion ? yield* core.conversions.served(kind, outcome.object) : outcome.object
      return answer(call, 201, made)
    }
    kind.strategy.afterFailure?.(prepared, undefined, core.context)
    if (outcome.refused) refuse(outcome.refused)
    const taken = statuses.alreadyExists(kind, name)
    if (!isGenerated) return refusal(taken, call.warnings)
    if (attempt === API_SERVER.nameAttempts) {
      const message = `${taken.message}, the server was not able to generate a unique name for the object`
      return refusal({ ...taken, message }, call.warnings)
    }
    core.counters.retries++
  }
}

/** Asks those who judge and must be waited for; a refusal gives back what the object had been allocated. */
export function* judgeWaiting(
  core: Core,
  object: KubeObject,
  old: KubeObject | undefined,
  attributes: Attributes,
): Routine<void> {
  try {
    yield* core.admission.validateWaiting(object, attributes, core)
  } catch (error) {
    attributes.kind.strategy.afterFailure?.(object, old, core.context)
    throw error
  }
}

/** Asks the mutating plugins again: what they missed is given time to come, in our cache or in the world. */
function* admitLater(
  core: Core,
  object: KubeObject,
  attributes: Attributes,
  first: Refusal,
): Routine<KubeObject> {
  let isFresh = false
  let verdict: KubeObject | Refusal = first
  for (let attempt = 1; isRefusal(verdict); verdict = core.admission.admit(object, attributes)) {
    if (!isFresh && core.cacher.isBehind) {
      yield* core.cacher.reach(core.store.revision)
      isFresh = true
      continue
    }
    const { refused, retry } = verdict
    if (!retry || attempt++ >= retry.attempts) return refuse(refused)
    yield* sleep(core.context.random.between(retry.minMs, retry.maxMs))
  }
  return verdict
}

/** The object as it will be stored. Throws ApiError when it is not valid. */
function prepare(
  core: Core,
  call: Call,
  admitted: KubeObject,
  name: string,
  attributes: Attributes,
): KubeObject {
  const { kind, namespace } = call.request
  const { strategy } = kind
  const { context } = core
  const metadata = newMetadata(admitted.metadata, name, namespace, newUid(core.uids), context.timestamp)
  const generation = firstGeneration(kind)
  if (generation !== undefined) metadata.generation = generation
  let object = withMetadata(admitted, metadata)
  object = owned(strategy.prepareForCreate?.(object, context, call.user) ?? object)
  try {
    checkNew(kind, object)
    const refused = core.admission.validate(object, attributes)
    if (refused) refuse(refused.refused)
  } catch (error) {
    strategy.afterFailure?.(object, undefined, context)
    throw error
  }
  const warnings = strategy.warnings?.(object, undefined)
  if (warnings) for (const warning of warnings) call.warnings.push(warning)
  return object
}
