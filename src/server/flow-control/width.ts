/**
 * How many seats a request takes: lists take more, by how much they have to look at. Mirrors
 * k8s.io/apiserver/pkg/util/flowcontrol/request (list_work_estimator.go).
 */
import type { Route } from '../route.ts'

const OBJECTS_A_SEAT = 100
const MOST_SEATS = 10
/** The part of a level that one request may take. */
const MOST_PART = 0.15

/** `countOf` gives how many objects of a resource are stored. */
export function seatsFor(
  route: Route,
  query: URLSearchParams,
  levelSeats: number,
  countOf: (apiVersion: string, plural: string) => number,
): number {
  if (!route.isResource || !looksAtAll(route.verb, query)) return 1
  const most = Math.max(1, Math.min(MOST_SEATS, Math.floor(levelSeats * MOST_PART)))
  if (/(^|,)metadata\.name=/.test(query.get('fieldSelector') ?? '')) return 1
  const stored = countOf(route.apiVersion, route.resource)
  const limit = Number(query.get('limit') ?? 0)
  const looked = limit > 0 ? Math.min(limit, stored) : stored
  return Math.min(most, Math.max(1, Math.ceil(looked / OBJECTS_A_SEAT)))
}

/** Lists do, and watches that begin with what there is. */
function looksAtAll(verb: string, query: URLSearchParams): boolean {
  if (verb === 'list') return true
  return verb === 'watch' && ['', '0'].includes(query.get('resourceVersion') ?? '')
}
