/** The variable `authorizer` of policies: asks what a user may. Mirrors `pkg/cel/library/authz.go`. */
import type { Environment } from '@marcbachmann/cel-js'

/** What is asked of {@link AuthorizerPort}: a resource, or a path. */
export interface CheckedAccess {
  readonly verb: string
  readonly path?: string
  readonly group: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
}

/** Who decides. */
export interface AuthorizerPort {
  decide(access: CheckedAccess): { readonly isAllowed: boolean; readonly reason: string }
  /** The same for a service account. */
  as(namespace: string, name: string): AuthorizerPort
}

class CelAuthorizer {
  readonly port: AuthorizerPort
  readonly requestResource: CelCheck

  constructor(port: AuthorizerPort, request: CheckedAccess) {
    this.port = port
    this.requestResource = new CelCheck(port, request)
  }
}

class CelGroup {
  readonly port: AuthorizerPort
  readonly group: string

  constructor(port: AuthorizerPort, group: string) {
    this.port = port
    this.group = group
  }
}

/** A resource or a path that is being narrowed down. */
class CelCheck {
  readonly port: AuthorizerPort
  readonly access: CheckedAccess

  constructor(port: AuthorizerPort, access: CheckedAccess) {
    this.port = port
    this.access = access
  }

  with(more: Partial<CheckedAccess>): CelCheck {
    return new CelCheck(this.port, { ...this.access, ...more })
  }
}

class CelDecision {
  readonly isAllowed: boolean
  readonly reason: string

  constructor({ isAllowed, reason }: { readonly isAllowed: boolean; readonly reason: string }) {
    this.isAllowed = isAllowed
    this.reason = reason
  }
}

const NOTHING: CheckedAccess = Object.freeze({
  verb: '',
  group: '',
  resource: '',
  subresource: '',
  namespace: '',
  name: '',
})

/** The variable's value; `request` is what `authorizer.requestResource` means. */
export function celAuthorizer(port: AuthorizerPort, request: Partial<CheckedAccess>): object {
  return new CelAuthorizer(port, { ...NOTHING, ...request })
}

export function registerAuthorizer(environment: Environment): void {
  const [authorizer, group, check, decision] = ['Authorizer', 'GroupCheck', 'ResourceCheck', 'Decision'].map(
    name => `kubernetes.authorization.${name}`,
  )
  environment
    .registerType(check!, CelCheck)
    .registerType(group!, CelGroup)
    .registerType(decision!, CelDecision)
    .registerType(authorizer!, { ctor: CelAuthorizer, fields: { requestResource: check! } })
    .registerFunction(`${authorizer}.path(string): ${check}`, ({ port }: CelAuthorizer, path: string) => {
      return new CelCheck(port, { ...NOTHING, path })
    })
    .registerFunction(`${authorizer}.group(string): ${group}`, ({ port }: CelAuthorizer, name: string) => {
      return new CelGroup(port, name)
    })
    .registerFunction(
      `${authorizer}.serviceAccount(string, string): ${authorizer}`,
      ({ port, requestResource }: CelAuthorizer, namespace: string, name: string) =>
        new CelAuthorizer(port.as(namespace, name), requestResource.access),
    )
    .registerFunction(`${group}.resource(string): ${check}`, (given: CelGroup, resource: string) => {
      return new CelCheck(given.port, { ...NOTHING, group: given.group, resource })
    })
    .registerFunction(`${check}.check(string): ${decision}`, ({ port, access }: CelCheck, verb: string) => {
      return new CelDecision(port.decide({ ...access, verb }))
    })
    .registerFunction(`${decision}.allowed(): bool`, (given: CelDecision) => given.isAllowed)
    .registerFunction(`${decision}.reason(): string`, (given: CelDecision) => given.reason)
    .registerFunction(`${decision}.errored(): bool`, () => false)
    .registerFunction(`${decision}.error(): string`, () => '')
  for (const field of ['subresource', 'namespace', 'name'] as const) {
    environment.registerFunction(`${check}.${field}(string): ${check}`, (given: CelCheck, value: string) =>
      given.with({ [field]: value }),
    )
  }
}
