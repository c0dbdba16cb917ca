/** The quality of service class of a pod: `ComputePodQOS` of pkg/apis/core/v1/helper/qos. */
import type { PodSpec } from 'kubernetes-types/core/v1.js'
import { memoiseByObject } from '../../memo.ts'
import { addQuantities, compareQuantities, type Quantity } from '../../quantity.ts'
import { quantityOf } from '../shared/resources.ts'

export type QualityOfService = 'Guaranteed' | 'Burstable' | 'BestEffort'

type Totals = { cpu?: Quantity; memory?: Quantity }

/** Guaranteed: cpu and memory limited in every container, and requested to the limit. */
export const qualityOfService = memoiseByObject((spec: PodSpec): QualityOfService => {
  const requests: Totals = {}
  const limits: Totals = {}
  let isLimited = true
  for (const { resources } of [...spec.containers, ...(spec.initContainers ?? [])]) {
    addTo(requests, resources?.requests)
    isLimited = addTo(limits, resources?.limits) === 2 && isLimited
  }
  const names = ['cpu', 'memory'] as const
  if (names.every(name => !requests[name] && !limits[name])) return 'BestEffort'
  const isExact = names.every(name => {
    const [request, limit] = [requests[name], limits[name]]
    return limit && (!request || compareQuantities(request, limit) === 0)
  })
  return isLimited && isExact ? 'Guaranteed' : 'Burstable'
})

/** Adds what is there and not zero; how many of the two that was. */
function addTo(totals: Totals, list: Readonly<Record<string, unknown>> | undefined): number {
  let found = 0
  for (const name of ['cpu', 'memory'] as const) {
    const text = list?.[name]
    if (text === undefined) continue
    const amount = quantityOf(text as string)
    if (amount.nano <= 0n) continue
    found++
    const total = totals[name]
    totals[name] = total ? addQuantities(total, amount) : amount
  }
  return found
}
