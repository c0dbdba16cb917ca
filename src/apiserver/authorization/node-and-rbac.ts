/** `--authorization-mode=Node,RBAC`, kubeadm's: who is allowed by either is allowed. Mirrors the union authorizer. */
import type { AnyKind } from '../../api/index.ts'
import type { ApiRequest, UserInfo } from '../../client/index.ts'
import type { WatchCache } from '../watch-cache.ts'
import {
  type AccessAttributes,
  type Authorizer,
  attributesOf,
  type Decision,
  type SubjectRules,
} from './authorizer.ts'
import { NodeAuthorizer } from './node.ts'
import { nodeNameOf } from './node-identity.ts'
import { PolicySource } from './policy-source.ts'
import { RbacAuthorizer } from './rbac.ts'

export class NodeAndRbac implements Authorizer {
  readonly #node: NodeAuthorizer
  readonly #rbac: RbacAuthorizer

  /** `cacheOf` gives what the server knows of a kind. */
  constructor(cacheOf: (kind: AnyKind) => WatchCache | undefined) {
    this.#node = new NodeAuthorizer(cacheOf)
    this.#rbac = new RbacAuthorizer(new PolicySource(cacheOf))
  }

  refuse(user: UserInfo, request: ApiRequest): string | undefined {
    if (nodeNameOf(user) === undefined) return this.#rbac.refuse(user, request)
    if (this.#node.refuse(user, request) === undefined) return undefined
    const { verdict, reason } = this.decide(user, attributesOf(request))
    return verdict === 'allow' ? undefined : reason
  }

  decide(user: UserInfo, attributes: AccessAttributes): Decision {
    const byNode = this.#node.decide(user, attributes)
    if (byNode.verdict === 'allow') return byNode
    const byRbac = this.#rbac.decide(user, attributes)
    if (byRbac.verdict === 'allow') return byRbac
    const reasons = [byNode.reason, byRbac.reason].filter(reason => reason !== '')
    return { verdict: 'no opinion', reason: reasons.join('\n') }
  }

  rulesFor(user: UserInfo, namespace: string): SubjectRules {
    const byNode = this.#node.rulesFor(user)
    const byRbac = this.#rbac.rulesFor(user, namespace)
    const errors = [byNode.error, byRbac.error].filter(error => error !== undefined)
    return {
      resourceRules: byRbac.resourceRules,
      nonResourceRules: byRbac.nonResourceRules,
      isIncomplete: byNode.isIncomplete || byRbac.isIncomplete,
      ...(errors.length > 0 && { error: errors.length === 1 ? errors[0] : `[${errors.join(', ')}]` }),
    }
  }
}
