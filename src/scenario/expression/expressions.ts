/**
 * Expressions of lessons: CEL over what etcd has committed. Asked between events, they see the cluster as an
 * onlooker with perfect sight would, without a request of their own.
 */
import { type ASTNode, Environment, type ParseResult } from '@marcbachmann/cel-js'
import { serialize } from '@marcbachmann/cel-js/serialize'
import { isConditionTrue, type KubeObject } from '../../api/index.ts'
import type { Cluster } from '../../cluster/index.ts'
import { UserError } from '../../sim/index.ts'
import { COUNTS, QUESTIONS, TEXTS } from './facts.ts'
import { rewriteReferences, withBareReferences } from './references.ts'

/** An expression that is true or false of a cluster. */
export interface Expression {
  /** As written. */
  readonly text: string
  /** Throws UserError when it cannot be answered. */
  holds(): boolean
  /** The values of its parts at this moment: `ready(deployment/web) = 2, replicas(deployment/web) = 4`. */
  values(): string
}

/** Where in the file the `offset`th character of an expression stands. */
export type Where = (offset: number) => string

export class Expressions {
  /** Made when the first expression is read. */
  #made: Environment | undefined
  readonly #cluster: () => Cluster

  constructor(cluster: () => Cluster) {
    this.#cluster = cluster
  }

  get #environment(): Environment {
    this.#made ??= this.#build()
    return this.#made
  }

  /** Reads an expression. Throws UserError with its place for what is no expression, or is not true or false. */
  read(text: string, where: Where): Expression {
    const { cel, origins } = rewriteReferences(text, word => word in QUESTIONS)
    const mistaken = (error: unknown): UserError => {
      const { summary, range } = error as { summary?: string; range?: { start: number } }
      return new UserError(plainly(summary ?? String(error)), {
        where: where(origins[range?.start ?? 0] ?? 0),
        mend: mendFor(summary ?? ''),
        cause: error,
      })
    }
    const parsed = attempt(() => this.#environment.parse(cel), mistaken)
    const check = parsed.check()
    if (!check.valid) throw mistaken(check.error)
    if (check.type !== 'bool' && check.type !== 'dyn') {
      throw new UserError(`this is of type ${check.type}, not true or false`, {
        where: where(0),
        mend: 'Compare it with something: ready(deployment/web) >= 3',
      })
    }
    return {
      text,
      holds: () => attempt(() => parsed({}), mistaken) === true,
      values: () => this.#valuesOf(parsed),
    }
  }

  #build(): Environment {
    const environment = new Environment({ enableOptionalTypes: true })
    for (const [name, fact] of Object.entries(COUNTS)) {
      const answer = (reference: string) => BigInt(ask(this.#target(reference, name), fact, 0))
      environment.registerFunction(`${name}(string): int`, answer)
    }
    for (const [name, fact] of Object.entries(TEXTS)) {
      environment.registerFunction(`${name}(string): string`, (r: string) => ask(this.#find(r), fact, ''))
    }
    for (const [name, fact] of Object.entries(QUESTIONS)) {
      environment.registerFunction(`${name}(string): bool`, (r: string) => ask(this.#find(r), fact, false))
    }
    environment.registerFunction('get(string): dyn', (r: string) => this.#find(r) ?? null)
    environment.registerFunction('condition(string, string): bool', (r: string, type: string) =>
      isConditionTrue(this.#find(r), type),
    )
    environment.registerFunction('objects(string): list<dyn>', (kind: string) =>
      this.#cluster().list(kind, { namespace: 'default' }),
    )
    environment.registerFunction(
      'objects(string, string): list<dyn>',
      (kind: string, labelSelector: string) =>
        this.#cluster().list(kind, { namespace: 'default', labelSelector }),
    )
    environment.registerFunction('now(): google.protobuf.Timestamp', () => new Date(this.#cluster().sim.now))
    return environment
  }

  #find(reference: string): KubeObject | undefined {
    const { observer } = this.#cluster()
    return observer.get(observer.reference(reference))
  }

  /** What a count is read from: a Service's endpoints are in the Endpoints of the same name. */
  #target(reference: string, name: string): KubeObject | undefined {
    const found = this.#find(reference)
    if (found?.kind !== 'Service' || name !== 'ready') return found
    return this.#cluster().get('endpoints', found.metadata.name, found.metadata.namespace)
  }

  #valuesOf(parsed: ParseResult): string {
    const seen = new Map<string, string>()
    for (const part of partsOf(parsed.ast)) {
      const text = serialize(part)
      seen.set(withBareReferences(text), this.#valueOf(text))
    }
    return [...seen].map(([text, value]) => `${text} = ${value}`).join(', ')
  }

  #valueOf(cel: string): string {
    try {
      return show(this.#environment.evaluate(cel))
    } catch (error) {
      return String((error as { summary?: string }).summary ?? error)
    }
  }
}

type Asked = Parameters<(typeof COUNTS)[string]>[0]

function ask<T>(object: KubeObject | undefined, fact: (object: Asked) => T, absent: T): T {
  return object ? fact(object as Asked) : absent
}

/** The parts whose values explain a result: both sides of every comparison, and what is true or false by itself. */
function partsOf(node: ASTNode): ASTNode[] {
  switch (node.op) {
    case '&&':
    case '||':
      return node.args.flatMap(partsOf)
    case '!_':
      return partsOf(node.args)
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'in':
      return node.args.filter(side => side.op !== 'value' && side.op !== 'list')
    case 'value':
      return []
    default:
      return [node]
  }
}

/** A value as one short line. */
function show(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return `${value.length} objects`
  const text = JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? Number(v) : v)) ?? String(value)
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}

/** Runs `act`; people's mistakes pass, whatever else is thrown is translated. */
function attempt<T>(act: () => T, translate: (error: unknown) => unknown): T {
  try {
    return act()
  } catch (error) {
    const { cause } = error as { cause?: unknown }
    throw error instanceof UserError ? error : cause instanceof UserError ? cause : translate(error)
  }
}

function plainly(summary: string): string {
  return summary.replace(/^found no matching overload for '(\w+)\((.*)\)'$/, 'there is no function $1($2)')
}

function mendFor(summary: string): string | undefined {
  if (summary.startsWith('found no matching overload') || summary.startsWith('Unknown variable')) {
    const names = [...Object.keys(COUNTS), ...Object.keys(TEXTS), ...Object.keys(QUESTIONS)].sort()
    return `Functions: ${names.join(', ')} of KIND/NAME; condition(KIND/NAME, 'Ready'), get(KIND/NAME), objects('pods', 'app=web'), now().`
  }
  if (summary.startsWith('No such key')) return 'Ask with .?field.orValue(0) for fields that may be absent.'
  return undefined
}
