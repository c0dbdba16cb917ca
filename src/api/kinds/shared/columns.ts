/** What tables of several kinds have in common. Mirrors helpers of pkg/printers/internalversion/printers.go. */
import type { PodSpec } from 'kubernetes-types/core/v1.js'
import type { LabelSelector } from 'kubernetes-types/meta/v1.js'
import type { Column } from '../../define-kind.ts'
import { age } from '../../duration.ts'
import type { KubeObject } from '../../object.ts'
import { formatLabelSelector } from '../../selector.ts'

export const NONE = '<none>'
export const UNKNOWN = '<unknown>'
export const UNSET = '<unset>'

/** A column that is always shown. */
export function column<T extends KubeObject>(
  name: string,
  type: Column<T>['type'],
  cell: Column<T>['cell'],
): Column<T> {
  return { name, type, priority: 0, cell }
}

/** A column of text that only `-o wide` shows. */
export function wideColumn<T extends KubeObject>(name: string, cell: Column<T>['cell']): Column<T> {
  return { name, type: 'string', priority: 1, cell }
}

/** Where a load balancer is reached: `192.0.2.1,lb.example.com`, sorted; '' for nowhere. */
export function loadBalancerText(
  status: { readonly ingress?: readonly { ip?: string; hostname?: string }[] } | undefined,
): string {
  const points = status?.ingress?.map(point => point.ip || point.hostname || '').filter(Boolean)
  return [...new Set(points)].sort().join(',')
}

/** How many there are in a list. */
export function countColumn<T extends KubeObject>(
  name: string,
  description: string,
  list: (object: T) => readonly unknown[] | undefined,
): Column<T> {
  return { ...column<T>(name, 'integer', object => list(object)?.length ?? 0), description }
}

/** Containers and Images of a workload's template, wide. */
export function containerColumns<T extends KubeObject>(podSpec: (object: T) => PodSpec): Column<T>[] {
  const join = (list: (string | undefined)[]) => list.join(',')
  return [
    wideColumn('Containers', object => join(podSpec(object).containers.map(container => container.name))),
    wideColumn('Images', object => join(podSpec(object).containers.map(container => container.image))),
  ]
}

/** Selector, wide. */
export function selectorColumn<T extends KubeObject>(
  selector: (object: T) => LabelSelector | undefined,
): Column<T> {
  return wideColumn('Selector', object => formatLabelSelector(selector(object)))
}

/** `a,b,c + 2 more...`: the first three of a list. */
export function firstThree(list: readonly string[], none: string): string {
  if (list.length === 0) return none
  const shown = list.slice(0, 3).join(',')
  return list.length > 3 ? `${shown} + ${list.length - 3} more...` : shown
}

/** Name, for tables that are complete in themselves. */
export function nameColumn<T extends KubeObject>(): Column<T> {
  return {
    ...column<T>('Name', 'string', object => object.metadata.name),
    format: 'name',
    description: NAME_DESCRIPTION,
  }
}

/** Age, for tables that are complete in themselves. */
export function ageColumn<T extends KubeObject>(): Column<T> {
  return {
    ...column<T>('Age', 'string', (object, nowMs) => age(object.metadata.creationTimestamp, nowMs)),
    description: CREATED_DESCRIPTION,
  }
}

/** The columns of the stored version for a version that is not. */
export function columnsOfStored<Stored extends KubeObject, Served extends KubeObject>(
  columns: readonly Column<Stored>[],
  toStored: (object: Served) => Stored,
): Column<Served>[] {
  return columns.map(({ cell, ...rest }) => ({
    ...rest,
    cell: (object: Served, nowMs: number) => cell(toStored(object), nowMs),
  }))
}

/** Name and Created At: what the server shows of kinds that have no columns of their own. */
export function createdAtColumns<T extends KubeObject>(): Column<T>[] {
  return [
    nameColumn(),
    {
      ...column<T>('Created At', 'date', object => object.metadata.creationTimestamp),
      description: CREATED_DESCRIPTION,
    },
  ]
}

const NAME_DESCRIPTION =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names'
const CREATED_DESCRIPTION =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata'
