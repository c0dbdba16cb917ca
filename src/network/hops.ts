/**
 * A packet's way as a list that can be read: every device, table and address translation it met.
 */

export interface Hop {
  /** Virtual ms since the Unix epoch. */
  readonly atMs: number
  /** Node on which it happens. */
  readonly node: string
  readonly stage:
    | 'dns'
    | 'pod'
    | 'bridge'
    | 'nat'
    | 'filter'
    | 'route'
    | 'vxlan'
    | 'wire'
    | 'listener'
    | 'reply'
    | 'failed'
  /** One line: addresses, what was done. */
  readonly text: string
  /** iptables rules that matched, as `iptables-save` prints them. */
  readonly rules?: readonly string[]
}

/** The hops as numbered lines, rules under the hop that met them; times in ms from the first. */
export function formatHops(hops: readonly Hop[]): string {
  const startMs = hops[0]?.atMs ?? 0
  const lines: string[] = []
  hops.forEach((hop, i) => {
    const at = `+${hop.atMs - startMs}ms`
    lines.push(
      `${String(i + 1).padStart(2)}. ${at.padStart(6)}  ${hop.node}  ${hop.stage.padEnd(8)}  ${hop.text}`,
    )
    for (const rule of hop.rules ?? []) lines.push(`${' '.repeat(14)}${rule}`)
  })
  return lines.join('\n')
}
