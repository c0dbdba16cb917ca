/**
 * `--authorization-mode=RBAC`: what roles allow that are bound to the user or to one of its groups. Mirrors
 * plugin/pkg/auth/authorizer/rbac. Whether somebody may do a thing everywhere is remembered until any role or
 * binding changes, so that requests of components cost a look-up.
 */
import type { AnyKind, PolicyRule } from '../../api/index.ts'
import type { ApiRequest, UserInfo } from '../../client/index.ts'
import type { AccessAttributes, Authorizer, Decision, SubjectRules } from './authorizer.ts'
import { attributesOf } from './authorizer.ts'
import type { Grant, PolicySource } from './policy-source.ts'
import { ruleAllows } from './rules.ts'

/** Who may do whatever there is, whatever the roles say: `system:masters` is not asked, as upstream. */
const PRIVILEGED_GROUP = 'system:masters'
const PRIVILEGED: Decision = Object.freeze({ verdict: 'allow', reason: '' })

/** What is known of one user. */
interface Memory {
  version: number
  /** By kind, then by verb and subresource: whether all objects, everywhere. */
  readonly everywhere: Map<AnyKind, Map<string, boolean>>
}

export class RbacAuthorizer implements Authorizer {
  readonly #source: PolicySource
  readonly #memories = new WeakMap<UserInfo, Memory>()

  constructor(source: PolicySource) {
    this.#source = source
  }

  refuse(user: UserInfo, request: ApiRequest): string | undefined {
    if (this.mayEverywhere(user, request)) return undefined
    const { verdict, reason } = this.decide(user, attributesOf(request))
    return verdict === 'allow' ? undefined : reason
  }

  /** Whether the user may do this with every object of the kind; false says nothing about one of them. */
  mayEverywhere(user: UserInfo, { kind, verb, subresource }: ApiRequest): boolean {
    const { version } = this.#source
    let memory = this.#memories.get(user)
    if (!memory) {
      memory = { version, everywhere: new Map() }
      this.#memories.set(user, memory)
    }
    if (memory.version !== version) {
      memory.version = version
      memory.everywhere.clear()
    }
    let answers = memory.everywhere.get(kind)
    if (!answers) {
      answers = new Map()
      memory.everywhere.set(kind, answers)
    }
    const question = subresource === '' ? verb : `${verb} ${subresource}`
    let answer = answers.get(question)
    if (answer === undefined) {
      const { group, plural: resource } = kind
      const attributes = { verb, group, resource, subresource, namespace: '', name: '' }
      answer = this.decide(user, attributes).verdict === 'allow'
      answers.set(question, answer)
    }
    return answer
  }

  decide(user: UserInfo, attributes: AccessAttributes): Decision {
    if (user.groups.includes(PRIVILEGED_GROUP)) return PRIVILEGED
    const errors: string[] = []
    for (const grant of this.#grants(user, attributes.namespace)) {
      const rules = this.#rulesOf(grant)
      if (typeof rules === 'string') errors.push(rules)
      else if (rules.some(rule => ruleAllows(rule, attributes))) {
        return { verdict: 'allow', reason: `RBAC: allowed by ${describe(grant)}` }
      }
    }
    return { verdict: 'no opinion', reason: errors.length > 0 ? `RBAC: ${aggregate(errors)}` : '' }
  }

  rulesFor(user: UserInfo, namespace: string): SubjectRules {
    const { rules, error } = this.grantedRules(user, namespace)
    const isForPaths = ({ nonResourceURLs }: PolicyRule) => (nonResourceURLs?.length ?? 0) > 0
    return {
      resourceRules: rules.filter(({ resources }) => (resources?.length ?? 0) > 0),
      nonResourceRules: rules.filter(isForPaths),
      isIncomplete: error !== undefined,
      error,
    }
  }

  /** Every rule that applies to a user in a namespace ('': in all of the cluster). */
  grantedRules(
    user: UserInfo,
    namespace: string,
  ): { rules: readonly PolicyRule[]; error: string | undefined } {
    const all: PolicyRule[] = []
    const errors: string[] = []
    for (const grant of this.#grants(user, namespace)) {
      const rules = this.#rulesOf(grant)
      if (typeof rules === 'string') errors.push(rules)
      else all.push(...rules)
    }
    return { rules: all, error: errors.length > 0 ? aggregate(errors) : undefined }
  }

  #grants(user: UserInfo, namespace: string): readonly Grant[] {
    const ofCluster = this.#source.grantsOf(user, '')
    return namespace === '' ? ofCluster : [...ofCluster, ...this.#source.grantsOf(user, namespace)]
  }

  #rulesOf({ binding }: Grant): readonly PolicyRule[] | string {
    return this.#source.rulesOf(binding.roleRef, binding.metadata.namespace ?? '')
  }
}

/** `ClusterRoleBinding "x" of ClusterRole "y" to User "z"` */
function describe({ binding, subject }: Grant): string {
  const { roleRef, metadata } = binding
  const { namespace } = metadata
  const quoted = (text: string) => JSON.stringify(text)
  const [kind, name] = namespace
    ? ['RoleBinding', `${metadata.name}/${namespace}`]
    : ['ClusterRoleBinding', metadata.name]
  const isAccount = subject.kind === 'ServiceAccount'
  const to = isAccount ? `${subject.name}/${subject.namespace || namespace}` : subject.name
  return `${kind} ${quoted(name)} of ${roleRef.kind} ${quoted(roleRef.name)} to ${subject.kind} ${quoted(to)}`
}

/** Several errors as Go's aggregate prints them. */
function aggregate(errors: readonly string[]): string {
  const distinct = [...new Set(errors)]
  return distinct.length === 1 ? distinct[0]! : `[${distinct.join(', ')}]`
}
