/**
 * What happened, and because of what: an append-only table of 24-byte records in columns, hashed chunk by
 * chunk into one running SHA-256. Record numbers start at 1; cause 0 means "from outside".
 */
import { assert } from './errors.ts'
import { LargeMap } from './large-map.ts'
import { LIMITS } from './limits.ts'
import { sha256 as portableSha256, type Sha256 } from './sha256.ts'

/** A record's number; 0 stands for the outside world. */
export type Cause = number
/** An interned name of what happens, such as `kubelet/sync-pod`. */
export type Label = number & { readonly __label?: never }
/** An interned name of what it happens to, such as `/registry/pods/default/web`; 0 for none. */
export type Subject = number & { readonly __subject?: never }

/** One record, as read back. */
export interface TraceRecord {
  readonly id: number
  readonly atMs: number
  readonly cause: Cause
  readonly label: string
  readonly subject: string
  /** A number whose meaning the label gives: a revision, an HTTP status, a count. */
  readonly detail: number
}

const CHUNK = 1 << 15
const BYTES = 24

interface Chunk {
  readonly bytes: Uint8Array
  readonly atMs: Float64Array
  readonly cause: Uint32Array
  readonly subject: Uint32Array
  readonly detail: Uint32Array
  readonly label: Uint32Array
}

export class Trace {
  readonly #sha256: Sha256
  readonly #chunks: (Chunk | undefined)[] = []
  readonly #labels: string[] = ['']
  readonly #labelIds = new LargeMap<Label>()
  readonly #subjects: string[] = ['']
  readonly #subjectIds = new LargeMap<Subject>()
  #current: Chunk = newChunk()
  #length = 0
  #offset = 0
  #chain: Uint8Array = new Uint8Array(32)
  #namesHashed = { labels: 1, subjects: 1 }

  constructor(sha256: Sha256 = portableSha256) {
    this.#sha256 = sha256
    this.#chunks.push(this.#current)
  }

  /** How many records there are. */
  get length(): number {
    return this.#length
  }

  label(name: string): Label {
    return intern(name, this.#labels, this.#labelIds)
  }

  subject(name: string): Subject {
    return intern(name, this.#subjects, this.#subjectIds)
  }

  subjectName(subject: Subject): string {
    return this.#subjects[subject] ?? ''
  }

  /** Appends a record and returns its number. */
  add(atMs: number, label: Label, subject: Subject, detail: number, cause: Cause): Cause {
    if (this.#offset === CHUNK) this.#closeChunk()
    const i = this.#offset++
    const chunk = this.#current
    chunk.atMs[i] = atMs
    chunk.cause[i] = cause
    chunk.subject[i] = subject
    chunk.detail[i] = detail
    chunk.label[i] = label
    return ++this.#length
  }

  /** Reads record `id` back; undefined when it was never written or is no longer kept. */
  read(id: Cause): TraceRecord | undefined {
    if (id < 1 || id > this.#length) return undefined
    const chunk = this.#chunks[Math.floor((id - 1) / CHUNK)]
    if (!chunk) return undefined
    const i = (id - 1) % CHUNK
    return {
      id,
      atMs: chunk.atMs[i]!,
      cause: chunk.cause[i]!,
      label: this.#labels[chunk.label[i]!]!,
      subject: this.#subjects[chunk.subject[i]!]!,
      detail: chunk.detail[i]!,
    }
  }

  /** The chain of causes from `id` back to the outside, nearest first. */
  chain(id: Cause): TraceRecord[] {
    const records: TraceRecord[] = []
    for (let next = id; next !== 0 && records.length < LIMITS.causalChain; ) {
      const record = this.read(next)
      if (!record) break
      assert(record.cause < next, 'a cause comes before its effect')
      records.push(record)
      next = record.cause
    }
    return records
  }

  /** The newest record about `subject` at or below `from` that `wanted` accepts. Walks backwards. */
  findLast(
    subject: Subject,
    wanted: (record: TraceRecord) => boolean,
    from = this.#length,
  ): TraceRecord | undefined {
    for (let id = from; id > 0; id--) {
      const chunk = this.#chunks[Math.floor((id - 1) / CHUNK)]
      if (!chunk) return undefined
      if (chunk.subject[(id - 1) % CHUNK] !== subject) continue
      const record = this.read(id)!
      if (wanted(record)) return record
    }
    return undefined
  }

  /** SHA-256 over every record and every name so far, as 64 hex digits. Does not disturb the trace. */
  digest(): string {
    const partial = columns(this.#current, this.#offset)
    const bytes = join([this.#chain, partial, this.#newNames(false)])
    return [...this.#sha256(bytes)].map(byte => byte.toString(16).padStart(2, '0')).join('')
  }

  #closeChunk(): void {
    this.#chain = this.#sha256(join([this.#chain, this.#current.bytes, this.#newNames(true)]))
    this.#current = newChunk()
    this.#offset = 0
    this.#chunks.push(this.#current)
    const kept = LIMITS.traceRecords / CHUNK
    if (this.#chunks.length > kept) this.#chunks[this.#chunks.length - 1 - kept] = undefined
  }

  #newNames(isFinal: boolean): Uint8Array {
    const { labels, subjects } = this.#namesHashed
    const text = `${this.#labels.slice(labels).join('\n')}\0${this.#subjects.slice(subjects).join('\n')}`
    if (isFinal) this.#namesHashed = { labels: this.#labels.length, subjects: this.#subjects.length }
    return new TextEncoder().encode(text)
  }
}

function intern(name: string, names: string[], ids: LargeMap<number>): number {
  const known = ids.get(name)
  if (known !== undefined) return known
  const id = names.length
  names.push(name)
  ids.set(name, id)
  return id
}

function newChunk(): Chunk {
  const buffer = new ArrayBuffer(CHUNK * BYTES)
  return {
    bytes: new Uint8Array(buffer),
    atMs: new Float64Array(buffer, 0, CHUNK),
    cause: new Uint32Array(buffer, CHUNK * 8, CHUNK),
    subject: new Uint32Array(buffer, CHUNK * 12, CHUNK),
    detail: new Uint32Array(buffer, CHUNK * 16, CHUNK),
    label: new Uint32Array(buffer, CHUNK * 20, CHUNK),
  }
}

/** The first `count` records of a chunk, column after column. */
function columns(chunk: Chunk, count: number): Uint8Array {
  const { bytes } = chunk
  return join([
    bytes.subarray(0, count * 8),
    ...[8, 12, 16, 20].map(start => bytes.subarray(CHUNK * start, CHUNK * start + count * 4)),
  ])
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
