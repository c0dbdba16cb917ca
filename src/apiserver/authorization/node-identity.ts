/** Which node a user is the kubelet of. Mirrors pkg/auth/nodeidentifier. */
import type { UserInfo } from '../../client/index.ts'

const GROUP = 'system:nodes'
const PREFIX = 'system:node:'
const known = new WeakMap<UserInfo, { readonly nodeName: string | undefined }>()

/** The node's name; undefined for everyone who is not both named like a node and in the nodes' group. */
export function nodeNameOf(user: UserInfo): string | undefined {
  let found = known.get(user)
  if (!found) {
    const isNode = user.name.startsWith(PREFIX)
    const isMember = user.groups.includes(GROUP)
    found = { nodeName: isNode && isMember ? user.name.slice(PREFIX.length) : undefined }
    known.set(user, found)
  }
  return found.nodeName
}
