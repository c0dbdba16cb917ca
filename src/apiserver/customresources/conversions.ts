/**
 * Custom resources of several versions. Each version is handled by its own kind, with its own schema; an object is
 * converted where it comes from etcd and where it goes there, by changing its apiVersion or by asking a webhook. Mirrors
 * `pkg/apiserver/conversion` of apiextensions-apiserver. Where it differs: a list's objects are sent in one review.
 */
import {
  type AnyKind,
  ApiError,
  type Conversion,
  type KubeObject,
  newUid,
  statuses,
} from '../../api/index.ts'
import { callback, type RandomStream, type Routine } from '../../sim/index.ts'
import type { Cacher } from '../cacher.ts'
import {
  addressOf,
  failureOf,
  missingService,
  type WebhookAnswer,
  type WebhookPort,
} from '../webhook-port.ts'
import { conversionReview, readConversion, reviewVersion } from './conversion-review.ts'

export interface ConversionParts {
  readonly webhooks: WebhookPort
  readonly cacher: Cacher
  readonly uids: RandomStream
}

/** What a client of a webhook waits, upstream. */
const TIMEOUT_SECONDS = 30
/** Conversions of what is not stored that are remembered: those that one request needs. */
const MOST_REMEMBERED = 100

/** Thrown where an object's other form is needed at once and nobody has been asked yet: see {@link Conversions.learn}. */
export class ConversionNeeded extends Error {
  readonly kind: AnyKind
  readonly object: KubeObject

  constructor(kind: AnyKind, object: KubeObject) {
    super(`${object.apiVersion} is not known as ${kind.apiVersion}`)
    this.kind = kind
    this.object = object
  }
}

/** By the conversion of the version that was wanted, which is another one after every change of the definition. */
const memo = new WeakMap<Conversion, WeakMap<KubeObject, KubeObject>>()

/** A stored object in the version of `kind`, if that is known without asking; else as it is stored. */
export function knownAs(kind: AnyKind, stored: KubeObject): KubeObject {
  const { conversion } = kind
  if (!conversion || stored.apiVersion === kind.apiVersion) return stored
  const known = remembered(conversion).get(stored)
  if (known || conversion.webhook) return known ?? stored
  const object = conversion.complete({ ...stored, apiVersion: kind.apiVersion })
  remembered(conversion).set(stored, object)
  return object
}

/** Whether {@link knownAs} gives the version of `kind`. */
export function isKnownAs(kind: AnyKind, stored: KubeObject): boolean {
  return !kind.conversion || knownAs(kind, stored).apiVersion === kind.apiVersion
}

function remembered(conversion: Conversion): WeakMap<KubeObject, KubeObject> {
  let known = memo.get(conversion)
  if (!known) {
    known = new WeakMap()
    memo.set(conversion, known)
  }
  return known
}

export class Conversions {
  readonly #parts: ConversionParts
  /** What is not stored, by what it says: see {@link now}. */
  readonly #learnt = new Map<string, KubeObject>()

  constructor(parts: ConversionParts) {
    this.#parts = parts
  }

  /** A stored object in the version of `kind`. Throws ApiError 500 when that cannot be had. */
  *served(kind: AnyKind, stored: KubeObject): Routine<KubeObject> {
    if (!isKnownAs(kind, stored)) yield* this.#ask(kind, [stored])
    return knownAs(kind, stored)
  }

  /** Many at once. Throws ApiError 500 likewise. */
  *servedAll(kind: AnyKind, stored: readonly KubeObject[]): Routine<readonly KubeObject[]> {
    const unknown = stored.filter(object => !isKnownAs(kind, object))
    if (unknown.length > 0) yield* this.#ask(kind, unknown)
    return stored.map(object => knownAs(kind, object))
  }

  /** An object of the version of `kind` as it is to be stored: its root and metadata are its own. */
  *stored(kind: AnyKind, object: KubeObject): Routine<KubeObject> {
    const conversion = kind.conversion!
    const { storedVersion } = conversion
    if (object.apiVersion === storedVersion) return object
    const [converted] = yield* this.#convert(conversion, storedVersion, [object])
    return { ...converted!, metadata: { ...converted!.metadata } }
  }

  /** Any object in the version of `kind`, for those who cannot wait. Throws {@link ConversionNeeded}. */
  now(kind: AnyKind, object: KubeObject): KubeObject {
    const { conversion } = kind
    if (!conversion?.webhook) {
      return conversion?.complete({ ...object, apiVersion: kind.apiVersion }) ?? object
    }
    const learnt = this.#learnt.get(contentKey(kind, object))
    if (!learnt) throw new ConversionNeeded(kind, object)
    return learnt
  }

  /** Finds out what {@link now} did not know. */
  *learn({ kind, object }: ConversionNeeded): Routine<void> {
    const conversion = kind.conversion!
    const [converted] = yield* this.#convert(conversion, kind.apiVersion, [object])
    if (this.#learnt.size >= MOST_REMEMBERED) this.#learnt.delete(this.#learnt.keys().next().value!)
    this.#learnt.set(contentKey(kind, object), conversion.complete(converted!))
  }

  *#ask(kind: AnyKind, stored: readonly KubeObject[]): Routine<void> {
    const conversion = kind.conversion!
    const converted = yield* this.#convert(conversion, kind.apiVersion, stored)
    for (const [i, object] of stored.entries()) {
      remembered(conversion).set(object, conversion.complete(converted[i]!))
    }
  }

  *#convert(
    { webhook }: Conversion,
    apiVersion: string,
    objects: readonly KubeObject[],
  ): Routine<readonly KubeObject[]> {
    if (!webhook) return objects.map(object => ({ ...object, apiVersion }))
    const { clientConfig = {}, conversionReviewVersions } = webhook
    const reviewed = reviewVersion(conversionReviewVersions)
    if (!reviewed) return fail('no supported conversion review versions')
    const { webhooks, cacher, uids } = this.#parts
    const uid = newUid(uids)
    const review = conversionReview(uid, reviewed, apiVersion, objects)
    const missing = missingService(clientConfig, cacher)
    const answer: WebhookAnswer = missing
      ? { ok: false, message: missing }
      : yield* callback<WebhookAnswer>(done =>
          webhooks.call(clientConfig, review, TIMEOUT_SECONDS * 1000, done),
        )
    const [first] = objects
    const what = `conversion webhook for ${first!.apiVersion}, Kind=${first!.kind} failed`
    if (!answer.ok) {
      return fail(
        `${what}: Post ${JSON.stringify(addressOf(clientConfig, TIMEOUT_SECONDS))}: ${answer.message}`,
      )
    }
    const failure = failureOf(answer.code ?? 200)
    if (failure) return fail(`${what}: ${failure}`)
    const read = readConversion(answer.body, uid, reviewed, apiVersion, objects)
    return 'failure' in read ? fail(read.failure) : read.objects
  }
}

function contentKey({ apiVersion }: AnyKind, object: KubeObject): string {
  return `${apiVersion} ${JSON.stringify(object)}`
}

/** As upstream: an error without a reason. */
function fail(message: string): never {
  throw new ApiError({ ...statuses.internalError(''), reason: '', message, details: undefined })
}
