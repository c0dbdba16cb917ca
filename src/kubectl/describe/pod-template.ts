/** The pods a workload makes. Mirrors DescribePodTemplate of k8s.io/kubectl/pkg/describe. */
import type { PodTemplateSpec, TopologySpreadConstraint } from 'kubernetes-types/core/v1.js'
import { formatLabelSelector } from '../../api/index.ts'
import { writeContainers } from './containers.ts'
import { compare, writeAnnotations, writeLabels, writeList, writeTolerations } from './parts.ts'
import { writeVolumes } from './volumes.ts'
import type { DescriptionWriter } from './writer.ts'

export function writePodTemplate(w: DescriptionWriter, template: PodTemplateSpec): void {
  const { metadata, spec } = template
  w.line(0, 'Pod Template:')
  writeLabels(w, '  Labels', metadata?.labels)
  if (Object.keys(metadata?.annotations ?? {}).length > 0) {
    writeAnnotations(w, '  Annotations', metadata?.annotations)
  }
  if (spec?.serviceAccountName) w.field(1, 'Service Account', spec.serviceAccountName)
  if (spec?.initContainers?.length) {
    writeContainers(w, 'Init Containers', spec.initContainers, undefined, '  ')
  }
  writeContainers(w, 'Containers', spec?.containers ?? [], undefined, '  ')
  writeVolumes(w, spec?.volumes, '  ')
  writeSpreadConstraints(w, spec?.topologySpreadConstraints, '  ')
  if (spec?.priorityClassName) w.field(1, 'Priority Class Name', spec.priorityClassName)
  writeLabels(w, '  Node-Selectors', spec?.nodeSelector)
  writeTolerations(w, '  Tolerations', spec?.tolerations)
}

export function writeSpreadConstraints(
  w: DescriptionWriter,
  constraints: readonly TopologySpreadConstraint[] | undefined,
  indent: '' | '  ',
): void {
  if (!constraints || constraints.length === 0) return
  const sorted = [...constraints].sort((a, b) => compare(a.topologyKey, b.topologyKey))
  const lines = sorted.map(({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector }) => {
    const text = `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded`
    return labelSelector ? `${text} for selector ${formatLabelSelector(labelSelector)}` : text
  })
  writeList(w, `${indent}Topology Spread Constraints`, lines)
}
