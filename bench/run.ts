/**
 * `npm run bench`: the series that the project holds itself to, each size three times in a process of its own, the
 * best of them against bench/baseline.json. `--update` writes the baseline; `--quick` leaves the large ones out.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** One size, with the bounds it must keep on two cores. */
interface Size {
  readonly name: string
  readonly flags: readonly string[]
  readonly cpuSeconds?: number
  readonly peakRssMb?: number
  readonly isLarge?: boolean
}

interface Result {
  readonly cpuSeconds: number
  readonly wallSeconds: number
  readonly peakRssMb: number
  readonly longestStepMs: number
  readonly longestStepLabel: string
  readonly options: { readonly pods: number }
  readonly counters: Readonly<Record<string, number>>
}

const size = (nodes: number, pods: number, ...more: string[]): readonly string[] => [
  '--nodes',
  String(nodes),
  '--pods',
  String(pods),
  ...more,
]

const SIZES: readonly Size[] = [
  { name: '3 x 500', flags: size(3, 500), cpuSeconds: 1.3 },
  { name: '100 x 1,000', flags: size(100, 1000), cpuSeconds: 2.2 },
  { name: '100 x 10,000', flags: size(100, 10_000) },
  {
    name: '100 x 10,000, one Deployment and Service',
    flags: size(100, 10_000, '--deployments', '1', '--service'),
  },
  { name: '1,000 x 5,000', flags: size(1000, 5000), cpuSeconds: 7 },
  { name: '1,000 x 30,000', flags: size(1000, 30_000), cpuSeconds: 32, peakRssMb: 1400, isLarge: true },
]

const RUNS = 3
const MAX_STEP_MS = 50
const BASELINE = fileURLToPath(new URL('./baseline.json', import.meta.url))
const PROGRAM = fileURLToPath(new URL('../dist/kubarium.js', import.meta.url))

const isQuick = process.argv.includes('--quick')
const isUpdate = process.argv.includes('--update')
const baseline = readBaseline()
const best: Record<string, Result> = {}
const broken: string[] = []

for (const { name, flags, cpuSeconds, peakRssMb, isLarge } of SIZES) {
  if (isQuick && isLarge) continue
  const runs = Array.from({ length: RUNS }, () => runOnce(flags))
  const result = runs.reduce((a, b) => (b.cpuSeconds < a.cpuSeconds ? b : a))
  const step = runs.reduce((a, b) => (b.longestStepMs < a.longestStepMs ? b : a))
  best[name] = { ...result, longestStepMs: step.longestStepMs, longestStepLabel: step.longestStepLabel }
  print(name, best[name], baseline[name])
  bound(`${name}: CPU seconds`, result.cpuSeconds, cpuSeconds)
  bound(`${name}: peak RSS in MB`, result.peakRssMb, peakRssMb)
  bound(`${name}: longest step in ms (${step.longestStepLabel})`, step.longestStepMs, MAX_STEP_MS)
}
const [small, large, one] = [
  best['100 x 1,000'],
  best['100 x 10,000'],
  best['100 x 10,000, one Deployment and Service'],
]
if (small && large && one) {
  const marginalUs = ((large.cpuSeconds - small.cpuSeconds) / 9000) * 1e6
  process.stdout.write(
    `marginal CPU: ${marginalUs.toFixed(0)} us a pod; one for all: ${(one.cpuSeconds / large.cpuSeconds).toFixed(2)} times\n`,
  )
  bound('marginal CPU in us a pod', marginalUs, 800)
  bound('one Deployment and Service against a hundred', one.cpuSeconds / large.cpuSeconds, 1.3)
}
if (isUpdate) writeFileSync(BASELINE, `${JSON.stringify({ ...baseline, ...best }, undefined, 2)}\n`)
for (const line of broken) process.stdout.write(`over its bound: ${line}\n`)
process.exitCode = broken.length > 0 ? 1 : 0

function runOnce(flags: readonly string[]): Result {
  const output = execFileSync(PROGRAM, ['bench', '--json', ...flags], {
    encoding: 'utf8',
    maxBuffer: 1 << 24,
  })
  return JSON.parse(output) as Result
}

function readBaseline(): Record<string, Result> {
  try {
    return JSON.parse(readFileSync(BASELINE, 'utf8')) as Record<string, Result>
  } catch {
    return {}
  }
}

function print(name: string, result: Result, before: Result | undefined): void {
  const change = before ? ` (baseline ${before.cpuSeconds.toFixed(2)} s)` : ''
  const perPod = ((result.cpuSeconds / result.options.pods) * 1e6).toFixed(0)
  process.stdout.write(
    `${name.padEnd(42)} CPU ${result.cpuSeconds.toFixed(2)} s${change}, ${perPod} us a pod, wall ${result.wallSeconds.toFixed(2)} s, ` +
      `RSS ${result.peakRssMb.toFixed(0)} MB, longest step ${result.longestStepMs.toFixed(1)} ms (${result.longestStepLabel})\n`,
  )
}

function bound(what: string, value: number, limit: number | undefined): void {
  if (limit !== undefined && value > limit) broken.push(`${what}: ${value.toFixed(2)}, allowed ${limit}`)
}
