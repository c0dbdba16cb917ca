import { describe, expect, test } from 'vitest'
import * as ipv4 from './ipv4.ts'

test.each([
  ['0.0.0.0', 0],
  ['10.244.1.2', 183_763_202],
  ['255.255.255.255', 4_294_967_295],
])('%s is %d, and an address again', (text, address) => {
  expect(ipv4.parseIp(text)).toBe(address)
  expect(ipv4.formatIp(address)).toBe(text)
})

test.each(['', '10.0.0', '10.0.0.256', '10.0.0.01', '1.2.3.4.5', '::1', 'web'])('%j is no address', text => {
  expect(ipv4.parseIp(text)).toBeUndefined()
})

describe('a block', () => {
  const pods = ipv4.parseCidr('10.244.0.0/16')

  test('begins at its network, whatever address names it', () => {
    expect(ipv4.formatCidr(ipv4.parseCidr('10.244.3.7/16'))).toBe('10.244.0.0/16')
  })

  test('contains its first address and its last, not the next one', () => {
    const inside = (text: string) => ipv4.contains(pods, ipv4.parseIp(text)!)
    expect(['10.243.255.255', '10.244.0.0', '10.244.255.255', '10.245.0.0'].map(inside)).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  test('is cut into smaller ones until it ends', () => {
    expect(ipv4.formatCidr(ipv4.subnet(pods, 24, 255)!)).toBe('10.244.255.0/24')
    expect(ipv4.subnet(pods, 24, 256)).toBeUndefined()
  })

  test('that is none breaks a belief', () => expect(() => ipv4.parseCidr('10.0.0.0')).toThrow('IPv4 block'))
})
