/**
 * `--authorization-mode=Node`: a kubelet may read what pods bound to its node refer to, and little else. Mirrors
 * plugin/pkg/auth/authorizer/node; upstream keeps a graph of all objects, here the node's pods are looked through
 * when an object is asked for.
 */
import {
  type AnyKind,
  ConfigMaps,
  Leases,
  NAMES,
  Nodes,
  type PersistentVolumeClaim,
  PersistentVolumeClaims,
  PersistentVolumes,
  type Pod,
  Pods,
  Secrets,
  ServiceAccounts,
} from '../../api/index.ts'
import type { ApiRequest, UserInfo } from '../../client/index.ts'
import type { WatchCache } from '../watch-cache.ts'
import {
  type AccessAttributes,
  type Authorizer,
  attributesOf,
  type Decision,
  type SubjectRules,
} from './authorizer.ts'
import { NODE_RULES } from './bootstrap/node-rules.ts'
import { nodeNameOf } from './node-identity.ts'
import { NodePods } from './node-pods.ts'
import { refersTo } from './pod-references.ts'
import { rulesAllow } from './rules.ts'

const ALLOW: Decision = Object.freeze({ verdict: 'allow', reason: '' })
const READS = ['get', 'list', 'watch']
const SUBDIVIDED: ReadonlySet<AnyKind> = new Set([
  Secrets,
  ConfigMaps,
  PersistentVolumeClaims,
  PersistentVolumes,
  ServiceAccounts,
  Leases,
  Nodes,
  Pods,
])

export class NodeAuthorizer implements Authorizer {
  readonly #cacheOf: (kind: AnyKind) => WatchCache | undefined
  readonly #pods: NodePods
  /** By kind, then verb and subresource: what the static rules say of kinds that are not subdivided. */
  readonly #static = new Map<AnyKind, Map<string, boolean>>()

  constructor(cacheOf: (kind: AnyKind) => WatchCache | undefined) {
    this.#cacheOf = cacheOf
    this.#pods = new NodePods(() => cacheOf(Pods))
  }

  refuse(user: UserInfo, request: ApiRequest): string | undefined {
    const nodeName = nodeNameOf(user)
    if (nodeName !== undefined && this.#mayAtOnce(nodeName, request)) return undefined
    const { verdict, reason } = this.decide(user, attributesOf(request))
    return verdict === 'allow' ? undefined : reason
  }

  decide(user: UserInfo, attributes: AccessAttributes): Decision {
    const nodeName = nodeNameOf(user)
    if (nodeName === undefined) return no('')
    if (attributes.path !== undefined) return no('')
    switch (attributes.group ? `${attributes.resource}.${attributes.group}` : attributes.resource) {
      case 'secrets':
      case 'configmaps':
        return this.#read(nodeName, attributes)
      case 'persistentvolumeclaims':
        return attributes.subresource === 'status' ? byRules(attributes) : this.#get(nodeName, attributes)
      case 'persistentvolumes':
        return this.#get(nodeName, attributes)
      case 'serviceaccounts':
        return attributes.subresource === 'token'
          ? this.#createToken(nodeName, attributes)
          : this.#get(nodeName, attributes)
      case 'leases.coordination.k8s.io':
        return leaseDecision(nodeName, attributes)
      case 'csinodes.storage.k8s.io':
        return csiNodeDecision(nodeName, attributes)
      case 'nodes':
        return nodeDecision(nodeName, attributes)
      case 'pods':
        return this.#pod(nodeName, attributes)
      default:
        return byRules(attributes)
    }
  }

  rulesFor(user: UserInfo): SubjectRules {
    const isNode = nodeNameOf(user) !== undefined
    const error = isNode ? 'node authorizer does not support user rule resolution' : undefined
    return { resourceRules: [], nonResourceRules: [], isIncomplete: isNode, error }
  }

  /** The requests that kubelets send all the time, without an object being made for the question. */
  #mayAtOnce(nodeName: string, { kind, verb, subresource, name, namespace }: ApiRequest): boolean {
    if (kind === Leases)
      return (
        namespace === NAMES.nodeLeaseNamespace && name === nodeName && verb !== 'list' && verb !== 'watch'
      )
    if (kind === Pods || kind === Nodes)
      return subresource === 'status' && (verb === 'patch' || verb === 'update')
    if (SUBDIVIDED.has(kind) || kind.plural === 'csinodes' || subresource !== '') return false
    let answers = this.#static.get(kind)
    if (!answers) {
      answers = new Map()
      this.#static.set(kind, answers)
    }
    let answer = answers.get(verb)
    if (answer === undefined) {
      const { group, plural: resource } = kind
      answer = rulesAllow(NODE_RULES, { verb, group, resource, subresource, namespace: '', name: '' })
      answers.set(verb, answer)
    }
    return answer
  }

  #read(nodeName: string, attributes: AccessAttributes): Decision {
    if (!READS.includes(attributes.verb)) return no('can only read resources of this type')
    if (attributes.subresource) return no('cannot read subresource')
    if (!attributes.namespace) return no('can only read namespaced object of this type')
    return this.#related(nodeName, attributes)
  }

  #get(nodeName: string, attributes: AccessAttributes): Decision {
    if (attributes.verb !== 'get') return no('can only get individual resources of this type')
    if (attributes.subresource) return no('cannot get subresource')
    return this.#related(nodeName, attributes)
  }

  #createToken(nodeName: string, attributes: AccessAttributes): Decision {
    if (attributes.verb !== 'create' || !attributes.name) {
      return no('can only create tokens for individual service accounts')
    }
    return this.#related(nodeName, attributes)
  }

  #pod(nodeName: string, attributes: AccessAttributes): Decision {
    if (attributes.subresource !== '') return byRules(attributes)
    switch (attributes.verb) {
      case 'get':
        return this.#related(nodeName, attributes)
      case 'list':
      case 'watch':
        return selects(attributes, 'spec.nodeName', nodeName)
          ? ALLOW
          : no('can only list/watch pods with spec.nodeName field selector')
      default:
        return byRules(attributes)
    }
  }

  #related(nodeName: string, attributes: AccessAttributes): Decision {
    if (!attributes.name) return no('No Object name found')
    if (this.#isRelated(nodeName, attributes)) return ALLOW
    return no(`no relationship found between node '${nodeName}' and this object`)
  }

  #isRelated(nodeName: string, { resource, namespace, name }: AccessAttributes): boolean {
    for (const pod of this.#pods.on(nodeName)) {
      if (resource === 'pods') {
        if (pod.metadata.name === name && pod.metadata.namespace === namespace) return true
      } else if (resource === 'persistentvolumes') {
        if (this.#usesVolume(pod, name)) return true
      } else if (pod.metadata.namespace === namespace && refersTo(pod, resource, name)) return true
    }
    return false
  }

  #usesVolume(pod: Pod, volumeName: string): boolean {
    const claims = this.#cacheOf(PersistentVolumeClaims)
    return (pod.spec.volumes ?? []).some(({ persistentVolumeClaim }) => {
      if (!persistentVolumeClaim) return false
      const entry = claims?.get(pod.metadata.namespace ?? '', persistentVolumeClaim.claimName)
      return (entry?.object as PersistentVolumeClaim | undefined)?.spec.volumeName === volumeName
    })
  }
}

function no(reason: string): Decision {
  return { verdict: 'no opinion', reason }
}

function byRules(attributes: AccessAttributes): Decision {
  return rulesAllow(NODE_RULES, attributes) ? ALLOW : no('')
}

function selects({ fieldSelector }: AccessAttributes, field: string, value: string): boolean {
  return (
    fieldSelector?.split(',').some(term => term === `${field}=${value}` || term === `${field}==${value}`) ??
    false
  )
}

function leaseDecision(nodeName: string, { verb, subresource, namespace, name }: AccessAttributes): Decision {
  if (!['get', 'create', 'update', 'patch', 'delete'].includes(verb) || subresource) {
    return no('can only get, create, update, patch, or delete a node lease')
  }
  if (namespace !== NAMES.nodeLeaseNamespace) {
    return no(`can only access leases in the ${JSON.stringify(NAMES.nodeLeaseNamespace)} system namespace`)
  }
  if (verb !== 'create' && name !== nodeName) {
    return no('can only access node lease with the same name as the requesting node')
  }
  return ALLOW
}

function csiNodeDecision(nodeName: string, { verb, subresource, name }: AccessAttributes): Decision {
  if (!['get', 'create', 'update', 'patch', 'delete'].includes(verb)) {
    return no('can only get, create, update, patch, or delete a CSINode')
  }
  if (subresource) return no('cannot authorize CSINode subresources')
  if (verb !== 'create' && name !== nodeName) {
    return no('can only access CSINode with the same name as the requesting node')
  }
  return ALLOW
}

function nodeDecision(nodeName: string, attributes: AccessAttributes): Decision {
  const { verb, subresource, name } = attributes
  if (subresource !== '' || !READS.includes(verb)) return byRules(attributes)
  if (name === nodeName || selects(attributes, 'metadata.name', nodeName)) return ALLOW
  if (verb === 'get') {
    return no(`node '${nodeName}' cannot read '${name}', only its own Node object`)
  }
  return no(`node '${nodeName}' cannot read all nodes, only its own Node object`)
}
