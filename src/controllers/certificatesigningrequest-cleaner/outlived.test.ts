import { expect, test } from 'vitest'
import type { CertificateSigningRequest } from '../../api/index.ts'
import { isOutlived } from './index.ts'

const MADE = '2026-01-01T00:00:00Z'
const DECIDED = '2026-01-01T10:00:00Z'
const condition = (type: string) => ({ type, status: 'True', lastUpdateTime: DECIDED })

test.each<[what: string, status: CertificateSigningRequest['status'], hour: number, isGone: boolean]>([
  ['undecided, a day old', {}, 24, false],
  ['undecided, older', {}, 24.1, true],
  ['denied, an hour ago', { conditions: [condition('Denied')] }, 11, false],
  ['denied, before', { conditions: [condition('Denied')] }, 11.1, true],
  ['issued, an hour ago', { conditions: [condition('Approved')], certificate: 'x' }, 11, false],
  ['issued, before', { conditions: [condition('Approved')], certificate: 'x' }, 11.1, true],
  ['approved and never issued', { conditions: [condition('Approved')] }, 1000, false],
  ['failed', { conditions: [condition('Approved'), condition('Failed')] }, 1000, false],
])('%s', (_, status, hour, isGone) => {
  const request = { metadata: { name: 'x', creationTimestamp: MADE }, status } as CertificateSigningRequest
  expect(isOutlived(request, Date.parse(MADE) + hour * 3_600_000)).toBe(isGone)
})
