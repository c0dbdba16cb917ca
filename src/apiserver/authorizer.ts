/** Who may do what: the port that RBAC will fill. Mirrors `k8s.io/apiserver/pkg/authorization/authorizer`. */
import type { ApiRequest, UserInfo } from '../client/index.ts'

export interface Authorizer {
  /** Undefined when allowed; otherwise why not, to be put after `is forbidden: User "..." cannot ...`. */
  refuse(user: UserInfo, request: ApiRequest): string | undefined
}

/** `--authorization-mode=AlwaysAllow` */
export const ALWAYS_ALLOW: Authorizer = Object.freeze({ refuse: () => undefined })
