/**
 * Which events deserve to be written: client-go's EventCorrelator. The same event again only raises a count,
 * many similar ones are combined, and one object's flood is cut off. Differs in remembering objects, not
 * strings: the 4096 objects last spoken of, each with what was said of it.
 */
import { EVENT_RECORDING } from '../api/index.ts'
import { TokenBucket } from './token-bucket.ts'

/** One Event object: everything that was said in the same words of the same thing. */
export interface EventSeries {
  /** Words it stands for; '' for the combined one. */
  readonly key: string
  readonly fieldPath: string | undefined
  /** What the Event shows: the newest wording. */
  message: string
  count: number
  readonly firstMs: number
  lastMs: number
  /** Where its Event is stored; '' before it is. */
  name: string
  state: 'new' | 'sending' | 'stored'
  /** Counted again while a request was under way. */
  isStale: boolean
  /** The one that began after it, of the same type and reason. */
  next: EventSeries | undefined
}

// Nearly everything is said once: lists would take more room than what is in them.
interface Similar {
  readonly type: string
  readonly reason: string
  lastMs: number
  /** The oldest of the different wordings lately, and those after it. */
  message: string
  others: readonly string[]
  oldest: EventSeries | undefined
  newest: EventSeries | undefined
  seriesCount: number
  readonly next: Similar | undefined
}

interface Memory {
  readonly uid: string
  readonly bucket: TokenBucket
  /** What was said of it, the newest kind first. */
  similar: Similar | undefined
  /** Its neighbours in the order of use: undefined beyond the ends. */
  older: Memory | undefined
  newer: Memory | undefined
}

const NONE: readonly never[] = Object.freeze([])

export class EventCorrelator {
  readonly #memories = new Map<string, Memory>()
  // A list of our own: the order of a Map is slow to walk from its beginning once much was deleted there.
  #oldest: Memory | undefined
  #newest: Memory | undefined

  /**
   * Takes note of an event about the object of that uid. Gives the series it belongs to, already counted, or
   * undefined when the object has used up its allowance.
   */
  observe(
    uid: string,
    type: string,
    reason: string,
    message: string,
    fieldPath: string | undefined,
    nowMs: number,
  ): EventSeries | undefined {
    const memory = this.#memory(uid)
    const similar = similarOf(memory, type, reason, message, nowMs)
    const isCombined = isOneTooMany(similar, message)
    const key = isCombined ? '' : message
    const text = isCombined ? EVENT_RECORDING.aggregatePrefix + message : message
    const series = seriesOf(similar, key, isCombined, fieldPath, nowMs)
    series.count++
    series.lastMs = nowMs
    series.message = text
    return memory.bucket.take(nowMs) ? series : undefined
  }

  /** The memory of an object, now the most recently used. */
  #memory(uid: string): Memory {
    let memory = this.#memories.get(uid)
    if (memory) {
      if (memory === this.#newest) return memory
      this.#unlink(memory)
    } else {
      const bucket = new TokenBucket(1000 / EVENT_RECORDING.spamRefillMs, EVENT_RECORDING.spamBurst)
      memory = { uid, bucket, similar: undefined, older: undefined, newer: undefined }
      this.#memories.set(uid, memory)
    }
    memory.older = this.#newest
    if (this.#newest) this.#newest.newer = memory
    else this.#oldest = memory
    this.#newest = memory
    if (this.#memories.size > EVENT_RECORDING.cacheEntries) {
      const forgotten = this.#oldest!
      this.#unlink(forgotten)
      this.#memories.delete(forgotten.uid)
    }
    return memory
  }

  #unlink(memory: Memory): void {
    if (memory.older) memory.older.newer = memory.newer
    else this.#oldest = memory.newer
    if (memory.newer) memory.newer.older = memory.older
    else this.#newest = memory.older
    memory.older = undefined
    memory.newer = undefined
  }
}

function similarOf(memory: Memory, type: string, reason: string, message: string, nowMs: number): Similar {
  let similar = memory.similar
  while (similar && (similar.reason !== reason || similar.type !== type)) similar = similar.next
  if (!similar) {
    similar = {
      type,
      reason,
      lastMs: nowMs,
      message,
      others: NONE,
      oldest: undefined,
      newest: undefined,
      seriesCount: 0,
      next: memory.similar,
    }
    memory.similar = similar
  }
  if (nowMs - similar.lastMs > EVENT_RECORDING.aggregateIntervalMs) {
    similar.message = message
    similar.others = NONE
  }
  similar.lastMs = nowMs
  return similar
}

function seriesOf(
  similar: Similar,
  key: string,
  isCombined: boolean,
  fieldPath: string | undefined,
  nowMs: number,
): EventSeries {
  for (let one = similar.oldest; one; one = one.next) {
    if (one.key === key && (isCombined || one.fieldPath === fieldPath)) return one
  }
  const series = newSeries(key, fieldPath, nowMs)
  if (similar.newest) similar.newest.next = series
  else similar.oldest = series
  similar.newest = series
  // The oldest is forgotten when there are too many.
  if (similar.seriesCount < 2 * EVENT_RECORDING.aggregateAfter) similar.seriesCount++
  else similar.oldest = similar.oldest!.next
  return series
}

/** Remembers the wording; true when there are so many by now that it goes into the combined event. */
function isOneTooMany(similar: Similar, message: string): boolean {
  if (similar.message !== message && !similar.others.includes(message)) {
    similar.others = [...similar.others, message]
  }
  if (1 + similar.others.length < EVENT_RECORDING.aggregateAfter) return false
  const [oldest = message, ...others] = similar.others
  similar.message = oldest
  similar.others = others
  return true
}

function newSeries(key: string, fieldPath: string | undefined, nowMs: number): EventSeries {
  return {
    key,
    fieldPath,
    message: '',
    count: 0,
    firstMs: nowMs,
    lastMs: nowMs,
    name: '',
    state: 'new',
    isStale: false,
    next: undefined,
  }
}
