/**
 * Expressions compiled and evaluated, with Kubernetes' libraries. Mirrors `k8s.io/apiserver/pkg/cel` (environment
 * and library); differs in being typed at run time only, and in bounding the size of expressions and of what they
 * run over instead of counting cost.
 */
import { Environment } from '@marcbachmann/cel-js'
import { LIMITS } from '../../sim/index.ts'
import { memoise } from '../memo.ts'
import { registerAuthorizer } from './authorizer.ts'
import { registerLists } from './lists.ts'
import { registerNetworks } from './networks.ts'
import { registerQuantities } from './quantities.ts'
import { registerSetsAndMath } from './sets-and-math.ts'
import { registerStrings } from './strings.ts'

/** What is wrong with an expression, or with what it was evaluated on. */
export class CelError extends Error {
  override readonly name = 'CelError'
}

export interface CelProgram {
  /** The value under these variables: integers as bigint. Throws {@link CelError}. */
  evaluate(variables: Readonly<Record<string, unknown>>): unknown
}

let environment: Environment | undefined

function environmentOf(): Environment {
  if (environment) return environment
  const made = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: LIMITS.celNodes, maxDepth: LIMITS.celDepth },
  })
  registerStrings(made)
  registerLists(made)
  registerQuantities(made)
  registerNetworks(made)
  registerSetsAndMath(made)
  registerAuthorizer(made)
  environment = made
  return made
}

/** Reads an expression. Throws {@link CelError} for what is none. */
export const compileCel: (expression: string) => CelProgram = memoise(expression => {
  const parsed = guarded(() => environmentOf().parse(expression))
  return { evaluate: variables => guarded(() => parsed(variables as Record<string, unknown>) as unknown) }
})

function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    // The library's errors draw the expression below their first line.
    if (!(error instanceof Error)) throw error
    const { summary } = error as { summary?: string }
    throw new CelError(inGoWords(summary ?? error.message.split('\n')[0]!))
  }
}

/** cel-go begins its messages in lower case. */
function inGoWords(message: string): string {
  return message
    .replace(/^No such key/, 'no such key')
    .replace(/^Unknown variable: (\S+)/, "undeclared reference to '$1' (in container '')")
}
