/**
 * Specs of pods that differ from a known one only by what an admission plugin added. Every pod of a workload gets
 * a spec of its own (its token's volume has a random name), yet what was found out about the template holds for
 * all of them.
 */
import type { PodSpec } from 'kubernetes-types/core/v1.js'

const origins = new WeakMap<PodSpec, PodSpec>()

/**
 * Declares that `spec` is `origin` with nothing changed but additions that are right beyond doubt (an existing
 * account, its token's volume and mounts, tolerations), none of which asks for resources. Gives `spec` back.
 */
export function derivePodSpec(origin: PodSpec, spec: PodSpec): PodSpec {
  if (origin !== spec) origins.set(spec, originOf(origin))
  return spec
}

/** The spec that this one was derived from, or itself. */
export function originOf(spec: PodSpec): PodSpec {
  return origins.get(spec) ?? spec
}
