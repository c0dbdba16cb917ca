/**
 * Objects as kubectl's typed clients write them: with the empty creationTimestamp and status that Go leaves in
 * everything it serialises.
 */
import type { Container, PodSpec, ServicePort, ServiceSpec } from 'kubernetes-types/core/v1.js'
import { type AnyKind, type KubeObject, type NewObject, Pods, Services } from '../api/index.ts'
import { KubectlError } from './kubectl-error.ts'

export interface Generated {
  readonly kind: AnyKind
  readonly object: NewObject<KubeObject>
}

type Strings = Readonly<Record<string, string>>

/** An object of a kind. `status` is what an empty status of the kind prints; none where the kind has no status. */
export function generated(
  kind: AnyKind,
  metadata: { readonly name: string; readonly labels?: Strings; readonly annotations?: Strings },
  fields: Readonly<Record<string, unknown>>,
): Generated {
  const object = {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: emptyMetadata(metadata),
    ...fields,
  }
  return { kind, object: object as unknown as NewObject<KubeObject> }
}

/** Metadata with Go's empty time. */
export function emptyMetadata<T extends object>(metadata: T): T & { creationTimestamp: null } {
  return { creationTimestamp: null, ...metadata }
}

export function pod(
  metadata: { readonly name: string; readonly labels: Strings; readonly annotations?: Strings },
  container: Container,
  restartPolicy: string,
): Generated {
  const spec: PodSpec = { containers: [container], dnsPolicy: 'ClusterFirst', restartPolicy }
  return generated(Pods, metadata, { spec, status: {} })
}

export function service(
  metadata: { readonly name: string; readonly labels?: Strings },
  spec: ServiceSpec,
): Generated {
  return generated(Services, metadata, { spec, status: { loadBalancer: {} } })
}

/** A port that is forwarded to the port (or the name) `targetPort`. */
export function servicePort(
  name: string | undefined,
  port: number,
  target: string,
  protocol = 'TCP',
): ServicePort {
  const targetPort = /^\d+$/.test(target) ? Number(target) : target
  return { ...(name !== undefined && { name }), port, protocol, targetPort }
}

/** `a=b,c=d` as labels. Throws KubectlError. */
export function parsePairs(text: string): Strings {
  const pairs = text.split(',').map(pair => {
    const [key = '', value, ...rest] = pair.split('=')
    if (value === undefined || rest.length > 0) {
      throw new KubectlError(`error: unexpected label spec: ${pair}`)
    }
    if (key === '') throw new KubectlError('error: unexpected empty label key')
    return [key, value] as const
  })
  return Object.fromEntries(pairs)
}
